import { describe, expect, it } from 'vitest';
import { EventRing, FilteredEvents } from './event-ring.ts';

const filled = (capacity: number, count: number): EventRing<number> => {
  const ring = new EventRing<number>(capacity);
  for (let n = 0; n < count; n++) ring.push(n);
  return ring;
};

describe('event ring', () => {
  it('keeps the newest events under their absolute positions', () => {
    const ring = filled(4, 10);
    expect([ring.first, ring.end, ring.size]).toEqual([6, 10, 4]);
    expect([5, 6, 9, 10].map((position) => ring.at(position))).toEqual([undefined, 6, 9, undefined]);
  });

  it('is empty after clear and counts from zero again', () => {
    const ring = filled(4, 10);
    ring.clear();
    ring.push(77);
    expect([ring.first, ring.end, ring.at(0)]).toEqual([0, 1, 77]);
  });
});

describe('filtered events', () => {
  const even = (n: number): boolean => n % 2 === 0;

  it('holds only what passes, in order', () => {
    const view = new FilteredEvents(filled(100, 7), even);
    view.refresh();
    expect(Array.from({ length: view.length }, (_, row) => view.at(row))).toEqual([0, 2, 4, 6]);
  });

  it('looks at each event once however often it is refreshed', () => {
    const ring = filled(100, 3);
    let looks = 0;
    const view = new FilteredEvents(ring, () => {
      looks += 1;
      return true;
    });
    view.refresh();
    view.refresh();
    ring.push(3);
    view.refresh();
    expect([looks, view.length]).toEqual([4, 4]);
  });

  it('loses the rows that left the ring', () => {
    const ring = filled(4, 4);
    const view = new FilteredEvents(ring, even);
    view.refresh();
    for (let n = 4; n < 5000; n++) {
      ring.push(n);
      if (n % 7 === 0) view.refresh();
    }
    view.refresh();
    expect([view.length, view.at(0), view.at(1), view.at(2)]).toEqual([2, 4996, 4998, undefined]);
  });

  it('starts over when the ring was cleared', () => {
    const ring = filled(10, 6);
    const view = new FilteredEvents(ring, even);
    view.refresh();
    ring.clear();
    ring.push(8);
    view.refresh();
    expect([view.length, view.at(0)]).toEqual([1, 8]);
  });
});
