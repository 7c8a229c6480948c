/** Where addresses are in the source. Pure. */
import type { LineEntry } from '../../core/protocol/messages.ts';

/** Source line of an address; null when it has none. */
export function lineOf(lines: readonly LineEntry[], address: bigint): number | null {
  let low = 0;
  let high = lines.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const entry = lines[middle];
    if (entry === undefined) return null;
    if (address < entry.address) high = middle - 1;
    else if (address >= entry.address + BigInt(entry.length)) low = middle + 1;
    else return entry.line;
  }
  return null;
}
