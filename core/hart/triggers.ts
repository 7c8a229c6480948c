/**
 * The debug triggers of a hart: mcontrol6, by address and before the instruction, and icount, with action 0 only.
 * [RISC-V Debug Specification 1.0, Sdtrig] What the specification leaves open is decided as follows. Against traps
 * within handlers nothing fires in VS-mode while its SIE is 0 (Native Triggers, the first solution). Every byte of a
 * load or store is compared, of an instruction the first one. SC is a store whether it succeeds or not, and a
 * cache-block instruction is a store to the whole block. A trigger may be set for VS and VU alone, as there is nothing else.
 */
import { U64_MAX, u64 } from '../base/u64.ts';
import type { Privilege } from './api.ts';
import {
  ICOUNT,
  ICOUNT_ONE,
  MATCH,
  MCONTROL6,
  MCONTROL6_MATCH_SHIFT,
  MCONTROL6_SIZE_SHIFT,
  TDATA1_TYPE_SHIFT,
  TRIGGER_DISABLED,
  TRIGGER_ICOUNT,
  TRIGGER_MCONTROL6,
  type TriggerRegisters,
  triggerType,
} from './trigger-fields.ts';
import { compile, type Group, type Member } from './trigger-groups.ts';

/** Triggers of a hart: enough for two chains of two, and few, as hardware has. */
export const TRIGGER_COUNT = 4;

/** mcontrol6.size: any, 8, 16, 32, 64 and 128 bits. */
const SIZES: ReadonlySet<bigint> = new Set([0n, 1n, 2n, 3n, 5n, 6n]);
const MATCHES: ReadonlySet<number> = new Set(Object.values(MATCH));
const MCONTROL6_PLAIN =
  MCONTROL6.load | MCONTROL6.store | MCONTROL6.execute | MCONTROL6.chain | MCONTROL6.hit0 | MCONTROL6.vu | MCONTROL6.vs;
const ICOUNT_PLAIN = ICOUNT.pending | ICOUNT.count | ICOUNT.hit | ICOUNT.vu | ICOUNT.vs;
const PAGE_OFFSET = 0xfffn;
/** Instructions of a page that are looked at one by one: a breakpoint, a small function. */
const MOST_WATCHED = 32;
/** A NAPOT range is at most half of all addresses: bits 62 to 0 of tdata2 are not all ones. */
const NAPOT_ONES = U64_MAX >> 1n;
const NAPOT_HIGHEST = 1n << 62n;

export const RESET_TRIGGER: TriggerRegisters = {
  tdata1: TRIGGER_DISABLED << TDATA1_TYPE_SHIFT,
  tdata2: 0n,
  tdata3: 0n,
};

/** What matching has to know of the hart. */
export interface TriggeredHart {
  readonly privilege: Privilege;
  readonly pc: bigint;
  /** sstatus.SIE */
  readonly interruptsEnabled: boolean;
  /** Bytes of the instruction at pc, or 0 when it cannot be fetched. */
  instructionLength(): number;
}

/** What an access does; an AMO does both. */
export type DataKinds = readonly ('load' | 'store')[];

export class Triggers {
  /** An instruction somewhere may make a trigger fire: fetches have to ask `watchedCode`. */
  watchesFetch = false;
  /** The same for loads and stores, which have to ask `watches`. */
  watchesData = false;
  /** Some icount trigger counts or is pending. */
  counting = false;
  #registers: readonly TriggerRegisters[] = Array.from({ length: TRIGGER_COUNT }, () => RESET_TRIGGER);
  #groups: readonly Group[] = [];

  /** As machine mode reads them; undefined when there is no such trigger. */
  read(index: number): TriggerRegisters | undefined {
    return this.#registers[index];
  }

  /** As machine mode writes them, WARL rules applied; the engine has to be told afterwards. */
  write(index: number, registers: TriggerRegisters): void {
    if (index in this.#registers) this.#replace(index, legalTrigger(registers, index === TRIGGER_COUNT - 1));
  }

  /** Whether an access of that kind to the page of `va` may make a trigger fire. */
  watches(kind: 'load' | 'store', va: bigint): boolean {
    const first = va & ~PAGE_OFFSET;
    const last = first | PAGE_OFFSET;
    const hits = ({ low, high }: Member): boolean => low <= last && first <= high;
    // A member that looks at instructions may match there, on whatever page the access is.
    return this.#groups.some(
      ({ members }) => members.some((m) => m[kind] && hits(m)) && members.every((m) => m.execute || hits(m)),
    );
  }

  /**
   * Where instructions in the page of `va` begin that may make a trigger fire, as offsets in the page; null when these
   * are more than are worth a list.
   */
  watchedCode(va: bigint): readonly number[] | null {
    const first = va & ~PAGE_OFFSET;
    const offsets: number[] = [];
    for (const { members } of this.#groups) {
      if (!members.every(({ execute }) => execute)) continue;
      const low = members.reduce((most, member) => (member.low > most ? member.low : most), first);
      const high = members.reduce((least, member) => (member.high < least ? member.high : least), first | PAGE_OFFSET);
      for (let at = low + (low & 1n); at <= high; at += 2n) {
        if (offsets.length === MOST_WATCHED) return null;
        offsets.push(Number(at - first));
      }
    }
    return offsets;
  }

  /** The address for tval when a trigger fires before the instruction at pc, else null. */
  fetched(hart: TriggeredHart): bigint | null {
    return this.#fire(hart, (member) => (matchesInstruction(member, hart) ? hart.pc : null));
  }

  /** The same before an access to `bytes` bytes from `va` on, which pc does. */
  accessed(hart: TriggeredHart, kinds: DataKinds, va: bigint, bytes: number): bigint | null {
    return this.#fire(hart, (member) =>
      kinds.some((kind) => member[kind]) && (member.size === 0 || member.size === bytes)
        ? matchedAddress(member, va, u64(va + BigInt(bytes) - 1n))
        : null,
    );
  }

  /** Whether an instruction or trap here counts, or a pending trigger fires. */
  counts(hart: TriggeredHart): boolean {
    return this.counting && this.#registers.some((trigger) => isCounting(trigger, hart));
  }

  /** An instruction or a trap begins here. */
  count(hart: TriggeredHart): void {
    this.#registers.forEach((trigger, index) => {
      if (!isCounting(trigger, hart) || (trigger.tdata1 & ICOUNT.count) === 0n) return;
      const tdata1 = trigger.tdata1 - ICOUNT_ONE;
      const isLast = (tdata1 & ICOUNT.count) === 0n;
      this.#replace(index, { ...trigger, tdata1: isLast ? tdata1 | ICOUNT.pending : tdata1 });
    });
  }

  /** Whether a pending trigger fires before the next instruction; it then has. */
  takePending(hart: TriggeredHart): boolean {
    let fires = false;
    this.#registers.forEach((trigger, index) => {
      if (!isCounting(trigger, hart) || (trigger.tdata1 & ICOUNT.pending) === 0n) return;
      fires = true;
      this.#replace(index, { ...trigger, tdata1: (trigger.tdata1 & ~ICOUNT.pending) | ICOUNT.hit });
    });
    return fires;
  }

  /** Registers of each trigger, when any is not as after reset. */
  save(): readonly TriggerRegisters[] | null {
    const isReset = ({ tdata1, tdata2 }: TriggerRegisters) =>
      tdata1 === RESET_TRIGGER.tdata1 && tdata2 === RESET_TRIGGER.tdata2;
    return this.#registers.every(isReset) ? null : this.#registers;
  }

  load(registers: readonly TriggerRegisters[] | null): void {
    this.#registers = registers ?? this.#registers.map(() => RESET_TRIGGER);
    this.#prepare();
  }

  /** `matchAddress` gives the address at which a member matches the event, or null. */
  #fire(hart: TriggeredHart, matchAddress: (member: Member) => bigint | null): bigint | null {
    if (!mayFire(hart)) return null;
    let address: bigint | null = null;
    for (const group of this.#groups) {
      if (!group.modes.has(hart.privilege)) continue;
      const found = group.members.map((member) => matchAddress(member));
      const at = found.findLast((one) => one !== null) ?? null;
      const all = group.members.every((member, index) => found[index] !== null || matchesInstruction(member, hart));
      if (at === null || !all) continue;
      address = at;
      for (const { index } of group.members) this.#setHit(index);
    }
    return address;
  }

  #setHit(index: number): void {
    const trigger = this.#registers[index] ?? RESET_TRIGGER;
    if ((trigger.tdata1 & MCONTROL6.hit0) === 0n)
      this.#replace(index, { ...trigger, tdata1: trigger.tdata1 | MCONTROL6.hit0 });
  }

  #replace(index: number, trigger: TriggerRegisters): void {
    this.#registers = this.#registers.with(index, trigger);
    this.#prepare();
  }

  #prepare(): void {
    this.#groups = compile(this.#registers);
    this.watchesFetch = this.#groups.some(({ members }) => members.every((member) => member.execute));
    this.watchesData = this.#groups.some(({ members }) => members.some((member) => member.load || member.store));
    this.counting = this.#registers.some(
      ({ tdata1 }) =>
        triggerType(tdata1) === TRIGGER_ICOUNT &&
        (tdata1 & (ICOUNT.vs | ICOUNT.vu)) !== 0n &&
        (tdata1 & (ICOUNT.count | ICOUNT.pending)) !== 0n,
    );
  }
}

/** Nothing fires in VS-mode while its interrupts are off: a handler has not yet saved what a trap overwrites. */
function mayFire(hart: TriggeredHart): boolean {
  return hart.privilege === 'U' || hart.interruptsEnabled;
}

function isCounting({ tdata1 }: TriggerRegisters, hart: TriggeredHart): boolean {
  const mode = hart.privilege === 'U' ? ICOUNT.vu : ICOUNT.vs;
  const live = ICOUNT.count | ICOUNT.pending;
  return triggerType(tdata1) === TRIGGER_ICOUNT && (tdata1 & mode) !== 0n && (tdata1 & live) !== 0n && mayFire(hart);
}

function matchesInstruction(member: Member, hart: TriggeredHart): boolean {
  if (!member.execute || hart.pc < member.low || hart.pc > member.high) return false;
  return member.size === 0 || member.size === hart.instructionLength();
}

/** The first byte of an access that the member compares equal; `last` may be behind the end of the address space. */
function matchedAddress({ low, high }: Member, first: bigint, last: bigint): bigint | null {
  if (last < first) {
    if (first <= high) return low > first ? low : first;
    return low <= last ? low : null;
  }
  if (low > last || first > high) return null;
  return low > first ? low : first;
}

/** What of a written trigger the hart keeps. A chain cannot begin at the last one. */
export function legalTrigger({ tdata1, tdata2 }: TriggerRegisters, isLast: boolean): TriggerRegisters {
  const type = triggerType(tdata1);
  if (type === TRIGGER_ICOUNT) {
    return { tdata1: (type << TDATA1_TYPE_SHIFT) | (tdata1 & ICOUNT_PLAIN), tdata2: 0n, tdata3: 0n };
  }
  if (type !== TRIGGER_MCONTROL6) return { ...RESET_TRIGGER, tdata2 };
  const match = (tdata1 & MCONTROL6.match) >> MCONTROL6_MATCH_SHIFT;
  const size = (tdata1 & MCONTROL6.size) >> MCONTROL6_SIZE_SHIFT;
  let kept = (type << TDATA1_TYPE_SHIFT) | (tdata1 & MCONTROL6_PLAIN);
  if (isLast) kept &= ~MCONTROL6.chain;
  if (SIZES.has(size)) kept |= tdata1 & MCONTROL6.size;
  if (!MATCHES.has(Number(match))) return { tdata1: kept, tdata2, tdata3: 0n };
  const tooWide = Number(match) === MATCH.napot && (tdata2 & NAPOT_ONES) === NAPOT_ONES;
  return { tdata1: kept | (tdata1 & MCONTROL6.match), tdata2: tooWide ? tdata2 & ~NAPOT_HIGHEST : tdata2, tdata3: 0n };
}
