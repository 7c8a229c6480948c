import { describe, expect, it } from 'vitest';
import { HartClock, NS_PER_TICK, Timebase } from './clock.ts';

describe('virtual time', () => {
  it('makes a tick of so many instructions', () => {
    const timebase = new Timebase(50);
    expect([timebase.ticks(49), timebase.ticks(50), timebase.ticks(125)]).toEqual([0, 1, 2]);
    expect(timebase.unitsAt(3n)).toBe(150);
    expect(timebase.ticks(timebase.unitsAt(3n) - 1)).toBe(2);
  });

  it('converts nanoseconds both ways', () => {
    const timebase = new Timebase(50);
    expect(NS_PER_TICK).toBe(100);
    expect(timebase.unitsFromNs(1000)).toBe(500);
    expect(timebase.nsFromUnits(500)).toBe(1000);
  });

  it('never reaches a time beyond what a run can count', () => {
    expect(new Timebase(50).unitsAt(0xffff_ffff_ffff_ffffn)).toBe(Number.POSITIVE_INFINITY);
    expect(new Timebase(1).unitsAt(BigInt(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('reads no earlier on a hart that lags than another has already read', () => {
    const timebase = new Timebase(10);
    expect(timebase.read(100)).toBe(10);
    expect(timebase.read(50)).toBe(10);
    expect(timebase.latest).toBe(10);
    timebase.restore(3);
    expect(timebase.read(50)).toBe(5);
  });

  it('is for a hart what it retired and what it waited', () => {
    const clock = new HartClock(new Timebase(1));
    clock.retired = 7;
    clock.spend(5);
    expect(clock.now).toBe(12);
    clock.skipTo(20);
    expect([clock.now, clock.retired]).toEqual([20, 7]);
    clock.skipTo(3);
    expect(clock.now).toBe(20);
  });
});
