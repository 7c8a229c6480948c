/** Addition, multiplication, division, square root and fused multiply-add: exact, then rounded once. */
import { decode, type Finite, type FloatFormat, type FloatValue, type NotANumber, SHAPES, withSign } from './format.ts';
import { bitLength, FLAG, type FloatResult, type Magnitude, ROUNDING, type RoundingMode, round } from './round.ts';

/** The canonical NaN; signaling operands raise NV. */
export function propagated(format: FloatFormat, values: readonly FloatValue[]): FloatResult {
  const signaling = values.some((value) => value.kind === 'nan' && value.signaling);
  return { bits: SHAPES[format].canonicalNan, flags: signaling ? FLAG.NV : 0 };
}

export function invalid(format: FloatFormat): FloatResult {
  return { bits: SHAPES[format].canonicalNan, flags: FLAG.NV };
}

export function infinite(format: FloatFormat, negative: boolean): FloatResult {
  return { bits: withSign(format, negative, SHAPES[format].infinity), flags: 0 };
}

export function zero(format: FloatFormat, negative: boolean): FloatResult {
  return { bits: withSign(format, negative, 0n), flags: 0 };
}

function negated<V extends FloatValue>(value: V): V {
  return { ...value, negative: !value.negative };
}

function isNan(value: FloatValue): value is NotANumber {
  return value.kind === 'nan';
}

/** The exact sum of two finite values; both signs count for a sum of zeros. */
function sum(format: FloatFormat, rm: RoundingMode, a: Finite, b: Finite): FloatResult {
  const exponent = Math.min(a.exponent, b.exponent);
  const aligned = (value: Finite): bigint => {
    const magnitude = value.significand << BigInt(value.exponent - exponent);
    return value.negative ? -magnitude : magnitude;
  };
  const total = aligned(a) + aligned(b);
  if (total === 0n) return zero(format, a.negative === b.negative ? a.negative : rm === ROUNDING.RDN);
  const negative = total < 0n;
  return round(format, rm, negative, { significand: negative ? -total : total, exponent });
}

function addValues(format: FloatFormat, rm: RoundingMode, a: FloatValue, b: FloatValue): FloatResult {
  if (isNan(a) || isNan(b)) return propagated(format, [a, b]);
  if (a.kind === 'infinite' && b.kind === 'infinite')
    return a.negative === b.negative ? infinite(format, a.negative) : invalid(format);
  if (a.kind === 'infinite') return infinite(format, a.negative);
  if (b.kind === 'infinite') return infinite(format, b.negative);
  return sum(format, rm, a, b);
}

export function add(format: FloatFormat, rm: RoundingMode, a: bigint, b: bigint): FloatResult {
  return addValues(format, rm, decode(format, a), decode(format, b));
}

export function sub(format: FloatFormat, rm: RoundingMode, a: bigint, b: bigint): FloatResult {
  return addValues(format, rm, decode(format, a), negated(decode(format, b)));
}

const isZero = (value: FloatValue): boolean => value.kind === 'finite' && value.significand === 0n;

/** The exact product, or 'invalid' for zero times infinity. */
function product(a: Exclude<FloatValue, NotANumber>, b: Exclude<FloatValue, NotANumber>): FloatValue | 'invalid' {
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite') return isZero(b) ? 'invalid' : { kind: 'infinite', negative };
  if (b.kind === 'infinite') return isZero(a) ? 'invalid' : { kind: 'infinite', negative };
  const significand = a.significand * b.significand;
  return { kind: 'finite', negative, significand, exponent: a.exponent + b.exponent };
}

export function mul(format: FloatFormat, rm: RoundingMode, a: bigint, b: bigint): FloatResult {
  const [left, right] = [decode(format, a), decode(format, b)];
  if (isNan(left) || isNan(right)) return propagated(format, [left, right]);
  const exact = product(left, right);
  if (exact === 'invalid' || exact.kind === 'nan') return invalid(format);
  if (exact.kind === 'infinite') return infinite(format, exact.negative);
  if (exact.significand === 0n) return zero(format, exact.negative);
  return round(format, rm, exact.negative, exact);
}

/** How the terms of a fused multiply-add are signed: of the product, and of the addend. */
export interface FusedSigns {
  readonly product: boolean;
  readonly addend: boolean;
}

/** `a * b + c` with the signs given, rounded once. Zero times infinity is invalid even if c is a quiet NaN. [Unprivileged ISA, F] */
export function fused(
  format: FloatFormat,
  rm: RoundingMode,
  signs: FusedSigns,
  [a, b, c]: readonly [bigint, bigint, bigint],
): FloatResult {
  const [left, right, third] = [decode(format, a), decode(format, b), decode(format, c)];
  if (isNan(left) || isNan(right)) return propagated(format, [left, right, third]);
  const exact = product(left, right);
  if (exact === 'invalid') return invalid(format);
  if (isNan(third)) return propagated(format, [third]);
  return addValues(format, rm, signs.product ? negated(exact) : exact, signs.addend ? negated(third) : third);
}

/** A quotient or root of which `significand` is the whole part: a remainder makes a last bit that is odd. */
function withRemainder(significand: bigint, exponent: number, remains: boolean): Magnitude {
  return { significand: (significand << 1n) | (remains ? 1n : 0n), exponent: exponent - 1 };
}

/** Bits of a quotient or root beyond the precision of the widest format that it is rounded to. */
const GUARD_BITS = 2;

export function div(format: FloatFormat, rm: RoundingMode, a: bigint, b: bigint): FloatResult {
  const [left, right] = [decode(format, a), decode(format, b)];
  if (isNan(left) || isNan(right)) return propagated(format, [left, right]);
  const negative = left.negative !== right.negative;
  if (left.kind === 'infinite') return right.kind === 'infinite' ? invalid(format) : infinite(format, negative);
  if (right.kind === 'infinite') return zero(format, negative);
  if (right.significand === 0n)
    return left.significand === 0n ? invalid(format) : { ...infinite(format, negative), flags: FLAG.DZ };
  if (left.significand === 0n) return zero(format, negative);
  const wanted = SHAPES[format].fractionBits + 1 + GUARD_BITS;
  const shift = Math.max(0, wanted + bitLength(right.significand) - bitLength(left.significand));
  const dividend = left.significand << BigInt(shift);
  const quotient = dividend / right.significand;
  const remains = quotient * right.significand !== dividend;
  return round(format, rm, negative, withRemainder(quotient, left.exponent - shift - right.exponent, remains));
}

/** The largest integer whose square is not above the value. */
function integerRoot(value: bigint): bigint {
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export function sqrt(format: FloatFormat, rm: RoundingMode, a: bigint): FloatResult {
  const value = decode(format, a);
  if (isNan(value)) return propagated(format, [value]);
  if (isZero(value)) return zero(format, value.negative);
  if (value.negative) return invalid(format);
  if (value.kind === 'infinite') return infinite(format, false);
  const wanted = 2 * (SHAPES[format].fractionBits + 1 + GUARD_BITS);
  const least = Math.max(0, wanted - bitLength(value.significand));
  // What is under the root needs an even exponent.
  const shift = least + ((value.exponent - least) & 1);
  const radicand = value.significand << BigInt(shift);
  const root = integerRoot(radicand);
  return round(format, rm, false, withRemainder(root, (value.exponent - shift) / 2, root * root !== radicand));
}
