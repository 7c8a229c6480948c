/** Small helpers on 32-bit words held in numbers. */

/** The low `width` (1..32) bits of `value` as an unsigned number. */
export function lowBits(value: number, width: number): number {
  return width >= 32 ? value >>> 0 : value & ((1 << width) - 1);
}

/** Bits `lo..lo+width-1` of a 32-bit word, unsigned. */
export function bitsOf(word: number, lo: number, width: number): number {
  return lowBits(word >>> lo, width);
}

/** A mask of bits `lo..lo+width-1`, unsigned. */
export function maskOf(lo: number, width: number): number {
  return ((width >= 32 ? 0xffffffff : 2 ** width - 1) << lo) >>> 0;
}

/** Reads the low `width` (1..32) bits of `value` as a two's-complement number. */
export function signExtend(value: number, width: number): number {
  const shift = 32 - width;
  return (value << shift) >> shift;
}

/** Number of ones in a 32-bit word. */
export function popcount(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count += 1;
  return count;
}

/** `0x` and at least `digits` lower-case hexadecimal digits of an unsigned number. */
export function hex(value: number | bigint, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
