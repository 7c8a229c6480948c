/** Cases of collaborative processor performance control. [SBI 3.0 §14] */
import { CPPC_REGISTERS, type CppcRegister } from '../../../sbi/spec/cppc.ts';
import { casesOf } from '../define.ts';
import { ALL_ONES } from '../layout.ts';
import { answer, anything, between, call, oneOf, otherThan, pass } from '../steps.ts';
import type { Expectation, Observation } from '../types.ts';

const ids = (name: keyof typeof CPPC_REGISTERS): bigint => BigInt(CPPC_REGISTERS[name].id);
const UPPER_BITS = 1n << 32n;
/** The ends of the two reserved ranges. [SBI 3.0 §14, table "CPPC Registers"] */
const RESERVED = [0x15n, 0x7fff_ffffn, 0x8000_0001n, 0xffff_ffffn] as const;
/** ACPI lets a platform do without it, and the targets do. [ACPI 6.5 §8.4.6.1.2.5] */
const MISSING = ids('TimeWindowRegister');
/** Performance that every target can be asked for, and another one. */
const [PERFORMANCE, LESS] = [100n, 60n];
/** Ticks: more than any transition takes. */
const SETTLED = 1000n;

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
const registers = Object.entries<CppcRegister>(CPPC_REGISTERS);
const REFUSED: Expectation = { error: 'INVALID_PARAM' };

const one = <F extends 'probe' | 'read' | 'read_hi'>(id: string, fn: F, cppc_reg_id: bigint) => ({
  id,
  function: fn,
  section: { probe: '14.1', read: '14.2', read_hi: '14.3' }[fn as string] ?? '',
  with: { cppc_reg_id },
});
const write = (id: string, cppc_reg_id: bigint, val: bigint) => ({
  id,
  function: 'write' as const,
  section: '14.4',
  with: { cppc_reg_id, val },
});
const now = (name: keyof typeof CPPC_REGISTERS, is: Observation['is']): Observation =>
  answer('CPPC', 'read', is, ids(name));
const asBefore = [
  call('CPPC', 'write', ids('DesiredPerformanceRegister'), PERFORMANCE),
  call('CPPC', 'write', ids('CPPCEnableRegister'), 0n),
];

/** How far a counter moves in a while. */
const moves = (name: 'ReferencePerformanceCounterRegister' | 'DeliveredPerformanceCounterRegister'): Observation => {
  const reading = call('CPPC', 'read', ids(name));
  return { name, read: `${reading}\nmv t6, a1\n${pass(SETTLED)}\n${reading}\nsub t0, a1, t6`, is: otherThan(0n) };
};

export const cppc = casesOf('CPPC', {
  cases: [
    ...registers.map(([name, { id, widths }]) => ({
      ...one(`probe-${kebab(name)}`, 'probe', BigInt(id)),
      class: 'valid' as const,
      expects: { error: 'SUCCESS' as const, value: oneOf(0n, ...widths.map(BigInt)) },
    })),
    ...RESERVED.map((id) => ({
      ...one(`probe-reserved-${id.toString(16)}`, 'probe', id),
      class: 'reserved' as const,
      expects: REFUSED,
    })),
    {
      ...one('probe-upper-bits', 'probe', UPPER_BITS | ids('HighestPerformance')),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS', value: 32n },
    },
    {
      ...one('read-highest', 'read', ids('HighestPerformance')),
      class: 'valid',
      expects: { error: 'SUCCESS', value: between(1n, 0xffff_ffffn) },
    },
    {
      ...one('read-transition-latency', 'read', ids('TransitionLatency')),
      class: 'valid',
      expects: { error: 'SUCCESS', value: between(0n, 0xffff_ffffn) },
    },
    {
      ...one('read-reference-counter', 'read', ids('ReferencePerformanceCounterRegister')),
      class: 'valid',
      expects: { error: 'SUCCESS', value: anything },
      sees: [moves('ReferencePerformanceCounterRegister')],
    },
    {
      ...one('read-delivered-counter', 'read', ids('DeliveredPerformanceCounterRegister')),
      class: 'valid',
      expects: { error: 'SUCCESS', value: anything },
      sees: [moves('DeliveredPerformanceCounterRegister')],
    },
    ...RESERVED.map((id) => ({
      ...one(`read-reserved-${id.toString(16)}`, 'read', id),
      class: 'reserved' as const,
      expects: REFUSED,
    })),
    { ...one('read-missing', 'read', MISSING), class: 'invalid register', expects: { error: 'NOT_SUPPORTED' } },
    {
      ...one('read-hi', 'read_hi', ids('DeliveredPerformanceCounterRegister')),
      class: 'valid',
      expects: { error: 'SUCCESS', value: 0n },
    },
    { ...one('read-hi-reserved', 'read_hi', 0x15n), class: 'reserved', expects: REFUSED },
    { ...one('read-hi-missing', 'read_hi', MISSING), class: 'invalid register', expects: { error: 'NOT_SUPPORTED' } },
    {
      ...write('write-desired', ids('DesiredPerformanceRegister'), LESS),
      class: 'valid',
      before: [call('CPPC', 'write', ids('CPPCEnableRegister'), 1n)],
      expects: { error: 'SUCCESS' },
      sees: [now('DesiredPerformanceRegister', LESS), now('CPPCEnableRegister', 1n)],
      after: asBefore,
    },
    {
      ...write('write-upper-bits', UPPER_BITS | ids('DesiredPerformanceRegister'), LESS),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS' },
      sees: [now('DesiredPerformanceRegister', LESS)],
      after: asBefore,
    },
    {
      ...write('write-clears-limited', ids('PerformanceLimitedRegister'), 0n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [now('PerformanceLimitedRegister', 0n)],
    },
    {
      ...write('write-too-wide', ids('DesiredPerformanceRegister'), UPPER_BITS | LESS),
      class: 'invalid value',
      // The text has no error for a value; `FAILED` is what is left, and taking 32 bits of it is no violation either.
      expects: [{ error: 'FAILED' }, { error: 'SUCCESS' }],
      after: asBefore,
    },
    {
      ...write('write-all-ones', ids('DesiredPerformanceRegister'), ALL_ONES),
      class: 'invalid value',
      expects: [{ error: 'FAILED' }, { error: 'SUCCESS' }],
      after: asBefore,
    },
    ...RESERVED.map((id) => ({
      ...write(`write-reserved-${id.toString(16)}`, id, 0n),
      class: 'reserved' as const,
      expects: REFUSED,
    })),
    { ...write('write-missing', MISSING, 0n), class: 'invalid register', expects: { error: 'NOT_SUPPORTED' } },
    {
      ...write('write-read-only', ids('HighestPerformance'), PERFORMANCE),
      class: 'invalid access',
      expects: { error: 'DENIED' },
    },
    {
      ...write('write-counter', ids('DeliveredPerformanceCounterRegister'), 0n),
      class: 'invalid access',
      expects: { error: 'DENIED' },
    },
  ],
  unreachable: {
    read: { DENIED: 'No register of the table can only be written.' },
    read_hi: { DENIED: 'No register of the table can only be written.' },
  },
});
