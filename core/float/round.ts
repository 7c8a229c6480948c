/** The one place where an exact value becomes a bit pattern. */
import { type FloatFormat, SHAPES, withSign } from './format.ts';

/** Rounding modes as in `frm` and the `rm` field. [Unprivileged ISA, "Floating-Point Control and Status Register"] */
export const ROUNDING = {
  /** To nearest, ties to even. */
  RNE: 0,
  /** Towards zero. */
  RTZ: 1,
  /** Down. */
  RDN: 2,
  /** Up. */
  RUP: 3,
  /** To nearest, ties to the larger magnitude. */
  RMM: 4,
} as const;
export type RoundingMode = (typeof ROUNDING)[keyof typeof ROUNDING];
export const ROUNDING_MODES: readonly RoundingMode[] = Object.values(ROUNDING);

/** Accrued exceptions as in `fflags`. */
export const FLAG = {
  /** Inexact. */
  NX: 1,
  /** Underflow. */
  UF: 2,
  /** Overflow. */
  OF: 4,
  /** Divide by zero. */
  DZ: 8,
  /** Invalid operation. */
  NV: 16,
} as const;

export interface FloatResult {
  /** A pattern of the result's format, or a 64-bit register value if the result is an integer. */
  readonly bits: bigint;
  /** The exceptions that the operation raises, a union of `FLAG`. */
  readonly flags: number;
}

/** `significand * 2^exponent`. A value of which only a part is known has a last bit that is odd and below what can decide. */
export interface Magnitude {
  readonly significand: bigint;
  readonly exponent: number;
}

/** Bits of a value that is not negative; none for zero. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = value.toString(16);
  return digits.length * 4 - (Math.clz32(Number.parseInt(digits.slice(0, 1), 16)) - 28);
}

/** The multiple of `2^quantum` that the mode takes for the value, as the multiplier. */
export function roundTo(
  quantum: number,
  rm: RoundingMode,
  negative: boolean,
  { significand, exponent }: Magnitude,
): { readonly multiple: bigint; readonly inexact: boolean } {
  const dropped = quantum - exponent;
  if (dropped <= 0) return { multiple: significand << BigInt(-dropped), inexact: false };
  const below = significand >> BigInt(dropped);
  const rest = significand - (below << BigInt(dropped));
  const half = 1n << BigInt(dropped - 1);
  return { multiple: goesUp(rm, negative, below, rest, half) ? below + 1n : below, inexact: rest !== 0n };
}

function goesUp(rm: RoundingMode, negative: boolean, below: bigint, rest: bigint, half: bigint): boolean {
  switch (rm) {
    case ROUNDING.RNE:
      return rest > half || (rest === half && (below & 1n) === 1n);
    case ROUNDING.RMM:
      return rest >= half;
    case ROUNDING.RTZ:
      return false;
    case ROUNDING.RDN:
      return negative && rest !== 0n;
    case ROUNDING.RUP:
      return !negative && rest !== 0n;
    default:
      return rm satisfies never;
  }
}

/**
 * The number of the format for a value that is not zero. Tininess is detected after rounding: a value is tiny
 * when it would be below the smallest normal number if only the exponent had no limit. [Unprivileged ISA, F]
 */
export function round(format: FloatFormat, rm: RoundingMode, negative: boolean, value: Magnitude): FloatResult {
  const { fractionBits, minExponent, minQuantum, infinity } = SHAPES[format];
  const unlimited = value.exponent + bitLength(value.significand) - 1 - fractionBits;
  const quantum = Math.max(unlimited, minQuantum);
  const { multiple, inexact } = roundTo(quantum, rm, negative, value);
  const hidden = 1n << BigInt(fractionBits);
  // A subnormal number lacks the hidden bit, and a carry out of the fraction is the next exponent: one sum serves all.
  const magnitude = (BigInt(quantum - minQuantum + 1) << BigInt(fractionBits)) + multiple - hidden;
  if (magnitude >= infinity) return overflow(format, rm, negative);
  const freely = quantum === unlimited ? multiple : roundTo(unlimited, rm, negative, value).multiple;
  const tiny = unlimited + bitLength(freely) - 1 < minExponent;
  const flags = inexact ? FLAG.NX | (tiny ? FLAG.UF : 0) : 0;
  return { bits: withSign(format, negative, magnitude), flags };
}

function overflow(format: FloatFormat, rm: RoundingMode, negative: boolean): FloatResult {
  const towardsZero = rm === ROUNDING.RTZ || rm === (negative ? ROUNDING.RUP : ROUNDING.RDN);
  const { infinity } = SHAPES[format];
  return { bits: withSign(format, negative, towardsZero ? infinity - 1n : infinity), flags: FLAG.OF | FLAG.NX };
}
