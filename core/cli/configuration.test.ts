import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../config/index.ts';
import { ecall } from '../testing/command-line.ts';

describe('ecall check', () => {
  it('ends with 0 and says nothing when the configuration agrees with itself', async () => {
    expect(await ecall('check', '--guest', 'linux', '--harts', '4')).toEqual({ code: 0, out: '', err: '' });
  });

  it('ends with 1 and says for each contradiction what Linux does and the way out', async () => {
    const { code, out, err } = await ecall('check', '--harts', '4', '--sbi', 'HSM=off,SUSP=off');
    expect([code, err]).toEqual([1, '']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^sbi\.HSM, harts: .* \[hsm-missing\]$/),
      expect.stringMatching(/^ {2}Linux: .*CPU.*\.$/),
      expect.stringMatching(/^ {2}Way out: .*HSM.*\.$/),
      '',
    ]);
  });

  it('reads a link', async () => {
    const link = (await ecall('link', '--sbi-version', '1.0')).out.trim();
    const { code, out } = await ecall('check', '--url', link);
    expect([code, out]).toEqual([1, expect.stringContaining('newer-than-version')]);
  });

  it('ends with 2 for a configuration that cannot be', async () => {
    expect(await ecall('check', '--harts', '9')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('harts'),
    });
  });
});

describe('ecall link', () => {
  it('link takes a group of extensions for what it stands for, on and off', async () => {
    const isa = async (change: string) => JSON.parse((await ecall('link', '--json', `--isa=${change}`)).out).isa;
    const before: string[] = await isa('+Zicsr');
    const after: string[] = await isa('+Zks,-b');
    expect(after.filter((name) => !before.includes(name)).sort()).toEqual(['Zbkb', 'Zbkc', 'Zbkx', 'Zksed', 'Zksh']);
    expect(before.filter((name) => !after.includes(name)).sort()).toEqual(['Zba', 'Zbb', 'Zbs']);
    expect((await ecall('link', '--isa=+Zk')).err).toContain('no extension Zkt');
  });

  it('link lists every field with its key', async () => {
    const { out } = await ecall('link', '--fields');
    expect(out.match(/^\S+ \(\w+\): /gm)).toHaveLength(FIELD_NAMES.length);
  });
});

describe('ecall export', () => {
  it('prints the configuration for a real host, and what it cannot express apart', async () => {
    const result = await ecall('export', '--as', 'c', '--sbi', 'TIME=vmm');
    expect(result.code).toBe(0);
    expect(result.out).toContain('open("/dev/kvm"');
    expect(result.err).toContain('not expressed: TIME answered by the VMM');
    expect((await ecall('export', '--as', 'kvmtool', '--harts', '2')).out).toContain('--cpus 2');
  });

  it.each([
    [['export'], 'say what to export as'],
    [['export', '--as', 'xen'], 'there is no format xen'],
  ])('refuses %j', async (args, words) => {
    const result = await ecall(...args);
    expect(result.code).toBe(2);
    expect(result.err).toContain(words);
  });
});
