/**
 * Operands that are hard for an operation: results halfway between two numbers or next to it, at the borders of
 * the subnormals and of overflow, cancellation, and everything that is not a number. Random patterns hardly ever
 * meet these. One seed, one sequence.
 */

import { decode } from '../../float/format.ts';
import { box, type FloatFormat, type FloatOp, floatOperation, type OperandKind, SHAPES } from '../../float/index.ts';
import { Rng } from '../qemu/rng.ts';
import {
  bits,
  exponent,
  halfway,
  leadingExponent,
  near,
  number,
  oddSignificand,
  precisionOf,
  significand,
  special,
  type Target,
  value,
} from './patterns.ts';

type Draw = (rng: Rng, format: FloatFormat) => bigint[];

/** One operand that is no ordinary number. */
const PERCENT_SPECIAL = 12;
/** All of them, for what only their combinations do. */
const PERCENT_ALL_SPECIAL = 8;
/** Narrower patterns that are not properly boxed, which read as the canonical NaN. */
const PERCENT_UNBOXED = 3;

const few = (rng: Rng): number => rng.below(5) - 2;

/** The value of a pattern, or null for infinities and NaNs. */
function finite(format: FloatFormat, pattern: bigint): Target | null {
  const decoded = decode(format, pattern);
  return decoded.kind === 'finite' ? decoded : null;
}

function negate(format: FloatFormat, pattern: bigint): bigint {
  return pattern ^ SHAPES[format].signBit;
}

function withRandomSign(rng: Rng, format: FloatFormat, pattern: bigint): bigint {
  return rng.chance(50) ? pattern : negate(format, pattern);
}

/** The addend is about as large, cancels, or decides only how the other one rounds. */
function sums(rng: Rng, format: FloatFormat): bigint[] {
  const precision = precisionOf(format);
  const leading = exponent(rng, format);
  const a = near(format, value(rng, precision, leading));
  const other = (): bigint => {
    switch (rng.below(4)) {
      case 0:
        return negate(format, near(format, finite(format, a) ?? value(rng, 1, 0), few(rng)));
      case 1: {
        const below = rng.pick([1, 2, precision - 1, precision, precision + 1, precision + 2, 2 * precision]);
        return near(format, value(rng, precision, leading - below), few(rng));
      }
      case 2:
        return near(format, value(rng, 1, leading - precision), few(rng));
      default:
        return near(format, value(rng, precision, leading + rng.below(3) - 1));
    }
  };
  const pair = [a, withRandomSign(rng, format, other())];
  return rng.chance(50) ? pair : pair.reverse();
}

/** Where the leading bit of a result shall lie: anywhere, or at a border. */
function resultExponent(rng: Rng, format: FloatFormat): number {
  const { minExponent, minQuantum } = SHAPES[format];
  return rng.pick([
    exponent(rng, format),
    1 - minExponent,
    2 - minExponent,
    minExponent,
    minExponent - 1,
    minQuantum - 1,
  ]);
}

/** A factor, and what it must be multiplied with to come next to a border: of subnormals, of overflow, of zero. */
function productsAtBorders(rng: Rng, format: FloatFormat): bigint[] {
  const precision = precisionOf(format);
  const { minExponent, minQuantum } = SHAPES[format];
  const border = rng.pick([minExponent, minExponent, minExponent, 2 - minExponent, minQuantum - 1, minQuantum]);
  const leading = Math.trunc(border / 2) + rng.below(2 * precision) - precision;
  const factor = value(rng, precision, leading);
  const cofactor = (1n << BigInt(3 * precision)) / factor.significand;
  const target = {
    negative: rng.chance(50),
    significand: cofactor,
    exponent: border - 3 * precision - factor.exponent,
  };
  return [near(format, factor), near(format, target, rng.below(3) - 1)];
}

/** Factors whose product has few bits more than fit, or lies at a border. */
function products(rng: Rng, format: FloatFormat): bigint[] {
  if (rng.chance(25)) return productsAtBorders(rng, format);
  const precision = precisionOf(format);
  const together = rng.pick([precision + 1, precision + 2, 2 * precision]);
  const first = Math.min(precision, Math.max(1, together - precision + rng.below(precision)));
  const second = Math.max(1, Math.min(precision, together - first));
  const leading = resultExponent(rng, format);
  const share = rng.chance(50) ? Math.trunc(leading / 2) + rng.below(9) - 4 : exponent(rng, format);
  return [factor(rng, format, first, share), factor(rng, format, second, leading - share - rng.below(2))];
}

function factor(rng: Rng, format: FloatFormat, length: number, leading: number): bigint {
  const odd = oddSignificand(rng, length);
  return near(format, { negative: rng.chance(50), significand: odd, exponent: leading - length + 1 });
}

/** A dividend next to the divisor times a number, or times the middle of two numbers. */
function quotients(rng: Rng, format: FloatFormat): bigint[] {
  const precision = precisionOf(format);
  const divisor = value(rng, rng.chance(30) ? 1 + rng.below(precision) : precision, exponent(rng, format));
  const length = rng.pick([precision, precision + 1, 1 + rng.below(precision)]);
  const quotient = oddSignificand(rng, length);
  const at = resultExponent(rng, format) - length + 1;
  const dividend = {
    negative: rng.chance(50),
    significand: divisor.significand * quotient,
    exponent: divisor.exponent + at,
  };
  return [near(format, dividend, rng.chance(60) ? 0 : few(rng)), near(format, divisor)];
}

/** Squares, and what lies next to the square of a number or of the middle of two. */
function squares(rng: Rng, format: FloatFormat): bigint[] {
  const precision = precisionOf(format);
  const length = rng.pick([precision, precision + 1, 1 + rng.below(precision >> 1)]);
  const root = oddSignificand(rng, length);
  const square = { negative: rng.chance(5), significand: root * root, exponent: 2 * (exponent(rng, format) >> 1) };
  const fits = { ...square, exponent: square.exponent - 2 * (length - 1) - rng.below(2) };
  return [near(format, fits, rng.chance(60) ? 0 : few(rng))];
}

/** The product decides only how the addend rounds: it is about half of the addend's last place. */
function fusionsOfTinyProducts(rng: Rng, format: FloatFormat): bigint[] {
  const { minExponent, minQuantum } = SHAPES[format];
  const precision = precisionOf(format);
  const leading = rng.chance(40) ? minExponent - rng.below(2) : exponent(rng, format);
  const half = Math.max(minQuantum, leading - precision + 1) - 1 - rng.below(2);
  const length = 1 + (rng.chance(50) ? 0 : rng.below(precision));
  const share = Math.trunc(half / 2) + few(rng);
  const factors = [factor(rng, format, length, share), factor(rng, format, 1, half - share)];
  return [...factors, near(format, value(rng, precision, leading), few(rng))];
}

/** The addend nearly cancels the product, or decides only how it rounds. */
function fusionsOfFactors(rng: Rng, format: FloatFormat): bigint[] {
  const factors = products(rng, format);
  const [a, b] = factors.map((pattern) => finite(format, pattern));
  const precision = precisionOf(format);
  if (!a || !b || a.significand === 0n || b.significand === 0n) return [...factors, number(rng, format)];
  const significand = a.significand * b.significand;
  const exact: Target = { negative: a.negative === b.negative, significand, exponent: a.exponent + b.exponent };
  const leading = leadingExponent(exact);
  const addend = (): bigint => {
    switch (rng.below(5)) {
      case 0:
        return near(format, exact, few(rng));
      case 1:
        return near(format, value(rng, 1, leading - precision), few(rng));
      case 2:
        return near(format, value(rng, precision, leading + precision + few(rng)), 0);
      case 3:
        return near(format, value(rng, precision, leading + rng.pick([-1, 0, 1, -2 * precision, 2 * precision])));
      default:
        return number(rng, format);
    }
  };
  return [...factors, withRandomSign(rng, format, addend())];
}

/** Invalid, whatever the addend: also if it is a NaN that is quiet. */
function zeroTimesInfinity(rng: Rng, format: FloatFormat): bigint[] {
  const factors = [0n, SHAPES[format].infinity].map((pattern) => withRandomSign(rng, format, pattern));
  return [...(rng.chance(50) ? factors : factors.reverse()), special(rng, format)];
}

function fusions(rng: Rng, format: FloatFormat): bigint[] {
  if (rng.chance(4)) return zeroTimesInfinity(rng, format);
  return rng.chance(25) ? fusionsOfTinyProducts(rng, format) : fusionsOfFactors(rng, format);
}

/** Equal, neighbours, opposite, or anything. */
function alike(rng: Rng, format: FloatFormat): bigint[] {
  const a = number(rng, format);
  const near = rng.pick([a, a + 1n, a > 0n ? a - 1n : a, negate(format, a), number(rng, format)]);
  return [a, BigInt.asUintN(SHAPES[format].width, near)];
}

const INTEGER_BORDERS: readonly bigint[] = [0n, 1n, 1n << 31n, 1n << 32n, 1n << 63n, 1n << 64n];
/** Quarters around an integer, so that ties and their neighbours are met. */
const QUARTER_BITS = 2n;

/** Next to an integer where conversions end, or any, and to what is halfway to the next. */
function aroundIntegers(rng: Rng, format: FloatFormat): bigint[] {
  const any = significand(rng, 1 + rng.below(precisionOf(format) + 1));
  const integer = rng.chance(60) ? rng.pick(INTEGER_BORDERS) : any;
  const quarters = (integer << QUARTER_BITS) + BigInt(rng.below(13) - 6);
  const negative = rng.chance(50) !== quarters < 0n;
  const target = { negative, significand: quarters < 0n ? -quarters : quarters, exponent: -2 };
  return [rng.chance(20) ? number(rng, format) : near(format, target, rng.chance(60) ? 0 : few(rng))];
}

/** Integers of which the last bits do not fit, at a tie or next to it. */
function integers(rng: Rng, format: FloatFormat): bigint[] {
  if (rng.chance(40)) return [rng.value64()];
  const length = Math.min(64, precisionOf(format) + 1 + rng.below(12));
  const kept = oddSignificand(rng, Math.min(length, precisionOf(format) + 1));
  const width = kept.toString(2).length;
  const wide = (kept << BigInt(rng.below(64 - width + 1))) + BigInt(rng.below(3) - 1);
  return [BigInt.asUintN(64, rng.chance(50) ? wide : -wide)];
}

/** A pattern of `from` at the middle of two numbers of `to`, or next to it. */
function narrowed(rng: Rng, from: FloatFormat, to: FloatFormat): bigint[] {
  const farther = precisionOf(from) - precisionOf(to) - 1;
  if (farther <= 0 || rng.chance(20)) return [number(rng, from)];
  return [near(from, halfway(rng, to, rng.below(farther)), rng.chance(60) ? 0 : few(rng))];
}

const DRAWS: Readonly<Record<FloatOp, Draw>> = {
  add: sums,
  sub: sums,
  mul: products,
  div: quotients,
  sqrt: squares,
  madd: fusions,
  msub: fusions,
  nmsub: fusions,
  nmadd: fusions,
  min: alike,
  max: alike,
  minm: alike,
  maxm: alike,
  eq: alike,
  lt: alike,
  le: alike,
  ltq: alike,
  leq: alike,
  classify: (rng, format) => [number(rng, format)],
  fromH: (rng, format) => narrowed(rng, 'h', format),
  fromS: (rng, format) => narrowed(rng, 's', format),
  fromD: (rng, format) => narrowed(rng, 'd', format),
  toI32: aroundIntegers,
  toU32: aroundIntegers,
  toI64: aroundIntegers,
  toU64: aroundIntegers,
  toI32Modular: aroundIntegers,
  fromI32: integers,
  fromU32: integers,
  fromI64: integers,
  fromU64: integers,
  round: aroundIntegers,
  roundInexact: aroundIntegers,
};

/** The format of an operand, or null for an integer register. */
export function operandFormat(kind: OperandKind, format: FloatFormat): FloatFormat | null {
  if (kind === 'integer') return null;
  return kind === 'own' ? format : kind;
}

function operandKinds(op: FloatOp): readonly OperandKind[] {
  return floatOperation(op).operands;
}

/** One set of operands, as bit patterns (integers as registers), for `floatOperate`. */
export function hardOperands(rng: Rng, op: FloatOp, format: FloatFormat): bigint[] {
  const drawn = DRAWS[op](rng, format);
  const percentSpecial = rng.chance(PERCENT_ALL_SPECIAL) ? 100 : PERCENT_SPECIAL;
  return operandKinds(op).map((kind, index) => {
    const from = operandFormat(kind, format);
    const operand = drawn[index] ?? 0n;
    if (from === null) return operand;
    if (rng.chance(percentSpecial)) return special(rng, from);
    return rng.chance(2) ? bits(rng, SHAPES[from].width) : operand;
  });
}

/** The same as the 64-bit registers that hold them; now and then one is not properly boxed. */
export function hardRegisters(rng: Rng, op: FloatOp, format: FloatFormat): bigint[] {
  const operands = hardOperands(rng, op, format);
  return operandKinds(op).map((kind, index) => {
    const from = operandFormat(kind, format);
    const operand = operands[index] ?? 0n;
    if (from === null || from === 'd') return operand;
    const boxed = box(from, operand);
    return rng.chance(PERCENT_UNBOXED) ? boxed ^ (1n << BigInt(63 - rng.below(64 - SHAPES[from].width))) : boxed;
  });
}

/** `count` sets of registers; the same for the same seed, operation and format. */
export function registerSets(seed: number, op: FloatOp, format: FloatFormat, count: number): bigint[][] {
  const salt = [...`${op}.${format}`].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed);
  const rng = new Rng(salt);
  return Array.from({ length: count }, () => hardRegisters(rng, op, format));
}
