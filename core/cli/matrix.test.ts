import { describe, expect, it } from 'vitest';
import { ecall } from '../testing/command-line.ts';

describe('ecall matrix', () => {
  const only = ['--host', 'linux-7.2', '--vmm', 'kvmtool', '--vmm', 'crosvm'];

  it('prints a row for each release and a column for each VMM, and how much was run apart', async () => {
    const { code, out, err } = await ecall('matrix', ...only, '--host', 'linux-6.4', '--extension', 'susp');
    expect([
      code,
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ]).toEqual([
      0,
      [
        ['SUSP', 'kvmtool', 'crosvm'],
        ['linux-7.2', 'vmm', 'absent'],
        ['linux-6.4', 'absent', 'does not start'],
      ],
    ]);
    expect(err).toMatch(/^ecall: 4 combinations, \d+ guests, [\d.]+ s\n$/);
  });

  it('writes what was found as JSON lines and as CSV', async () => {
    const json = (await ecall('matrix', ...only, '--json')).out.trimEnd().split('\n');
    const objects = json.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map(({ vmm, version }) => [vmm, version])).toEqual([
      ['kvmtool', '3.0'],
      ['crosvm', '3.0'],
    ]);
    const [head, version, ...rows] = (await ecall('matrix', ...only, '--csv', '--interface', 'accelerator')).out.split(
      '\n',
    );
    expect([head, version]).toEqual([
      'interface,host,vmm,what,finding,words',
      'accelerator,linux-7.2,kvmtool,version,3.0,',
    ]);
    expect(rows).toContain('accelerator,linux-7.2,kvmtool,DBCN,vmm,');
  });

  it('counts what a combination allows at most, when that is chosen', async () => {
    const old = ['--host', 'linux-5.17', '--vmm', 'ecall', '--vmm', 'qemu', '--choice', 'most'];
    const row = async (...args: readonly string[]) =>
      (await ecall('matrix', ...old, ...args)).out.split('\n')[1]?.split(/ {2,}/);
    expect(await row('--interface', 'userspace')).toEqual(['linux-5.17', '16/0', '6/3']);
    expect(await row()).toEqual(['linux-5.17', '6/0', '6/2']);
  });

  it.each([
    [['--choice', 'all'], 'all'],
    [['--extension', 'NOPE'], 'NOPE'],
    [['--host', 'linux-1.0'], 'linux-1.0'],
    [['--vmm', 'bhyve'], 'bhyve'],
    [['--interface', 'none'], 'none'],
    [['--json', '--csv'], 'exclude each other'],
  ])('ends with 2 for %j', async (args, words) => {
    expect(await ecall('matrix', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
  });
});
