import { describe, expect, it } from 'vitest';
import { callReader } from '../../state/call-words.ts';
import { EventRing, FilteredEvents } from '../../state/event-ring.ts';
import { accepts, EVERYTHING, isEverything } from '../../state/trace-filter.ts';
import { callEvent } from '../../testing/fake-machine.ts';
import { extensionChoices, rowOfSeq, rowTarget, shownWords, traceRow } from './select.ts';

const NOT_SUPPORTED = 0xfffffffffffffffen;

describe('row of the trace', () => {
  it('names the call, its arguments and its result', () => {
    expect(traceRow(callEvent(7))).toEqual({
      time: '0.070',
      name: 'DBCN console_write',
      args: 'num_bytes=20, base_addr_lo=0x80200080, base_addr_hi=0x0',
      error: 'SUCCESS',
      value: '20',
      cost: '6.1 µs',
      failed: false,
    });
  });

  it('shows an error by name and no value with it', () => {
    const row = traceRow(callEvent(1, { by: 'none', error: NOT_SUPPORTED, value: 5n, cost: 900 }));
    expect([row.error, row.value, row.cost, row.failed]).toEqual(['NOT_SUPPORTED', '', '900 ns', true]);
  });

  it('says when a call does not return', () => {
    const row = traceRow(callEvent(1, { eid: 0x53525354n, fid: 0n, args: [0n, 0n], error: null, value: null }));
    expect([row.name, row.args, row.error]).toEqual([
      'SRST system_reset',
      'reset_type=SHUTDOWN, reset_reason=NONE',
      'no return',
    ]);
  });

  it('shows all registers of a call that no table knows', () => {
    const row = traceRow(callEvent(1, { eid: 0x12345n, fid: 9n, args: [1n, 2n] }));
    expect([row.name, row.args]).toEqual(['0x12345 fid 0x9', 'a0=0x1, a1=0x2']);
  });

  it('shows what the guest did by its own CSR as such', () => {
    const row = traceRow(callEvent(1, { by: 'guest', eid: 0x14dn, fid: 0n, args: [77n], cost: 0 }));
    expect([row.name, row.args, row.error, row.cost]).toEqual(['stimecmp', 'value=77', '–', '–']);
  });
});

describe('filter of the trace', () => {
  const write = callEvent(1);
  const refused = callEvent(2, { by: 'none', hart: 1, error: NOT_SUPPORTED });
  const probe = callEvent(3, { by: 'kvm', eid: 0x10n, fid: 3n, args: [0x48534dn] });
  const passing = (change: Partial<typeof EVERYTHING>): number[] =>
    [write, refused, probe].filter(accepts({ ...EVERYTHING, ...change }, callReader)).map(({ seq }) => seq);

  it('passes everything until it is set', () => {
    expect(passing({})).toEqual([1, 2, 3]);
    expect([isEverything(EVERYTHING), isEverything({ ...EVERYTHING, hart: 0 })]).toEqual([true, false]);
  });

  it('narrows by extension, layer, hart and result', () => {
    expect(passing({ extension: 'BASE' })).toEqual([3]);
    expect(passing({ by: 'none' })).toEqual([2]);
    expect(passing({ hart: 0 })).toEqual([1, 3]);
    expect(passing({ outcome: 'error' })).toEqual([2]);
    expect(passing({ outcome: 'success', extension: 'DBCN' })).toEqual([1]);
  });

  it('narrows to one error, and by the exit that a call went through', () => {
    expect(passing({ outcome: 'NOT_SUPPORTED' })).toEqual([2]);
    expect(passing({ outcome: 'DENIED' })).toEqual([]);
    const byExit = accepts({ ...EVERYTHING, text: 'KVM_EXIT_RISCV_SBI' }, callReader);
    expect([write, callEvent(4, { by: 'kvm', exited: false })].map(byExit)).toEqual([true, false]);
  });

  it('finds all words of a text in any order and case, in arguments and results too', () => {
    expect(passing({ text: 'HSM probe' })).toEqual([3]);
    expect(passing({ text: 'not_supp' })).toEqual([2]);
    expect(passing({ text: 'probe console' })).toEqual([]);
  });
});

describe('keyboard of the trace', () => {
  it('moves by a row, a page and to the ends, and stays inside', () => {
    const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'];
    expect(keys.map((key) => rowTarget(key, 5, 100, 10))).toEqual([6, 4, 15, 0, 0, 99, null]);
    expect(rowTarget('ArrowDown', 99, 100, 10)).toBe(99);
    expect(rowTarget('ArrowDown', -1, 0, 10)).toBe(null);
  });

  it('enters at the newest row upward and at the oldest downward', () => {
    expect([rowTarget('ArrowUp', -1, 8, 3), rowTarget('ArrowDown', -1, 8, 3)]).toEqual([7, 0]);
  });

  it('finds the row of a selected call by its number', () => {
    const ring = new EventRing<ReturnType<typeof callEvent>>(50);
    for (const seq of [2, 5, 9, 14]) ring.push(callEvent(seq));
    const rows = new FilteredEvents(ring, () => true);
    rows.refresh();
    expect([2, 14, 9, 3].map((seq) => rowOfSeq(rows, seq))).toEqual([0, 3, 2, -1]);
  });
});

it('offers the extensions that were called, in table order', () => {
  expect(extensionChoices({ DBCN: 1, BASE: 1, '0x123': 1 })).toEqual(['BASE', 'DBCN']);
});

it('says how many calls there are, and when only the newest are kept', () => {
  expect(shownWords(12, 12, 12, true)).toBe('12');
  expect(shownWords(100_000, 100_000, 1_000_001, true)).toBe('newest 100,000 of 1,000,001');
  expect(shownWords(3, 12, 12, false)).toBe('3 of 12');
  expect(shownWords(3, 100_000, 1_000_001, false)).toBe('3 of newest 100,000');
});
