/** mcontrol6 triggers as matching wants them: chains, each member with the range of addresses that it compares equal. */
import { U64_MAX } from '../base/u64.ts';
import type { Privilege } from './api.ts';
import {
  MATCH,
  MCONTROL6,
  MCONTROL6_MATCH_SHIFT,
  MCONTROL6_SIZE_SHIFT,
  TRIGGER_MCONTROL6,
  type TriggerRegisters,
  triggerType,
} from './trigger-fields.ts';

/** One trigger of a chain. */
export interface Member {
  readonly index: number;
  readonly execute: boolean;
  readonly load: boolean;
  readonly store: boolean;
  /** Both included. */
  readonly low: bigint;
  readonly high: bigint;
  /** Bytes of the accesses and instructions that it looks at, 0 for any. */
  readonly size: number;
}

/** Triggers that fire together or not at all: those of a chain, or one. */
export interface Group {
  readonly members: readonly Member[];
  /** Where every member is enabled. */
  readonly modes: ReadonlySet<Privilege>;
}

/** Bytes for each value of mcontrol6.size; 4 is for instructions that do not exist here. */
const SIZE_BYTES = [0, 1, 2, 4, 6, 8, 16, 0];

/** Groups that can fire: complete, with a range and a mode that all members have. */
export function compile(registers: readonly TriggerRegisters[]): readonly Group[] {
  const groups: Group[] = [];
  let chain: (Member | null)[] = [];
  let modes = ALL_MODES;
  registers.forEach((trigger, index) => {
    const isAddress = triggerType(trigger.tdata1) === TRIGGER_MCONTROL6;
    chain.push(isAddress ? memberOf(trigger, index) : null);
    modes = modes.filter((mode) => (trigger.tdata1 & (mode === 'U' ? MCONTROL6.vu : MCONTROL6.vs)) !== 0n);
    if (isAddress && (trigger.tdata1 & MCONTROL6.chain) !== 0n) return;
    const members = chain.filter((member) => member !== null);
    if (members.length === chain.length && modes.length > 0) groups.push({ members, modes: new Set(modes) });
    chain = [];
    modes = ALL_MODES;
  });
  return groups;
}

const ALL_MODES: readonly Privilege[] = ['U', 'S'];

/** Null for one that never matches. */
function memberOf({ tdata1, tdata2 }: TriggerRegisters, index: number): Member | null {
  const has = (bit: bigint): boolean => (tdata1 & bit) !== 0n;
  const [execute, load, store] = [has(MCONTROL6.execute), has(MCONTROL6.load), has(MCONTROL6.store)];
  const range = rangeOf(Number((tdata1 & MCONTROL6.match) >> MCONTROL6_MATCH_SHIFT), tdata2);
  if (range === null || !(execute || load || store)) return null;
  const size = SIZE_BYTES[Number((tdata1 & MCONTROL6.size) >> MCONTROL6_SIZE_SHIFT)] ?? 0;
  return { index, execute, load, store, ...range, size };
}

function rangeOf(match: number, tdata2: bigint): { readonly low: bigint; readonly high: bigint } | null {
  switch (match) {
    case MATCH.napot: {
      // The lowest 0 and the ones below it are what is not compared.
      const free = tdata2 ^ (tdata2 + 1n);
      return { low: tdata2 & ~free, high: tdata2 | free };
    }
    case MATCH.notBelow:
      return { low: tdata2, high: U64_MAX };
    case MATCH.below:
      return tdata2 === 0n ? null : { low: 0n, high: tdata2 - 1n };
    default:
      return { low: tdata2, high: tdata2 };
  }
}
