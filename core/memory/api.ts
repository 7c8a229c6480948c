/** Guest-physical memory as the layers share it: one backing store, mapped into guest-physical space by slots. */

export interface GuestMemory {
  /** Bytes of backing store. */
  readonly size: number;
  /** Maps `size` bytes of the store at `offset` to `gpa`; size 0 removes the slot. False when it overlaps or is out of range. */
  mapSlot(slot: number, gpa: bigint, size: bigint, offset: bigint): boolean;
  /** Offset in the store of `length` contiguous bytes at `gpa`, or -1 when some of them are not RAM. */
  offsetOf(gpa: bigint, length: number): number;
  /** Copy of the store; throws RangeError outside it. */
  read(offset: number, length: number): Uint8Array;
  /** Writes from outside the guest; predecoded and compiled code that it overlaps is dropped. */
  write(offset: number, bytes: Uint8Array): void;
}
