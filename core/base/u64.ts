/** 64-bit guest values as `bigint`: unsigned at interfaces, signed only while computing. */

export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** The value modulo 2^64, unsigned. */
export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** The value modulo 2^64 as a two's-complement number. */
export function s64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** The low 32 bits, sign-extended, as an unsigned 64-bit value: what the `w` instructions write. */
export function sext32(value: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(32, value));
}

/** A number (signed or not, below 2^53) as an unsigned 64-bit value. */
export function u64FromNumber(value: number): bigint {
  return BigInt.asUintN(64, BigInt(value));
}

/** One 64-bit word and its halves; the typed arrays of every host that runs WebAssembly here are little-endian. */
const word = new BigUint64Array(1);
const halves = new Uint32Array(word.buffer);

/** An unsigned value from its halves, of which 32 bits count. Hot paths use it: `BigInt(number)` costs some ten times as much. */
export function fromHalves(high: number, low: number): bigint {
  halves[0] = low;
  halves[1] = high;
  return word[0] ?? 0n;
}

/** The low 32 bits, unsigned. */
export function lowHalf(value: bigint): number {
  word[0] = value;
  return halves[0] ?? 0;
}

/** Bits 63 to 32, unsigned. */
export function highHalf(value: bigint): number {
  word[0] = value;
  return halves[1] ?? 0;
}
