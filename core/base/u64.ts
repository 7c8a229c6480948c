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
