import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ecall, type Result, scratch } from '../testing/command-line.ts';

const { folder, file, remove } = scratch();
afterAll(remove);

describe('ecall run: a machine in a file', () => {
  const counted = ({ err }: Result) => {
    const { wall: _, ...stats } = JSON.parse(err.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    return stats;
  };

  it('goes on where --stop-after and --save left it, on another engine, as if it had not been left', async () => {
    const path = join(folder, 'smp.json');
    const whole = await ecall('run', '--example', 'smp', '--memory', '16', '--stats');
    const first = await ecall('run', '--example', 'smp', '--memory', '16', '--stop-after', '4k', '--save', path);
    expect([first.code, first.err]).toEqual([0, 'ecall: paused after so many instructions\n']);
    const second = await ecall('run', '--load', path, '--engine', 'reference', '--stats');
    expect(second.code).toBe(0);
    expect(first.out.length).toBeGreaterThan(10);
    expect(first.out + second.out).toBe(whole.out);
    expect(counted(second)).toEqual(counted(whole));
  });

  it('is refused with the place of what is wrong, or when something else would change it', async () => {
    const path = join(folder, 'hello.json');
    await ecall('run', '--example', 'hello', '--memory', '16', '--stop-after', '3', '--save', path);
    const state = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const newer = file('newer.json', JSON.stringify({ ...state, version: 99 }));
    expect(await ecall('run', '--load', newer)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('version: is 99'),
    });
    const cut = file('cut.json', JSON.stringify(state).slice(0, 500));
    expect((await ecall('run', '--load', cut)).err).toContain('the file is not JSON');
    expect((await ecall('run', '--load', path, '--harts', '2')).err).toContain('--load or --harts, not both');
    expect((await ecall('run', '--load', path, 'guest.elf')).err).toContain('--load or a guest, not both');
  });
});
