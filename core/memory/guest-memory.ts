/**
 * Guest RAM: one backing store seen through slots of guest-physical space, as KVM memory slots map parts
 * of a VMM's mapping. It knows no translation and no devices: what is in no slot is not RAM.
 */
import type { GuestMemory } from './api.ts';

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;
/** Guest-physical addresses have 56 bits in Sv39, Sv48 and Sv57. [Privileged ISA, Supervisor: Sv39] */
const GPA_LIMIT = 1n << 56n;

/** Pages of guest-physical space and where they are in the store. */
export interface MemoryRange {
  readonly firstPage: number;
  readonly pages: number;
  /** Offset in the store of the first byte. */
  readonly offset: number;
}

const NO_MEMORY: MemoryRange = { firstPage: 0, pages: 0, offset: 0 };

export interface MemoryListener {
  /** A hart stored bytes by itself. Never called for the hart that did. */
  stored?(offset: number, length: number): void;
  /** Bytes `offset..offset+length-1` of the store were written from outside the guest. */
  written(offset: number, length: number): void;
  /** A slot came, went or moved: what was derived from guest-physical addresses is stale. */
  remapped(): void;
}

/**
 * `GuestMemory` over a fixed view, which may be part of a wasm memory that does not grow any more. Slots
 * are whole pages: anything else is refused, as KVM does with EINVAL. Numbers of pages ("frames") are
 * plain numbers (44 bits), so that a page walk needs no BigInt.
 */
export class SlottedMemory implements GuestMemory {
  readonly view: DataView;
  readonly #slots = new Map<number, MemoryRange>();
  /** The same slots, for lookup. */
  #ranges: readonly MemoryRange[] = [];
  readonly #listeners = new Set<MemoryListener>();

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.bytes.byteLength;
  }

  /** Returns the function that takes the listener away again. */
  listen(listener: MemoryListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  mapSlot(slot: number, gpa: bigint, size: bigint, offset: bigint): boolean {
    if (size === 0n) {
      if (!this.#slots.delete(slot)) return false;
      this.#slotsChanged();
      return true;
    }
    if (size < 0n || gpa < 0n || offset < 0n || ((gpa | size | offset) & BigInt(PAGE_SIZE - 1)) !== 0n) return false;
    if (gpa + size > GPA_LIMIT || offset + size > BigInt(this.size)) return false;
    const candidate: MemoryRange = {
      firstPage: Number(gpa >> BigInt(PAGE_SHIFT)),
      pages: Number(size >> BigInt(PAGE_SHIFT)),
      offset: Number(offset),
    };
    for (const [id, other] of this.#slots) {
      if (id !== slot && overlaps(candidate, other)) return false;
    }
    this.#slots.set(slot, candidate);
    this.#slotsChanged();
    return true;
  }

  /** Where most of the guest's memory lies; zeros without any slot. */
  largestSlot(): MemoryRange {
    return this.#ranges.reduce<MemoryRange>((best, range) => (range.pages > best.pages ? range : best), NO_MEMORY);
  }

  /** Offset in the store of the page with that guest-physical page number, or -1 when it is not RAM. */
  frameOffset(frame: number): number {
    for (const range of this.#ranges) {
      const index = frame - range.firstPage;
      if (index >= 0 && index < range.pages) return range.offset + index * PAGE_SIZE;
    }
    return -1;
  }

  offsetOf(gpa: bigint, length: number): number {
    if (gpa < 0n || gpa >= GPA_LIMIT) return -1;
    const frame = Number(gpa >> BigInt(PAGE_SHIFT));
    const inPage = Number(gpa & BigInt(PAGE_SIZE - 1));
    const first = this.frameOffset(frame);
    if (first < 0) return -1;
    const lastPage = Math.floor((inPage + Math.max(length, 1) - 1) / PAGE_SIZE);
    for (let page = 1; page <= lastPage; page++) {
      if (this.frameOffset(frame + page) !== first + page * PAGE_SIZE) return -1;
    }
    return first + inPage;
  }

  read(offset: number, length: number): Uint8Array {
    this.#check(offset, length);
    return this.bytes.slice(offset, offset + length);
  }

  /** One byte, as `write` does it. */
  writeByte(offset: number, value: number): void {
    this.bytes[offset] = value;
    for (const listener of this.#listeners) listener.written(offset, 1);
  }

  /** A hart has stored bytes: tells all listeners but its own. */
  stored(offset: number, length: number, by: MemoryListener): void {
    for (const listener of this.#listeners) if (listener !== by) listener.stored?.(offset, length);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#check(offset, bytes.length);
    this.bytes.set(bytes, offset);
    for (const listener of this.#listeners) listener.written(offset, bytes.length);
  }

  #check(offset: number, length: number): void {
    if (!Number.isInteger(offset) || offset < 0 || length < 0 || offset + length > this.size) {
      throw new RangeError(`${length} bytes at offset ${offset} are outside a guest memory of ${this.size} bytes`);
    }
  }

  #slotsChanged(): void {
    this.#ranges = [...this.#slots.values()];
    for (const listener of this.#listeners) listener.remapped();
  }
}

function overlaps(a: MemoryRange, b: MemoryRange): boolean {
  return a.firstPage < b.firstPage + b.pages && b.firstPage < a.firstPage + a.pages;
}
