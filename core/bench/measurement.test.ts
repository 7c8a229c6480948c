import { describe, expect, it } from 'vitest';
import { geometricMean, LineWatch, median } from './measurement.ts';
import { cpuMsBetween } from './qemu.ts';

describe('the lines of a bench guest', () => {
  it('are found however the console cuts them, and the clock is read at each', () => {
    let now = 0;
    const watch = new LineWatch(() => ++now);
    for (const part of ['OpenSBI beg', 'in\r\nbe', 'gin\r\n', 'end 00213d05008cccc9 ', '00000000000efdb4\r', '\n'])
      watch.put(part);
    expect(watch.begin).toBe(1);
    expect(watch.end).toEqual({ sample: 2, checksum: '00213d05008cccc9' });
  });

  it('are not mistaken when they are something else', () => {
    const watch = new LineWatch(() => 1);
    watch.put('begin \nend 12\nend\n');
    expect([watch.begin, watch.end]).toEqual([null, null]);
  });
});

describe('figures', () => {
  it('have the middle value as median, or the mean of the two middle ones', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });

  it('have a geometric mean', () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4);
  });

  it('have the CPU time of threads that ran all the while or began, and not less for one that ended', () => {
    const begin = new Map([
      ['1', 5e6],
      ['2', 900e6],
    ]);
    const end = new Map([
      ['1', 25e6],
      ['3', 3e6],
    ]);
    expect(cpuMsBetween(begin, end)).toBe(23);
  });
});
