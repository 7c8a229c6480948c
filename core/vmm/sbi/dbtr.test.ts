import { describe, expect, it } from 'vitest';
import { concat, fromLittleEndian, toLittleEndian } from '../../base/bytes.ts';
import { RESET_TRIGGER, TRIGGER_COUNT } from '../../hart/triggers.ts';
import { ICOUNT, MCONTROL6 } from '../../kvm/uapi.ts';
import { PlainError } from '../../schema/plain.ts';
import { AT, MIB, type Overrides, running } from '../../testing/fake-machine.ts';
import { RAM_BASE } from '../layout.ts';
import { DbtrState } from './dbtr-state.ts';

const DBTR = 0x4442_5452;
const [NUM, SET_SHMEM, READ, INSTALL, UPDATE, UNINSTALL, ENABLE, DISABLE] = [0, 1, 2, 3, 4, 5, 6, 7];
const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const ENTRY = 32;
const LAST = TRIGGER_COUNT - 1;

const DONE = [0n, 0n];
const NO_SHMEM = [-9n, 0n];
const BAD_RANGE = [-11n, 0n];
const INVALID_PARAM = [-3n, 0n];
const INVALID_ADDRESS = [-5n, 0n];
const [FAILED, NOT_SUPPORTED, INVALID] = [-1n, -2n, -3n];

const TYPE6 = 6n << 60n;
const { s, u, vs, vu, m, store, load, execute, chain, select } = MCONTROL6;
const STORE = TYPE6 | s | store;
const EXECUTE = TYPE6 | s | u | execute;

/** With shared memory at `AT`; triggers of vcpu 0 as the hart has them. */
function debugged(overrides: Overrides = {}) {
  const it = running({ interface: 'accelerator', modes: { DBTR: 'vmm' }, ...overrides });
  const call = (fid: number, ...args: readonly (number | bigint)[]) => it.call(DBTR, fid, ...args);
  const put = (...entries: readonly (readonly bigint[])[]) =>
    it.poke(
      AT,
      concat(entries.flatMap((entry) => Array.from({ length: 4 }, (_, i) => toLittleEndian(entry[i] ?? 0n, 8)))),
    );
  const entry = (index: number) =>
    [0, 1, 2, 3].map((word) => fromLittleEndian(it.memory(AT + BigInt(index * ENTRY + word * 8), 8)));
  /** Entries are tdata1 and tdata2. */
  const install = (...settings: readonly (readonly [bigint, bigint?, bigint?])[]) => {
    put(...settings.map(([tdata1, tdata2 = 0n, tdata3 = 0n]) => [7n, tdata1, tdata2, tdata3]));
    return call(INSTALL, settings.length);
  };
  const hardware = (index: number) => it.cpu(0).triggers.read(index);
  call(SET_SHMEM, AT, 0, 0);
  return { ...it, call, put, entry, install, hardware };
}

describe('DBTR num_triggers', () => {
  it.each([
    ['all', 0n, TRIGGER_COUNT],
    ['those for a watchpoint', STORE, TRIGGER_COUNT],
    ['those that count', (3n << 60n) | ICOUNT.u, TRIGGER_COUNT],
    ['those that can begin a chain', STORE | chain, LAST],
    ['none for a kind that the hart has not', 5n << 60n, 0],
    ['none for a field that it has not', STORE | select, 0],
    ['none for the machine level', STORE | m, 0],
  ])('gives %s', (_, tdata1, count) => {
    expect(debugged().call(NUM, tdata1)).toEqual([0n, BigInt(count)]);
  });

  it('does not depend on what is installed, and installs nothing', () => {
    const it = debugged();
    it.install([STORE, 4n]);
    expect(it.call(NUM, EXECUTE)).toEqual([0n, BigInt(TRIGGER_COUNT)]);
    expect([it.hardware(0)?.tdata2, it.hardware(1)]).toEqual([4n, RESET_TRIGGER]);
  });
});

describe('DBTR set_shmem', () => {
  const end = RAM_BASE + BigInt(16 * MIB);

  it.each([
    ['takes memory', [AT, 0, 0], DONE],
    ['takes the last bytes of memory', [end - BigInt(TRIGGER_COUNT * ENTRY), 0, 0], DONE],
    ['refuses memory that ends too soon', [end - BigInt(TRIGGER_COUNT * ENTRY) + 8n, 0, 0], INVALID_ADDRESS],
    ['refuses what is no memory', [0x1000, 0, 0], INVALID_ADDRESS],
    ['refuses an address beyond 64 bits', [AT, 1, 0], INVALID_ADDRESS],
    ['refuses half of all ones', [AT, ALL_ONES, 0], INVALID_ADDRESS],
    ['refuses an address that is not aligned', [AT + 4n, 0, 0], INVALID_PARAM],
    ['refuses flags', [AT, 0, 1], INVALID_PARAM],
    ['refuses flags with no memory too', [ALL_ONES, ALL_ONES, 1n << 63n], INVALID_PARAM],
  ])('%s', (_, args, answer) => {
    expect(debugged().call(SET_SHMEM, ...args)).toEqual(answer);
  });

  it('keeps what there was when it refuses, and withdraws it for all ones', () => {
    const it = debugged();
    it.call(SET_SHMEM, 0x1000, 0, 0);
    expect(it.call(READ, 0, 1)).toEqual(DONE);
    expect(it.call(SET_SHMEM, ALL_ONES, ALL_ONES, 0)).toEqual(DONE);
    for (const fid of [READ, INSTALL, UPDATE]) expect(it.call(fid, 0, 0)).toEqual(NO_SHMEM);
  });
});

describe('DBTR install_triggers', () => {
  it('gives the first free indexes, and sets the levels of the guest as the hart has them', () => {
    const it = debugged();
    expect(it.install([STORE, 0x80n], [EXECUTE, 0x90n])).toEqual(DONE);
    expect([it.entry(0)[0], it.entry(1)[0]]).toEqual([0n, 1n]);
    expect(it.hardware(0)).toEqual({ tdata1: TYPE6 | vs | store, tdata2: 0x80n, tdata3: 0n });
    expect(it.hardware(1)).toEqual({ tdata1: TYPE6 | vs | vu | execute, tdata2: 0x90n, tdata3: 0n });
    it.call(UNINSTALL, 0, 1);
    expect(it.install([STORE], [STORE])).toEqual(DONE);
    expect([it.entry(0)[0], it.entry(1)[0]]).toEqual([0n, 2n]);
  });

  it('gives contiguous indexes to a chain', () => {
    const it = debugged();
    it.install([STORE], [STORE], [STORE]);
    it.call(UNINSTALL, 0, 0b101);
    expect(it.install([STORE | chain, 1n], [STORE, 2n])).toEqual(DONE);
    expect([it.entry(0)[0], it.entry(1)[0]]).toEqual([2n, 3n]);
    expect(it.hardware(2)?.tdata1).toBe(TYPE6 | vs | store | chain);
  });

  it('lays nothing behind a chain that lost its end, which would become its end', () => {
    const it = debugged();
    it.install([STORE | chain], [STORE]);
    it.call(UNINSTALL, 1, 1);
    it.install([STORE]);
    expect(it.entry(0)[0]).toBe(2n);
  });

  it('installs none of nothing', () => {
    expect(debugged().call(INSTALL, 0)).toEqual(DONE);
  });

  it.each([TRIGGER_COUNT, TRIGGER_COUNT + 1, ALL_ONES])('of %s is out of range, as the text counts', (count) => {
    expect(debugged().call(INSTALL, count)).toEqual(BAD_RANGE);
  });

  it.each([
    ['type 0', 0n, 0n, INVALID],
    ['a disabled type', 15n << 60n, 0n, INVALID],
    ['a reserved type', 9n << 60n, 0n, INVALID],
    ['dmode', STORE | (1n << 59n), 0n, INVALID],
    ['the machine level', STORE | m, 0n, INVALID],
    ['the machine level for counting', (3n << 60n) | ICOUNT.m, 0n, INVALID],
    ['a reserved bit', STORE | (1n << 30n), 0n, INVALID],
    ['a chain without an end', STORE | chain, 0n, INVALID],
    ['a kind that the hart has not', (5n << 60n) | 1n, 0n, FAILED],
    ['the old kind of watchpoint', (2n << 60n) | s | store, 0n, FAILED],
    ['levels of guests of the guest', STORE | vs, 0n, NOT_SUPPORTED],
    ['and their user level', STORE | vu, 0n, NOT_SUPPORTED],
    ['a comparison of data', STORE | select, 0n, NOT_SUPPORTED],
    ['another action', STORE | (1n << 12n), 0n, NOT_SUPPORTED],
    ['a context', STORE, 1n, NOT_SUPPORTED],
  ])('refuses %s, names its index and installs nothing of the call', (_, tdata1, tdata3, error) => {
    const it = debugged();
    expect(it.install([STORE], [tdata1, 0n, tdata3])).toEqual([error, 1n]);
    expect(it.hardware(0)).toEqual(RESET_TRIGGER);
    expect(it.entry(0)[0]).toBe(7n);
    expect(it.call(UNINSTALL, 0, 1)).toEqual(INVALID_PARAM);
  });

  it('fails at the first that has no place', () => {
    const it = debugged();
    it.install([STORE], [STORE]);
    expect(it.install([EXECUTE], [EXECUTE], [EXECUTE])).toEqual([FAILED, 2n]);
    expect(it.install([EXECUTE])).toEqual(DONE);
    expect(it.install([STORE | chain], [STORE])).toEqual([FAILED, 0n]);
  });
});

describe('DBTR read_triggers', () => {
  it('shows state and registers in terms of the guest', () => {
    const it = debugged();
    it.install([STORE, 1n], [EXECUTE, 2n]);
    it.call(DISABLE, 1, 1);
    expect(it.call(READ, 0, 3)).toEqual(DONE);
    expect([0, 1, 2].map(it.entry)).toEqual([
      [0x25n, STORE, 1n, 0n],
      [0x127n, TYPE6 | execute, 2n, 0n],
      [0n, 0n, 0n, 0n],
    ]);
  });

  it('shows what fired', () => {
    const it = debugged();
    it.install([EXECUTE, 2n]);
    const at = { privilege: 'U', pc: 2n, interruptsEnabled: false, instructionLength: () => 4 } as const;
    it.cpu(0).triggers.fetched(at);
    it.call(READ, 0, 1);
    expect(it.entry(0)[1]).toBe(EXECUTE | MCONTROL6.hit0);
  });

  it.each([
    [0, LAST, DONE],
    [LAST, 0, DONE],
    [0, 0, DONE],
    [0, TRIGGER_COUNT, BAD_RANGE],
    [LAST, 1, BAD_RANGE],
    [TRIGGER_COUNT, 0, BAD_RANGE],
    [1n << 32n, 1, BAD_RANGE],
    [1, ALL_ONES, BAD_RANGE],
  ])('from %s on for %s, as the text counts', (base, count, answer) => {
    expect(debugged().call(READ, base, count)).toEqual(answer);
  });
});

describe('DBTR update_triggers', () => {
  it('changes installed triggers, and enables what was disabled', () => {
    const it = debugged();
    it.install([STORE, 1n], [STORE, 2n]);
    it.call(DISABLE, 0, 3);
    it.put([1n, TYPE6 | u | load, 3n]);
    expect(it.call(UPDATE, 1)).toEqual(DONE);
    expect(it.hardware(1)).toEqual({ tdata1: TYPE6 | vu | load, tdata2: 3n, tdata3: 0n });
    expect(it.hardware(0)?.tdata1).toBe(TYPE6 | store);
    it.call(READ, 1, 1);
    expect(it.entry(0)).toEqual([0x123n, TYPE6 | u | load, 3n, 0n]);
  });

  it.each([
    ['an index behind the last', [BigInt(TRIGGER_COUNT), STORE], INVALID],
    ['an index of 64 bits', [1n << 32n, STORE], INVALID],
    ['a free trigger', [2n, STORE], FAILED],
    ['another kind', [1n, (3n << 60n) | ICOUNT.s], INVALID],
    ['a chain where there was none', [1n, STORE | chain], INVALID],
    ['the machine level', [1n, STORE | m], INVALID],
    ['a field that the hart has not', [1n, STORE | select], NOT_SUPPORTED],
  ])('refuses %s, names its index and changes nothing of the call', (_, entry, error) => {
    const it = debugged();
    it.install([STORE, 1n], [STORE, 2n]);
    it.put([0n, EXECUTE, 9n], entry);
    expect(it.call(UPDATE, 2)).toEqual([error, 1n]);
    expect(it.hardware(0)).toEqual({ tdata1: TYPE6 | vs | store, tdata2: 1n, tdata3: 0n });
  });

  it('of as many as there are is out of range, as the text counts', () => {
    expect(debugged().call(UPDATE, TRIGGER_COUNT)).toEqual(BAD_RANGE);
  });
});

describe('DBTR sets of triggers', () => {
  it('are disabled and enabled again with the levels that they had', () => {
    const it = debugged();
    it.install([STORE], [EXECUTE]);
    expect(it.call(DISABLE, 0, 3)).toEqual(DONE);
    expect([0, 1].map((index) => it.hardware(index)?.tdata1)).toEqual([TYPE6 | store, TYPE6 | execute]);
    expect(it.call(ENABLE, 1, 1)).toEqual(DONE);
    expect([0, 1].map((index) => it.hardware(index)?.tdata1)).toEqual([TYPE6 | store, TYPE6 | vs | vu | execute]);
  });

  it('are uninstalled, which clears them', () => {
    const it = debugged();
    it.install([STORE, 5n], [EXECUTE, 6n]);
    expect(it.call(UNINSTALL, 1, 1)).toEqual(DONE);
    expect([it.hardware(0)?.tdata2, it.hardware(1)]).toEqual([5n, RESET_TRIGGER]);
  });

  it.each([UNINSTALL, ENABLE, DISABLE])('function %s does nothing when one of them is not installed', (fid) => {
    const it = debugged();
    it.install([STORE, 5n], [EXECUTE, 6n]);
    const before = [0, 1].map(it.hardware);
    for (const [base, mask] of [
      [0, 0b111],
      [1, 0b11],
      [0, 1n << 63n],
      [TRIGGER_COUNT, 1],
      [ALL_ONES, 1],
    ] as const) {
      expect(it.call(fid, base, mask)).toEqual(INVALID_PARAM);
    }
    expect([0, 1].map(it.hardware)).toEqual(before);
    expect(it.call(fid, ALL_ONES, 0)).toEqual(DONE);
  });
});

describe('DBTR without an ioctl for triggers', () => {
  it('has none, and says once which ioctl is missing', () => {
    const it = debugged({ interface: 'userspace' });
    expect(it.call(NUM, 0)).toEqual(DONE);
    expect(it.call(NUM, STORE)).toEqual(DONE);
    expect(it.call(SET_SHMEM, AT, 0, 0)).toEqual(DONE);
    expect([it.call(READ, 0, 0), it.call(INSTALL, 1), it.call(UPDATE, 1)]).toEqual([BAD_RANGE, BAD_RANGE, BAD_RANGE]);
    for (const fid of [UNINSTALL, ENABLE, DISABLE]) expect(it.call(fid, 0, 1)).toEqual(INVALID_PARAM);
    expect(it.state.said).toEqual([
      'DBTR: counting the debug triggers on vcpu 0 failed: ENOTTY; this KVM interface has no such ioctl, so the guest has no triggers',
    ]);
  });
});

describe('what the VMM keeps of DBTR', () => {
  it('loses the shared memory of a hart that stops, and keeps its triggers', () => {
    const state = new DbtrState({ harts: 2 });
    state.setShmem(1, AT);
    state.install(1, 2, { s: true, u: false });
    state.resetHart(1);
    expect([state.shmem(1), state.installed(1, 2)]).toEqual([null, { s: true, u: false }]);
  });

  it('is the same after it was saved', () => {
    const state = new DbtrState({ harts: 2 });
    state.setShmem(1, AT);
    state.install(1, 2, { s: true, u: false });
    const other = new DbtrState({ harts: 2 });
    other.load(JSON.parse(JSON.stringify(state.save())));
    expect([other.shmem(0), other.shmem(1)]).toEqual([null, AT]);
    expect([0, 1, 2].map((index) => other.installed(1, index))).toEqual([undefined, undefined, { s: true, u: false }]);
    expect(other.save()).toEqual(state.save());
  });

  it.each([
    [{ harts: [] }, 'harts: there are 0 where the VM has 1'],
    [{ harts: [{ shmem: null }] }, 'harts.0.triggers: is missing'],
    [{ harts: [{ shmem: null, triggers: [{ s: 1, u: false }] }] }, 'harts.0.triggers.0.s: 1 is not true or false'],
  ])('is refused as %j', (saved, words) => {
    expect(() => new DbtrState({ harts: 1 }).load(saved)).toThrow(new PlainError('', words).message);
  });
});
