/** The interchange formats of IEEE 754 that RISC-V computes in, and bit patterns as numbers. */

/** Half, single and double precision: binary16, binary32, binary64. */
export type FloatFormat = 'h' | 's' | 'd';
export const FLOAT_FORMATS: readonly FloatFormat[] = ['h', 's', 'd'];

export interface FormatShape {
  /** Bits of a pattern. */
  readonly width: number;
  /** Bits of the fraction field; the precision is one more. */
  readonly fractionBits: number;
  /** Exponent of the smallest normal number. */
  readonly minExponent: number;
  /** Exponent of the last bit of subnormal numbers, and of the smallest normal ones. */
  readonly minQuantum: number;
  readonly signBit: bigint;
  readonly infinity: bigint;
  /** The only NaN that an operation gives. [Unprivileged ISA, "NaN Generation and Propagation"] */
  readonly canonicalNan: bigint;
}

function shape(width: number, exponentBits: number): FormatShape {
  const fractionBits = width - exponentBits - 1;
  const minExponent = 2 - 2 ** (exponentBits - 1);
  const infinity = ((1n << BigInt(exponentBits)) - 1n) << BigInt(fractionBits);
  return {
    width,
    fractionBits,
    minExponent,
    minQuantum: minExponent - fractionBits,
    signBit: 1n << BigInt(width - 1),
    infinity,
    canonicalNan: infinity | (1n << BigInt(fractionBits - 1)),
  };
}

export const SHAPES: Readonly<Record<FloatFormat, FormatShape>> = {
  h: shape(16, 5),
  s: shape(32, 8),
  d: shape(64, 11),
};

/** Exactly `significand * 2^exponent`, negated if `negative`; a zero has a sign too. */
export interface Finite {
  readonly kind: 'finite';
  readonly negative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
}
export interface Infinite {
  readonly kind: 'infinite';
  readonly negative: boolean;
}
export interface NotANumber {
  readonly kind: 'nan';
  readonly negative: boolean;
  readonly signaling: boolean;
}
export type FloatValue = Finite | Infinite | NotANumber;

/** What a bit pattern of the format stands for. */
export function decode(format: FloatFormat, bits: bigint): FloatValue {
  const { fractionBits, minQuantum, signBit, infinity, canonicalNan } = SHAPES[format];
  const negative = (bits & signBit) !== 0n;
  const magnitude = bits & (signBit - 1n);
  if (magnitude > infinity) return { kind: 'nan', negative, signaling: (magnitude & canonicalNan) !== canonicalNan };
  if (magnitude === infinity) return { kind: 'infinite', negative };
  const hidden = 1n << BigInt(fractionBits);
  const field = Number(magnitude >> BigInt(fractionBits));
  const fraction = magnitude & (hidden - 1n);
  if (field === 0) return { kind: 'finite', negative, significand: fraction, exponent: minQuantum };
  return { kind: 'finite', negative, significand: hidden | fraction, exponent: minQuantum + field - 1 };
}

/** The pattern with the sign put to a magnitude (a pattern whose sign bit is clear). */
export function withSign(format: FloatFormat, negative: boolean, magnitude: bigint): bigint {
  return negative ? magnitude | SHAPES[format].signBit : magnitude;
}

const REGISTER_BITS = 64;

/** The 64-bit register that holds a pattern: bits above a narrower one are ones. [Unprivileged ISA, "NaN Boxing of Narrower Values"] */
export function box(format: FloatFormat, bits: bigint): bigint {
  return BigInt.asUintN(REGISTER_BITS, bits | (-1n << BigInt(SHAPES[format].width)));
}

/** The pattern that an operation reads from a 64-bit register: the canonical NaN when it is not properly boxed. */
export function unbox(format: FloatFormat, register: bigint): bigint {
  const { width, canonicalNan } = SHAPES[format];
  const bits = BigInt.asUintN(width, register);
  return box(format, bits) === register ? bits : canonicalNan;
}
