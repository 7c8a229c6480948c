/** Guest RAM as the VMM reaches it: through its own mapping, by guest-physical address. */
import type { KvmMapping } from '../kvm/uapi.ts';
import { RAM_BASE } from './layout.ts';

export class GuestRam {
  constructor(
    private readonly mapping: KvmMapping,
    /** Bytes. */
    readonly size: number,
  ) {}

  contains(gpa: bigint, length: bigint): boolean {
    return gpa >= RAM_BASE && gpa + length <= RAM_BASE + BigInt(this.size);
  }

  /** How many of so many bytes from an address on are in RAM, as long as none is missing before them. */
  lengthFrom(gpa: bigint, most: number): number {
    return this.contains(gpa, 1n) ? Math.min(most, Number(RAM_BASE + BigInt(this.size) - gpa)) : 0;
  }

  /** A copy. @throws RangeError outside RAM. */
  read(gpa: bigint, length: number): Uint8Array {
    return this.mapping.read(this.#offset(gpa, length), length);
  }

  /** @throws RangeError outside RAM. */
  write(gpa: bigint, bytes: Uint8Array): void {
    this.mapping.write(this.#offset(gpa, bytes.length), bytes);
  }

  #offset(gpa: bigint, length: number): number {
    if (!this.contains(gpa, BigInt(length))) throw new RangeError(`0x${gpa.toString(16)} is not in RAM`);
    return Number(gpa - RAM_BASE);
  }
}
