/** The map of memory-mapped devices: finds the device of an access and refuses what no device declared. RAM is not on it. */
import { hex } from '../base/bits.ts';
import type { Device, Width } from './device.ts';

export interface Placed {
  /** Guest-physical address of the first byte of the window. */
  readonly base: bigint;
  readonly device: Device;
}

/** An access that nothing answers, in words. */
export interface BusFault {
  readonly fault: string;
  /** Whether no device is there at all; else the one that is there takes no such access. */
  readonly nowhere: boolean;
}

export class Bus {
  readonly #placed: (Placed & { readonly end: bigint })[] = [];

  get placed(): readonly Placed[] {
    return this.#placed;
  }

  /** @throws RangeError when the window is empty, overlaps another one, or two devices have one name. */
  insert(base: bigint, device: Device): void {
    const end = base + BigInt(device.size);
    if (device.size <= 0) throw new RangeError(`${device.name}: a window needs at least one byte`);
    for (const other of this.#placed) {
      if (other.device.name === device.name) throw new RangeError(`${device.name}: there is a device of that name`);
      if (base < other.base + BigInt(other.device.size) && other.base < end) {
        throw new RangeError(`${device.name} at ${hex(base)} overlaps ${other.device.name} at ${hex(other.base)}`);
      }
    }
    this.#placed.push({ base, end, device });
    this.#placed.sort((a, b) => (a.base < b.base ? -1 : 1));
  }

  read(gpa: bigint, width: Width, who: number): { readonly value: bigint } | BusFault {
    const found = this.#find(gpa, width, 'load');
    if ('fault' in found) return found;
    const value = found.device.read({ offset: Number(gpa - found.base), width, who });
    return { value: BigInt.asUintN(8 * width, value) };
  }

  write(gpa: bigint, width: Width, value: bigint, who: number): BusFault | null {
    const found = this.#find(gpa, width, 'store');
    if ('fault' in found) return found;
    found.device.write({ offset: Number(gpa - found.base), width, who }, BigInt.asUintN(8 * width, value));
    return null;
  }

  #find(gpa: bigint, width: Width, what: 'load' | 'store'): Placed | BusFault {
    for (const placed of this.#placed) {
      const { base, end, device } = placed;
      if (gpa < base || gpa >= end) continue;
      if (end - gpa < width) return fault(gpa, width, what, ` reaches past the end of ${device.name}`);
      if (!device.widths.includes(width)) {
        return fault(gpa, width, what, `: ${device.name} takes accesses of ${device.widths.join(', ')} only`);
      }
      return placed;
    }
    return { ...fault(gpa, width, what, ': neither RAM nor a device is there'), nowhere: true };
  }
}

function fault(gpa: bigint, width: Width, what: 'load' | 'store', why: string): BusFault {
  return { fault: `${what} of ${width} byte${width === 1 ? '' : 's'} at ${hex(gpa)}${why}`, nowhere: false };
}
