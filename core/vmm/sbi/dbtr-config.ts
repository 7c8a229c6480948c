/**
 * Trigger configurations as the guest writes them, and as the hart that runs it has them. To a guest its own levels are
 * S and U, to the hart they are VS and VU; it has no levels of guests of its own. [SBI 3.0 §19; Debug Specification 1.0]
 */
import { fromLittleEndian, toLittleEndian } from '../../base/bytes.ts';
import {
  ICOUNT,
  MCONTROL6,
  TDATA1_DMODE,
  TRIGGER_ICOUNT,
  TRIGGER_MCONTROL6,
  type TriggerRegisters,
  triggerType,
} from '../../kvm/uapi.ts';
import type { TriggerLevels } from './dbtr-state.ts';

const WORD_BYTES = 8;
const WORDS = 4;
/** Bytes of an entry in the shared memory. */
export const ENTRY_BYTES = WORD_BYTES * WORDS;

/** Where the levels are, by type. Of the types that have levels, the VMM knows those that a hart of Ecall can have. */
const LEVEL_BITS = new Map<bigint, Readonly<Record<'m' | 's' | 'u' | 'vs' | 'vu', bigint>>>([
  [TRIGGER_MCONTROL6, MCONTROL6],
  [TRIGGER_ICOUNT, ICOUNT],
]);
/** tdata1.type: none, legacy, what is reserved, and disabled are nothing that could be installed. */
const INSTALLABLE: ReadonlySet<bigint> = new Set([2n, 3n, 4n, 5n, 6n, 7n, 12n, 13n, 14n]);
/** Fields that are there in no implementation. */
const RESERVED = new Map<bigint, bigint>([
  [TRIGGER_MCONTROL6, (((1n << 59n) - 1n) & ~((1n << 27n) - 1n)) | (3n << 19n)],
  [TRIGGER_ICOUNT, ((1n << 59n) - 1n) & ~((1n << 27n) - 1n)],
]);

/** An entry of the shared memory: trig_idx or trig_state, then the registers. */
export interface Entry {
  readonly first: bigint;
  readonly registers: TriggerRegisters;
}

export function readEntry(bytes: Uint8Array, index: number): Entry {
  const word = (at: number): bigint => {
    const from = index * ENTRY_BYTES + at * WORD_BYTES;
    return fromLittleEndian(bytes.subarray(from, from + WORD_BYTES));
  };
  return { first: word(0), registers: { tdata1: word(1), tdata2: word(2), tdata3: word(3) } };
}

export function entryWords({ first, registers }: Entry): readonly Uint8Array[] {
  const { tdata1, tdata2, tdata3 } = registers;
  return [first, tdata1, tdata2, tdata3].map(littleEndian);
}

export function littleEndian(word: bigint): Uint8Array {
  return toLittleEndian(word, WORD_BYTES);
}

/** Null for a configuration that the text allows, whether a hart has it or not. */
export function refusal({ tdata1 }: TriggerRegisters): 'INVALID_PARAM' | 'NOT_SUPPORTED' | 'FAILED' | null {
  const type = triggerType(tdata1);
  if (!INSTALLABLE.has(type) || (tdata1 & TDATA1_DMODE) !== 0n) return 'INVALID_PARAM';
  const levels = LEVEL_BITS.get(type);
  // There is no unused trigger that matches it.
  if (levels === undefined) return 'FAILED';
  if ((tdata1 & (levels.m | (RESERVED.get(type) ?? 0n))) !== 0n) return 'INVALID_PARAM';
  return (tdata1 & (levels.vs | levels.vu)) === 0n ? null : 'NOT_SUPPORTED';
}

export function isChained({ tdata1 }: TriggerRegisters): boolean {
  return triggerType(tdata1) === TRIGGER_MCONTROL6 && (tdata1 & MCONTROL6.chain) !== 0n;
}

export function levelsOf({ tdata1 }: TriggerRegisters): TriggerLevels {
  const bits = LEVEL_BITS.get(triggerType(tdata1));
  const has = (bit = 0n): boolean => (tdata1 & bit) !== 0n;
  return { s: has(bits?.s), u: has(bits?.u) };
}

/** The registers for the hart, enabled at these levels. */
export function toHart(registers: TriggerRegisters, { s, u } = levelsOf(registers)): TriggerRegisters {
  const bits = LEVEL_BITS.get(triggerType(registers.tdata1));
  if (bits === undefined) return registers;
  const others = registers.tdata1 & ~(bits.s | bits.u | bits.vs | bits.vu);
  return { ...registers, tdata1: others | (s ? bits.vs : 0n) | (u ? bits.vu : 0n) };
}

/** What the guest is to see of the registers of the hart. */
export function toGuest(registers: TriggerRegisters): TriggerRegisters {
  const bits = LEVEL_BITS.get(triggerType(registers.tdata1));
  if (bits === undefined) return registers;
  const others = registers.tdata1 & ~(bits.vs | bits.vu);
  const has = (bit: bigint): boolean => (registers.tdata1 & bit) !== 0n;
  return { ...registers, tdata1: others | (has(bits.vs) ? bits.s : 0n) | (has(bits.vu) ? bits.u : 0n) };
}

export const DISABLED: TriggerRegisters = { tdata1: 0n, tdata2: 0n, tdata3: 0n };
