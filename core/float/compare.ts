/** Comparisons, minimum, maximum and classification. None of them rounds. */
import { propagated } from './arithmetic.ts';
import { decode, type FloatFormat, type FloatValue, SHAPES } from './format.ts';
import { FLAG, type FloatResult } from './round.ts';

/** Numbers in their order as integers in theirs; -0 comes just below +0. */
function rank(format: FloatFormat, bits: bigint): bigint {
  const { signBit } = SHAPES[format];
  return (bits & signBit) === 0n ? bits : -1n - (bits - signBit);
}

/** Whether NaN operands are invalid always, or only signaling ones. */
export type NanRule = 'quiet' | 'signaling';

/** The order of two operands: below 0, 0 or above 0; null if there is none. Zeros are equal. */
function order(format: FloatFormat, a: bigint, b: bigint): bigint | null {
  const [left, right] = [decode(format, a), decode(format, b)];
  if (left.kind === 'nan' || right.kind === 'nan') return null;
  const zeros = ((a | b) & (SHAPES[format].signBit - 1n)) === 0n;
  return zeros ? 0n : rank(format, a) - rank(format, b);
}

const isSignaling = (value: FloatValue): boolean => value.kind === 'nan' && value.signaling;

function flagsOfNans(format: FloatFormat, rule: NanRule, operands: readonly bigint[]): number {
  const values = operands.map((bits) => decode(format, bits));
  const raises = values.some((value) => (rule === 'signaling' ? value.kind === 'nan' : isSignaling(value)));
  return raises ? FLAG.NV : 0;
}

/** 1 if the relation holds, else 0, also when an operand is a NaN. */
export function compare(
  format: FloatFormat,
  relation: 'eq' | 'lt' | 'le',
  rule: NanRule,
  [a, b]: readonly [bigint, bigint],
): FloatResult {
  const between = order(format, a, b);
  const holds = between !== null && (between === 0n ? relation !== 'lt' : between < 0n && relation !== 'eq');
  return { bits: holds ? 1n : 0n, flags: flagsOfNans(format, rule, [a, b]) };
}

/**
 * Minimum or maximum with -0 below +0. With `'number'` a NaN loses against a number (minimumNumber of
 * IEEE 754-2019, `fmin`, `fmax`), with `'nan'` it wins (minimum, Zfa's `fminm`, `fmaxm`).
 */
export function extreme(
  format: FloatFormat,
  which: 'min' | 'max',
  wins: 'number' | 'nan',
  [a, b]: readonly [bigint, bigint],
): FloatResult {
  const [left, right] = [decode(format, a), decode(format, b)];
  const nans = propagated(format, [left, right]);
  const [noLeft, noRight] = [left.kind === 'nan', right.kind === 'nan'];
  if ((noLeft && noRight) || (wins === 'nan' && (noLeft || noRight))) return nans;
  if (noLeft) return { bits: b, flags: nans.flags };
  if (noRight) return { bits: a, flags: nans.flags };
  const leftIsLess = rank(format, a) < rank(format, b);
  return { bits: leftIsLess === (which === 'min') ? a : b, flags: 0 };
}

/** The classes of `fclass`, by the bit that stands for them. [Unprivileged ISA, "Floating-Point Classify Instruction"] */
export const CLASSES = [
  'negative infinity',
  'negative normal',
  'negative subnormal',
  'negative zero',
  'positive zero',
  'positive subnormal',
  'positive normal',
  'positive infinity',
  'signaling NaN',
  'quiet NaN',
] as const;
export type FloatClass = (typeof CLASSES)[number];

export function classOf(format: FloatFormat, bits: bigint): FloatClass {
  const value = decode(format, bits);
  if (value.kind === 'nan') return value.signaling ? 'signaling NaN' : 'quiet NaN';
  const sign = value.negative ? 'negative' : 'positive';
  if (value.kind === 'infinite') return `${sign} infinity`;
  if (value.significand === 0n) return `${sign} zero`;
  return value.significand >> BigInt(SHAPES[format].fractionBits) === 0n ? `${sign} subnormal` : `${sign} normal`;
}

/** One bit of ten is set. */
export function classify(format: FloatFormat, bits: bigint): FloatResult {
  return { bits: 1n << BigInt(CLASSES.indexOf(classOf(format, bits))), flags: 0 };
}
