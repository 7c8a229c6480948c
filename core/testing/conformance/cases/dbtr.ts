/** Cases of debug triggers. [SBI 3.0 §19] There may be as few as two, of which the text lets one be installed at a time. */
import { casesOf } from '../define.ts';
import { ALL_ONES, BUFFER, OUTSIDE, RAM_END } from '../layout.ts';
import { between, call, memory, oneOf, store } from '../steps.ts';
import type { Allowed, Observation, Step } from '../types.ts';
import { differences } from './dbtr-differences.ts';

const TYPE6 = 6n << 60n;
const S = 1n << 4n;
const STORE = TYPE6 | S | (1n << 1n);
const MACHINE = 1n << 6n;
const CHAIN = 1n << 11n;
const SELECT_DATA = 1n << 21n;
const DMODE = 1n << 59n;
const RESERVED_BIT = 1n << 40n;
/** Need not be there. [Debug Specification 1.0, mcontrol6] */
const HIT0 = 1n << 22n;
/** An exception trigger, which no target has. */
const TYPE5 = (5n << 60n) | 1n;
/** More than any target has. */
const MANY = 64n;
const WATCHED = BUFFER + 0x1000n;
const OTHER_PLACE = BUFFER + 0x1100n;
/** Written into the index, to see that it is overwritten. */
const NO_INDEX = 0xffn;
/** trig_state of an installed trigger for S, with the hardware index or without. */
const STATE = oneOf(0x25n, 0x05n);

const share: Step = call('DBTR', 'set_shmem', BUFFER, 0n, 0n);
const withdraw: Step = call('DBTR', 'set_shmem', ALL_ONES, ALL_ONES, 0n);
const entry = (first: bigint, tdata1: bigint, tdata2 = WATCHED, tdata3 = 0n): readonly Step[] =>
  [first, tdata1, tdata2, tdata3].map((word, at) => store(BUFFER + BigInt(8 * at), word));
const install: Step = call('DBTR', 'install_triggers', 1n);
const uninstall = (index: bigint): Step => call('DBTR', 'uninstall_triggers', index, 1n);
const disable: Step = call('DBTR', 'disable_triggers', 0n, 1n);
const installed: readonly Step[] = [share, ...entry(NO_INDEX, STORE), install];
const after: readonly Step[] = [uninstall(0n), withdraw];

/** Address for which a breakpoint comes before a store there, or 0. */
const firesAt = (is: Allowed): Observation => ({ name: 'a store stops at', read: 'call watched_store', is });
const word = (at: number, is: Allowed): Observation => memory(BUFFER + BigInt(8 * at), is);

const ROUTINES = `
# Stores to the watched place with interrupts on, without which triggers need not fire; t0: what stval had, or 0.
watched_store:
        csrr    t1, stvec
        la      t2, 9f
        csrw    stvec, t2
        csrrsi  t4, sstatus, 2
        li      t5, 0x${WATCHED.toString(16)}
        li      t0, 0
        sd      t5, 0(t5)
        j       8f
        .balign 4
9:      csrr    t0, stval
        csrr    t2, scause
        li      t3, 3
        beq     t2, t3, 8f
        not     t0, t2
8:      csrw    stvec, t1
        csrci   sstatus, 2
        andi    t4, t4, 2
        csrs    sstatus, t4
        ret
`;

const num = (id: string, trig_tdata1: bigint, value: Allowed) => ({
  id,
  function: 'num_triggers' as const,
  section: '19.1',
  with: { trig_tdata1 },
  expects: { error: 'SUCCESS' as const, value },
});
const setShmem = (id: string, shmem_phys_lo: bigint, shmem_phys_hi = 0n, flags = 0n) => ({
  id,
  function: 'set_shmem' as const,
  section: '19.2',
  before: [withdraw],
  with: { shmem_phys_lo, shmem_phys_hi, flags },
  after: [withdraw],
});
const read = (id: string, trig_idx_base: bigint, trig_count: bigint) => ({
  id,
  function: 'read_triggers' as const,
  section: '19.3',
  before: installed,
  with: { trig_idx_base, trig_count },
  after,
});
const installing = (id: string, tdata1: bigint, count = 1n) => ({
  id,
  function: 'install_triggers' as const,
  section: '19.4',
  before: [share, ...entry(NO_INDEX, tdata1)],
  with: { trig_count: count },
  after,
});
const updating = (id: string, index: bigint, tdata1: bigint, count = 1n) => ({
  id,
  function: 'update_triggers' as const,
  section: '19.5',
  before: [...installed, ...entry(index, tdata1, OTHER_PLACE)],
  with: { trig_count: count },
  after,
});
const onSet = <const Name extends 'uninstall_triggers' | 'enable_triggers' | 'disable_triggers'>(
  name: Name,
  section: string,
  id: string,
  trig_idx_base: bigint,
  trig_idx_mask: bigint,
) => ({ id, function: name, section, before: installed, with: { trig_idx_base, trig_idx_mask }, after });
const uninstalling = (id: string, base: bigint, mask = 1n) => onSet('uninstall_triggers', '19.6', id, base, mask);
const enabling = (id: string, base: bigint, mask = 1n) => onSet('enable_triggers', '19.7', id, base, mask);
const disabling = (id: string, base: bigint, mask = 1n) => onSet('disable_triggers', '19.8', id, base, mask);

const NO_RESERVED = 'The mask has a bit for every trigger, and none for anything else.';

export const dbtr = casesOf('DBTR', {
  routines: ROUTINES,
  cases: [
    { ...num('num-all', 0n, between(1n, MANY - 1n)), class: 'valid' },
    { ...num('num-watchpoints', STORE, between(1n, MANY - 1n)), class: 'valid' },
    { ...num('num-none', TYPE5, 0n), class: 'invalid type' },
    { ...num('num-machine', STORE | MACHINE, 0n), class: 'invalid level' },

    {
      ...setShmem('shmem', BUFFER),
      class: 'valid',
      expects: { error: 'SUCCESS' },
    },
    { ...setShmem('shmem-withdraw', ALL_ONES, ALL_ONES), class: 'valid', expects: { error: 'SUCCESS' } },
    { ...setShmem('shmem-another', BUFFER), class: 'valid', before: [share], expects: { error: 'SUCCESS' } },
    { ...setShmem('shmem-flags', BUFFER, 0n, 1n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...setShmem('shmem-upper-flags', BUFFER, 0n, 1n << 63n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...setShmem('shmem-misaligned', BUFFER + 4n), class: 'invalid alignment', expects: { error: 'INVALID_PARAM' } },
    { ...setShmem('shmem-outside', OUTSIDE), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    { ...setShmem('shmem-over-end', RAM_END - 8n), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    { ...setShmem('shmem-high', BUFFER, 1n), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    {
      ...setShmem('shmem-half-ones', BUFFER, ALL_ONES),
      class: 'invalid address',
      expects: { error: 'INVALID_ADDRESS' },
    },

    {
      ...read('read', 0n, 1n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [word(0, STATE), word(1, STORE), word(2, WATCHED), word(3, 0n)],
    },
    {
      ...read('read-disabled', 0n, 1n),
      class: 'valid',
      before: [...installed, disable],
      expects: { error: 'SUCCESS' },
      sees: [word(0, STATE), word(1, STORE & ~S)],
    },
    {
      ...read('read-hit', 0n, 1n),
      class: 'valid',
      before: [...installed, firesAt(WATCHED).read],
      expects: { error: 'SUCCESS' },
      sees: [word(1, oneOf(STORE | HIT0, STORE))],
    },
    { ...read('read-nothing', 0n, 0n), class: 'valid', expects: { error: 'SUCCESS' } },
    {
      ...read('read-no-shmem', 0n, 1n),
      class: 'invalid state',
      before: [withdraw],
      expects: { error: 'NO_SHMEM' },
    },
    { ...read('read-base-beyond', MANY, 0n), class: 'invalid range', expects: { error: 'BAD_RANGE' } },
    { ...read('read-count-beyond', 0n, MANY), class: 'invalid range', expects: { error: 'BAD_RANGE' } },

    {
      ...installing('install', STORE),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [word(0, 0n), firesAt(WATCHED)],
    },
    { ...installing('install-none', STORE, 0n), class: 'valid', expects: { error: 'SUCCESS' }, sees: [firesAt(0n)] },
    {
      ...installing('install-no-shmem', STORE),
      class: 'invalid state',
      before: [withdraw],
      expects: { error: 'NO_SHMEM' },
    },
    { ...installing('install-many', STORE, MANY), class: 'invalid range', expects: { error: 'BAD_RANGE' } },
    { ...installing('install-dmode', STORE | DMODE), class: 'invalid level', expects: { error: 'INVALID_PARAM' } },
    { ...installing('install-machine', STORE | MACHINE), class: 'invalid level', expects: { error: 'INVALID_PARAM' } },
    { ...installing('install-no-type', 0n), class: 'invalid type', expects: { error: 'INVALID_PARAM' } },
    { ...installing('install-disabled', 15n << 60n), class: 'invalid type', expects: { error: 'INVALID_PARAM' } },
    { ...installing('install-other-type', TYPE5), class: 'invalid type', expects: { error: 'FAILED' } },
    { ...installing('install-open-chain', STORE | CHAIN), class: 'invalid chain', expects: { error: 'INVALID_PARAM' } },
    {
      ...installing('install-reserved-bit', STORE | RESERVED_BIT),
      class: 'reserved',
      expects: { error: 'INVALID_PARAM' },
    },
    {
      ...installing('install-data', STORE | SELECT_DATA),
      class: 'invalid field',
      expects: { error: 'NOT_SUPPORTED' },
    },
    {
      ...installing('install-full', STORE),
      class: 'invalid state',
      before: [share, ...Array.from({ length: 4 }, () => [...entry(NO_INDEX, STORE), install]).flat()],
      expects: { error: 'FAILED' },
      after: [...[0n, 1n, 2n, 3n].map(uninstall), withdraw],
    },

    {
      ...updating('update', 0n, STORE),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [
        firesAt(0n),
        { ...word(2, OTHER_PLACE), read: `${call('DBTR', 'read_triggers', 0n, 1n)}\n${word(2, 0n).read}` },
      ],
    },
    {
      ...updating('update-no-shmem', 0n, STORE),
      class: 'invalid state',
      before: [...installed, withdraw],
      expects: { error: 'NO_SHMEM' },
    },
    { ...updating('update-many', 0n, STORE, MANY), class: 'invalid range', expects: { error: 'BAD_RANGE' } },
    { ...updating('update-index-beyond', MANY, STORE), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    { ...updating('update-free', 1n, STORE), class: 'invalid index', expects: { error: 'FAILED' } },
    { ...updating('update-type', 0n, TYPE5), class: 'invalid type', expects: { error: ['INVALID_PARAM', 'FAILED'] } },
    { ...updating('update-chain', 0n, STORE | CHAIN), class: 'invalid chain', expects: { error: 'INVALID_PARAM' } },
    { ...updating('update-machine', 0n, STORE | MACHINE), class: 'invalid level', expects: { error: 'INVALID_PARAM' } },
    {
      ...updating('update-data', 0n, STORE | SELECT_DATA),
      class: 'invalid field',
      expects: { error: 'NOT_SUPPORTED' },
    },

    { ...uninstalling('uninstall', 0n), class: 'valid', expects: { error: 'SUCCESS' }, sees: [firesAt(0n)] },
    {
      ...uninstalling('uninstall-none', 0n, 0n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [firesAt(WATCHED)],
    },
    { ...uninstalling('uninstall-free', 1n), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    { ...uninstalling('uninstall-beyond', MANY), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    {
      ...uninstalling('uninstall-mask-beyond', 0n, 1n << 63n),
      class: 'invalid index',
      expects: { error: 'INVALID_PARAM' },
    },

    {
      ...enabling('enable', 0n),
      class: 'valid',
      before: [...installed, disable],
      expects: { error: 'SUCCESS' },
      sees: [firesAt(WATCHED)],
    },
    { ...enabling('enable-free', 1n), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    { ...enabling('enable-beyond', MANY), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    { ...enabling('enable-mask-beyond', 0n, 1n << 63n), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },

    { ...disabling('disable', 0n), class: 'valid', expects: { error: 'SUCCESS' }, sees: [firesAt(0n)] },
    { ...disabling('disable-free', 1n), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    { ...disabling('disable-beyond', MANY), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
    { ...disabling('disable-mask-beyond', 0n, 1n << 63n), class: 'invalid index', expects: { error: 'INVALID_PARAM' } },
  ],
  nothingReserved: {
    uninstall_triggers: NO_RESERVED,
    enable_triggers: NO_RESERVED,
    disable_triggers: NO_RESERVED,
  },
  differences,
});
