import { describe, expect, it } from 'vitest';
import { ecall } from '../testing/command-line.ts';

describe('ecall explain', () => {
  it.each([
    [['hart_start'], 'HSM hart_start  hart_start(hartid, start_addr, opaque)'],
    [['-3'], 'INVALID_PARAM  '],
    [['--list', 'hart_st'], 'SBI functions\n  HSM hart_start\n  HSM hart_stop\n'],
  ])('prints what %j is', async (args, words) => {
    const result = await ecall('explain', ...args);
    expect([result.code, result.err]).toEqual([0, '']);
    expect(result.out.startsWith(words)).toBe(true);
  });

  it.each([
    [['nonsense'], 'nothing here is called nonsense'],
    [['hart_s'], 'Did you mean HSM hart_start, HSM hart_stop'],
    [['--list', 'nonsense'], 'nothing here fits nonsense'],
  ])('2 for %j', async (args, words) => {
    const result = await ecall('explain', ...args);
    expect(result.err).toContain(words);
    expect([result.code, result.out]).toEqual([2, '']);
  });
});
