import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowsShown, scrollFor } from './rows.ts';

const SIZES = { row: 20, head: 22 };

it('draws what is seen and some rows beyond, and never rows that are not there', () => {
  expect(rowsShown(100_000, 500, 30)).toEqual([488, 542]);
  expect(rowsShown(10, 0, 30)).toEqual([0, 10]);
  expect(rowsShown(0, 0, 30)).toEqual([0, 0]);
  // A filter left five rows of many, before the browser moved the window.
  expect(rowsShown(5, 900, 30)).toEqual([5, 5]);
});

it('scrolls so that a row stands whole under the heads, and not at all when it does already', () => {
  const row = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(
      row,
      fc.integer({ min: 0, max: 2_000_000 }),
      fc.integer({ min: 42, max: 2000 }),
      (index, from, height) => {
        const to = scrollFor(index, from, height, SIZES);
        const seenAt = (scroll: number) => index * 20 + 22 - scroll;
        const whole = (scroll: number) => seenAt(scroll) >= 22 && seenAt(scroll) + 20 <= height;
        expect(whole(to)).toBe(true);
        if (whole(from)) expect(to).toBe(from);
        else expect(Math.min(seenAt(to) - 22, height - seenAt(to) - 20)).toBe(0);
      },
    ),
  );
});
