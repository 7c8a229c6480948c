/** What a hart keeps of a written trigger, what matches, and what counts. [Debug Specification 1.0, Sdtrig] */
import { describe, expect, it } from 'vitest';
import type { Privilege } from './api.ts';
import { ICOUNT, ICOUNT_ONE, MCONTROL6, TRIGGER_ICOUNT, TRIGGER_MCONTROL6 } from './trigger-fields.ts';
import { RESET_TRIGGER, TRIGGER_COUNT, type TriggeredHart, Triggers } from './triggers.ts';

const ADDRESS_TYPE = TRIGGER_MCONTROL6 << 60n;
const COUNT_TYPE = TRIGGER_ICOUNT << 60n;
const { load, store, execute, chain, vs, vu, hit0 } = MCONTROL6;
const NAPOT = 1n << 7n;
const NOT_BELOW = 2n << 7n;
const BELOW = 3n << 7n;
const AT = 0x8000_1000n;

const hart = (more: Partial<TriggeredHart> & { length?: number } = {}): TriggeredHart => ({
  privilege: 'S' as Privilege,
  pc: AT,
  interruptsEnabled: true,
  instructionLength: () => more.length ?? 4,
  ...more,
});

function withTriggers(...settings: readonly (readonly [tdata1: bigint, tdata2?: bigint])[]): Triggers {
  const triggers = new Triggers();
  settings.forEach(([tdata1, tdata2 = AT], index) => {
    triggers.write(index, { tdata1, tdata2, tdata3: 0n });
  });
  return triggers;
}

const tdata1Of = (triggers: Triggers, index = 0): bigint => triggers.read(index)?.tdata1 ?? 0n;

describe('a written trigger', () => {
  it.each([
    ['keeps the fields of an address trigger', load | store | execute | chain | vs | vu | hit0, 0n],
    ['keeps the sizes of accesses that there are', (5n << 16n) | load | vs, 0n],
    ['loses a size of no access', 4n << 16n, 4n << 16n],
    ['keeps a range by its lower end', NOT_BELOW, 0n],
    ['loses a comparison that the hart has not', 4n << 7n, 4n << 7n],
    ['loses an action that needs a debugger', 1n << 12n, 1n << 12n],
    ['loses the comparison of data', MCONTROL6.select, MCONTROL6.select],
    [
      'loses the modes outside a guest',
      MCONTROL6.m | MCONTROL6.s | MCONTROL6.u,
      MCONTROL6.m | MCONTROL6.s | MCONTROL6.u,
    ],
    ['loses dmode, which only a debugger can write', 1n << 59n, 1n << 59n],
    ['loses what says that it fired afterwards', MCONTROL6.hit1, MCONTROL6.hit1],
  ])('%s', (_, fields, lost) => {
    expect(tdata1Of(withTriggers([ADDRESS_TYPE | fields]))).toBe(ADDRESS_TYPE | (fields & ~lost));
  });

  it('cannot chain the last one to the next', () => {
    const triggers = new Triggers();
    const last = TRIGGER_COUNT - 1;
    triggers.write(last, { tdata1: ADDRESS_TYPE | chain, tdata2: 0n, tdata3: 0n });
    expect(triggers.read(last)?.tdata1).toBe(ADDRESS_TYPE);
    triggers.write(TRIGGER_COUNT, { tdata1: ADDRESS_TYPE, tdata2: 0n, tdata3: 0n });
    expect(triggers.read(TRIGGER_COUNT)).toBeUndefined();
  });

  it.each([0n, 2n << 60n, 4n << 60n, 7n << 60n])('of type 0x%s of the upper bits is disabled', (tdata1) => {
    expect(withTriggers([tdata1 | load | vs, 5n]).read(0)).toEqual({ ...RESET_TRIGGER, tdata2: 5n });
  });

  it('has no context to compare with', () => {
    const triggers = new Triggers();
    triggers.write(0, { tdata1: ADDRESS_TYPE, tdata2: 1n, tdata3: 1n });
    expect(triggers.read(0)?.tdata3).toBe(0n);
  });

  it('shows the widest aligned range as the specification says to ask for it', () => {
    const ones = 0xffff_ffff_ffff_ffffn;
    expect(withTriggers([ADDRESS_TYPE | NAPOT, ones]).read(0)?.tdata2).toBe(0xbfff_ffff_ffff_ffffn);
    expect(withTriggers([ADDRESS_TYPE, ones]).read(0)?.tdata2).toBe(ones);
  });
});

describe('an execute trigger', () => {
  it('fires at its address, gives it as value and says that it was hit', () => {
    const triggers = withTriggers([ADDRESS_TYPE | execute | vs]);
    expect(triggers.fetched(hart({ pc: AT + 2n }))).toBeNull();
    expect(tdata1Of(triggers) & hit0).toBe(0n);
    expect(triggers.fetched(hart())).toBe(AT);
    expect(tdata1Of(triggers) & hit0).toBe(hit0);
  });

  it.each([
    ['VS', vs, hart(), true],
    ['VS with interrupts off, where a handler may be', vs, hart({ interruptsEnabled: false }), false],
    ['VU', vs, hart({ privilege: 'U' }), false],
    ['VU for VU', vu, hart({ privilege: 'U', interruptsEnabled: false }), true],
    ['VS for VU', vu, hart(), false],
  ])('looks at the mode: %s', (_, mode, where, fires) => {
    expect(withTriggers([ADDRESS_TYPE | execute | mode]).fetched(where) !== null).toBe(fires);
  });

  it.each([
    [2n, 4, false],
    [3n, 4, true],
    [2n, 2, true],
    [3n, 0, false],
  ])('of size %s at an instruction of %s bytes', (size, length, fires) => {
    const triggers = withTriggers([ADDRESS_TYPE | execute | vs | (size << 16n)]);
    expect(triggers.fetched(hart({ length })) !== null).toBe(fires);
  });
});

describe('a data trigger', () => {
  it.each([
    ['the byte alone', 0n, AT, AT, 1, AT],
    ['a byte within the access, which is the value', 0n, AT + 3n, AT, 8, AT + 3n],
    ['nothing behind the access', 0n, AT + 8n, AT, 8, null],
    ['nothing before it', 0n, AT - 1n, AT, 8, null],
    ['an aligned range', NAPOT, AT | 0x7n, AT + 12n, 4, AT + 12n],
    ['an aligned range from below', NAPOT, AT | 0x7n, AT - 4n, 8, AT],
    ['nothing behind an aligned range', NAPOT, AT | 0x7n, AT + 16n, 4, null],
    ['all from an address on', NOT_BELOW, AT, AT + 0x1_0000n, 2, AT + 0x1_0000n],
    ['nothing below it', NOT_BELOW, AT, AT - 2n, 2, null],
    ['all below an address', BELOW, AT, 0n, 8, 0n],
    ['nothing from it on', BELOW, AT, AT, 8, null],
    ['nothing below 0', BELOW, 0n, 0n, 8, null],
    ['an access around the end of the address space', 0n, 2n, 0xffff_ffff_ffff_fffcn, 8, 2n],
    ['its first byte there', 0n, 0xffff_ffff_ffff_fffcn, 0xffff_ffff_ffff_fffcn, 8, 0xffff_ffff_ffff_fffcn],
    ['not what is between its ends there', 0n, AT, 0xffff_ffff_ffff_fffcn, 8, null],
  ])('matches %s', (_, match, tdata2, va, bytes, value) => {
    const triggers = withTriggers([ADDRESS_TYPE | load | vs | match, tdata2]);
    expect(triggers.accessed(hart(), ['load'], va, bytes)).toBe(value);
  });

  it('looks at what the access does', () => {
    const triggers = withTriggers([ADDRESS_TYPE | store | vs]);
    expect(triggers.accessed(hart(), ['load'], AT, 1)).toBeNull();
    expect(triggers.accessed(hart(), ['store'], AT, 1)).toBe(AT);
    expect(triggers.accessed(hart(), ['load', 'store'], AT, 1)).toBe(AT);
    expect(triggers.fetched(hart())).toBeNull();
  });

  it('looks at how many bytes it is', () => {
    const triggers = withTriggers([ADDRESS_TYPE | store | vs | (2n << 16n)]);
    expect([1, 2, 4, 8, 64].filter((bytes) => triggers.accessed(hart(), ['store'], AT, bytes) !== null)).toEqual([2]);
  });
});

describe('a chain', () => {
  const range = [
    [ADDRESS_TYPE | store | vs | chain | NOT_BELOW, AT],
    [ADDRESS_TYPE | store | vs | BELOW, AT + 0x10n],
  ] as const;

  it.each([
    [-1n, null],
    [0n, AT],
    [15n, AT + 15n],
    [16n, null],
  ])('of both ends is a range: a byte at %s', (offset, value) => {
    expect(withTriggers(...range).accessed(hart(), ['store'], AT + offset, 1)).toBe(value);
  });

  it('marks all of its triggers', () => {
    const triggers = withTriggers(...range);
    triggers.accessed(hart(), ['store'], AT, 1);
    expect([0, 1].map((index) => tdata1Of(triggers, index) & hit0)).toEqual([hit0, hit0]);
  });

  it('of an instruction and an address fires at the access of that instruction alone', () => {
    const triggers = withTriggers([ADDRESS_TYPE | execute | vs | chain, 0x40n], [ADDRESS_TYPE | store | vs]);
    expect(triggers.fetched(hart({ pc: 0x40n }))).toBeNull();
    expect(triggers.accessed(hart({ pc: 0x44n }), ['store'], AT, 1)).toBeNull();
    expect(triggers.accessed(hart({ pc: 0x40n }), ['store'], AT, 1)).toBe(AT);
  });

  it('that ends in a disabled trigger never fires', () => {
    expect(withTriggers([ADDRESS_TYPE | store | vs | chain]).accessed(hart(), ['store'], AT, 1)).toBeNull();
  });

  it('fires where all of it is enabled', () => {
    const triggers = withTriggers([ADDRESS_TYPE | store | vs | vu | chain], [ADDRESS_TYPE | store | vu]);
    expect(triggers.accessed(hart(), ['store'], AT, 1)).toBeNull();
    expect(triggers.accessed(hart({ privilege: 'U' }), ['store'], AT, 1)).toBe(AT);
  });
});

describe('the pages to watch', () => {
  it.each([
    ['of a load trigger, for loads', [[ADDRESS_TYPE | load | vs, AT]], 'load', [AT]],
    ['of a load trigger, for stores', [[ADDRESS_TYPE | load | vs, AT]], 'store', []],
    ['of an aligned range', [[ADDRESS_TYPE | store | vs | NAPOT, 0x8000_0fffn]], 'store', [AT - 0x1000n, AT]],
    ['of none that is enabled nowhere', [[ADDRESS_TYPE | store, AT]], 'store', []],
    [
      'of a chain of both ends',
      [
        [ADDRESS_TYPE | store | vs | chain | NOT_BELOW, AT + 8n],
        [ADDRESS_TYPE | store | vs | BELOW, AT + 0x10n],
      ],
      'store',
      [AT],
    ],
    [
      'of a chain with an instruction',
      [
        [ADDRESS_TYPE | execute | vs | chain, 0x40n],
        [ADDRESS_TYPE | store | vs, AT],
      ],
      'store',
      [AT],
    ],
  ] as const)('are those %s', (_, settings, kind, pages) => {
    const triggers = withTriggers(...(settings as readonly (readonly [bigint, bigint])[]));
    const asked = [0n, AT - 0x1000n, AT, AT + 0x1000n, AT + 0x2000n];
    expect(asked.filter((page) => triggers.watches(kind, page + 0x123n))).toEqual(pages);
  });

  it.each([
    ['of one address', [[ADDRESS_TYPE | execute | vs, AT + 0x10n]], [0x10]],
    ['of an odd address, where no instruction is', [[ADDRESS_TYPE | execute | vs, AT + 0x11n]], []],
    ['of a small range', [[ADDRESS_TYPE | execute | vs | NAPOT, AT | 0x3n]], [0, 2, 4, 6]],
    ['of another page', [[ADDRESS_TYPE | execute | vs, AT + 0x1000n]], []],
    ['of data', [[ADDRESS_TYPE | load | vs, AT]], []],
    ['of a large range', [[ADDRESS_TYPE | execute | vs | NOT_BELOW, AT + 0x800n]], null],
    ['of the end of one', [[ADDRESS_TYPE | execute | vs | BELOW, AT + 3n]], [0, 2]],
    ['of the beginning of one', [[ADDRESS_TYPE | execute | vs | NOT_BELOW, AT + 0xffcn]], [0xffc, 0xffe]],
    [
      'of a chain',
      [
        [ADDRESS_TYPE | execute | vs | chain | NOT_BELOW, AT + 8n],
        [ADDRESS_TYPE | execute | vs | BELOW, AT + 12n],
      ],
      [8, 10],
    ],
    [
      'of a chain with data',
      [
        [ADDRESS_TYPE | execute | vs | chain, AT],
        [ADDRESS_TYPE | store | vs, AT],
      ],
      [],
    ],
  ] as const)('have the code %s', (_, settings, offsets) => {
    const triggers = withTriggers(...(settings as readonly (readonly [bigint, bigint])[]));
    expect(triggers.watchedCode(AT + 0x456n)).toEqual(offsets);
  });

  it('are none without triggers, which is told at once', () => {
    const triggers = withTriggers([ADDRESS_TYPE | execute | load | vs]);
    expect([triggers.watchesFetch, triggers.watchesData]).toEqual([true, true]);
    triggers.write(0, { tdata1: 0n, tdata2: 0n, tdata3: 0n });
    expect([triggers.watchesFetch, triggers.watchesData, triggers.counting]).toEqual([false, false, false]);
  });
});

describe('an icount trigger', () => {
  const counting = (count: bigint, fields = ICOUNT.vs): Triggers =>
    withTriggers([COUNT_TYPE | (count * ICOUNT_ONE) | fields]);

  it('becomes pending with the last instruction that it counts, and fires once before the next', () => {
    const triggers = counting(2n);
    triggers.count(hart());
    expect(triggers.takePending(hart())).toBe(false);
    triggers.count(hart());
    expect(tdata1Of(triggers)).toBe(COUNT_TYPE | ICOUNT.vs | ICOUNT.pending);
    expect(triggers.takePending(hart())).toBe(true);
    expect(tdata1Of(triggers)).toBe(COUNT_TYPE | ICOUNT.vs | ICOUNT.hit);
    expect([triggers.takePending(hart()), triggers.counting]).toEqual([false, false]);
  });

  it('counts and fires where it is enabled alone', () => {
    const triggers = counting(1n, ICOUNT.vu);
    for (const where of [hart(), hart({ interruptsEnabled: false })]) triggers.count(where);
    expect(tdata1Of(triggers)).toBe(COUNT_TYPE | ICOUNT_ONE | ICOUNT.vu);
    triggers.count(hart({ privilege: 'U' }));
    expect(triggers.takePending(hart())).toBe(false);
    expect(triggers.takePending(hart({ privilege: 'U' }))).toBe(true);
  });

  it('of count 0 does nothing', () => {
    const triggers = counting(0n);
    triggers.count(hart());
    expect([triggers.counting, triggers.takePending(hart()), tdata1Of(triggers)]).toEqual([
      false,
      false,
      COUNT_TYPE | ICOUNT.vs,
    ]);
  });
});
