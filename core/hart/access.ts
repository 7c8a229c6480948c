/**
 * Loads and stores of the reference hart, byte for byte through the page walk. A fault leaves by
 * throwing `Left`, since it ends the instruction from inside an expression.
 */
import type { MemoryListener } from '../memory/guest-memory.ts';
import { bytesLeftInPage, type TranslatedPage } from '../memory/translate.ts';
import type { HartExit } from './api.ts';
import type { HartCore } from './core.ts';
import type { AccessWords, DataAccess } from './exits.ts';
import type { DataKinds } from './triggers.ts';

/** The instruction did not complete: the exit to return, or null when the guest took a trap. */
export class Left {
  constructor(readonly exit: HartExit | null) {}
}

export type AccessWidth = DataAccess['bytes'];

/** What an access is, before its instruction is asked for the rest. */
type Kind = Pick<DataAccess, 'store' | 'bytes' | 'value' | 'atomic'>;

/** The offset in guest memory of each of the one or two parts of an access. */
interface Place {
  readonly offset: number;
  /** Bytes at `offset`; the others are at `next`. */
  readonly first: number;
  readonly next: number;
}

/** Bytes of a register. */
const HALF = 8;

const LOAD: DataKinds = ['load'];
const STORE: DataKinds = ['store'];
const BOTH: DataKinds = ['load', 'store'];

export class MemoryAccess {
  /** Stores of others, and writes from outside, end the reservation of the bytes that they touch. */
  readonly #listener: MemoryListener = {
    stored: (offset, length) => this.#breakReservation(offset, length),
    written: (offset, length) => this.#breakReservation(offset, length),
    remapped: () => {},
  };

  constructor(
    readonly core: HartCore,
    /** What the executing instruction adds when an access must be described. */
    readonly instruction: () => AccessWords,
  ) {
    core.memory.listen(this.#listener);
  }

  /** Unsigned value. */
  load(va: bigint, bytes: AccessWidth): bigint {
    this.#watch(va, bytes, LOAD);
    if (this.core.trapsMisaligned) this.#aligned(va, bytes, { store: false, atomic: false });
    return this.#read(this.#place(va, { store: false, bytes, value: 0n, atomic: false }), bytes);
  }

  store(va: bigint, bytes: AccessWidth, value: bigint): void {
    this.#watch(va, bytes, STORE);
    if (this.core.trapsMisaligned) this.#aligned(va, bytes, { store: true, atomic: false });
    this.#write(this.#place(va, { store: true, bytes, value, atomic: false }), bytes, value);
  }

  loadReserved(va: bigint, bytes: 4 | 8): bigint {
    this.#watch(va, bytes, LOAD);
    this.#aligned(va, bytes, { store: false, atomic: true });
    const place = this.#place(va, { store: false, bytes, value: 0n, atomic: true });
    const value = this.#read(place, bytes);
    this.core.reservation = { offset: place.offset, bytes, value };
    return value;
  }

  /**
   * True when it stored. Of the hart's own stores those that changed the bytes make it fail, and one that put the same
   * value there does not; any store of another hart or from outside does.
   */
  storeConditional(va: bigint, bytes: 4 | 8, value: bigint): boolean {
    this.#watch(va, bytes, STORE);
    this.#aligned(va, bytes, { store: true, atomic: true });
    const place = this.#place(va, { store: true, bytes, value, atomic: true });
    const reserved = this.core.reservation;
    this.core.reservation = null;
    if (reserved === null || reserved.offset !== place.offset || reserved.bytes !== bytes) return false;
    if (this.#read(place, bytes) !== reserved.value) return false;
    this.#write(place, bytes, value);
    return true;
  }

  /** Gives the old value, unsigned; `update` makes the new one of it. */
  atomic(va: bigint, bytes: AccessWidth, update: (old: bigint) => bigint): bigint {
    this.#watch(va, bytes, BOTH);
    this.#aligned(va, bytes, { store: true, atomic: true });
    const place = this.#place(va, { store: true, bytes, value: 0n, atomic: true });
    const old = this.#read(place, bytes);
    this.#write(place, bytes, update(old));
    return old;
  }

  /** Two registers at once. An exit tells of the first half only, since KVM emulates no atomic anyway. */
  atomicPair(va: bigint, update: (low: bigint, high: bigint) => readonly [bigint, bigint]): void {
    this.#watch(va, 2 * HALF, BOTH);
    this.#aligned(va, 2 * HALF, { store: true, atomic: true });
    const one = this.#place(va, { store: true, bytes: HALF, value: 0n, atomic: true });
    const other = { ...one, offset: one.offset + HALF };
    const [low, high] = update(this.#read(one, HALF), this.#read(other, HALF));
    this.#write(one, HALF, low);
    this.#write(other, HALF, high);
  }

  /** Triggers come before all else that an access can meet, misalignment and translation included. */
  #watch(va: bigint, bytes: number, kinds: DataKinds): void {
    const { triggers } = this.core;
    if (!triggers.watchesData) return;
    const at = triggers.accessed(this.core, kinds, this.core.translation.dataAddress(va), bytes);
    if (at !== null) throw new Left(this.core.breakpoint(at));
  }

  #breakReservation(offset: number, length: number): void {
    const { reservation } = this.core;
    if (reservation === null) return;
    const overlaps = offset < reservation.offset + reservation.bytes && reservation.offset < offset + length;
    if (overlaps) this.core.reservation = null;
  }

  #aligned(va: bigint, bytes: number, { store, atomic }: Pick<Kind, 'store' | 'atomic'>): void {
    if (va % BigInt(bytes) === 0n) return;
    throw new Left(this.core.misaligned(this.core.translation.dataAddress(va), store, atomic));
  }

  #place(va: bigint, access: Kind): Place {
    const inPage = Number(va & 0xfffn);
    const first = Math.min(access.bytes, bytesLeftInPage(inPage));
    const page = this.#page(va, access);
    const next = first < access.bytes ? this.#page(BigInt.asUintN(64, va + BigInt(first)), access).offset : -1;
    return { offset: page.offset + inPage, first, next };
  }

  #page(computed: bigint, access: Kind): TranslatedPage {
    const va = this.core.translation.dataAddress(computed);
    const page = this.core.translation.translate(va, access.store ? 'store' : 'load');
    if (page.kind !== 'page' || page.offset < 0)
      throw new Left(this.core.dataFault(page, va, { ...access, ...this.instruction() }));
    return page;
  }

  #read({ offset, first, next }: Place, bytes: AccessWidth): bigint {
    const memory = this.core.memory.bytes;
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) {
      value = (value << 8n) | BigInt(memory[i < first ? offset + i : next + i - first] ?? 0);
    }
    return value;
  }

  #write({ offset, first, next }: Place, bytes: AccessWidth, value: bigint): void {
    const memory = this.core.memory.bytes;
    for (let i = 0; i < bytes; i++) {
      memory[i < first ? offset + i : next + i - first] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
    this.core.memory.stored(offset, Math.min(first, bytes), this.#listener);
    if (first < bytes) this.core.memory.stored(next, bytes - first, this.#listener);
  }
}
