/** Bit patterns of the kinds that floating-point arithmetic goes wrong for. */
import { type FloatFormat, SHAPES } from '../../float/index.ts';
import { bitLength, type Magnitude, ROUNDING, round } from '../../float/round.ts';
import type { Rng } from '../qemu/rng.ts';

/** A signed exact value. */
export interface Target extends Magnitude {
  readonly negative: boolean;
}

export const precisionOf = (format: FloatFormat): number => SHAPES[format].fractionBits + 1;

/** Uniform, with the number of bits given. */
export function bits(rng: Rng, count: number): bigint {
  let value = 0n;
  for (let done = 0; done < count; done += 32) value = (value << 32n) | BigInt(rng.word());
  return BigInt.asUintN(count, value);
}

/** The pattern near an exact value; away from it by `ulps`, within the numbers and infinities of its sign. */
export function near(format: FloatFormat, value: Target, ulps = 0): bigint {
  const { signBit, infinity } = SHAPES[format];
  const sign = value.negative ? signBit : 0n;
  const nearest = value.significand === 0n ? 0n : round(format, ROUNDING.RNE, false, value).bits;
  const moved = nearest + BigInt(ulps);
  return sign | (moved < 0n ? 0n : moved > infinity ? infinity : moved);
}

/** A significand with exactly `length` bits whose shape makes carries, ties or long runs likely. */
export function significand(rng: Rng, length: number): bigint {
  const top = 1n << BigInt(length - 1);
  const all = (top << 1n) - 1n;
  const at = BigInt(rng.below(length));
  switch (rng.below(7)) {
    case 0:
      return top;
    case 1:
      return all;
    case 2:
      return top | (1n << at);
    case 3:
      return all ^ ((1n << at) >> 1n);
    case 4:
      return top | ((1n << at) - 1n);
    case 5:
      return top | (((1n << at) - 1n) << (BigInt(length) - 1n - at));
    default:
      return top | bits(rng, length - 1);
  }
}

/** An odd significand with exactly `length` bits, or 1. */
export function oddSignificand(rng: Rng, length: number): bigint {
  return significand(rng, length) | 1n;
}

/** NaNs of both kinds and signs with payloads at both ends, infinities, zeros, and the ends of the subnormal and normal ranges. */
export function special(rng: Rng, format: FloatFormat): bigint {
  const { fractionBits, infinity, canonicalNan, signBit } = SHAPES[format];
  const smallestNormal = 1n << BigInt(fractionBits);
  const quiet = canonicalNan - infinity;
  const payload = rng.pick([1n, quiet - 1n, 1n + bits(rng, fractionBits - 2)]);
  const magnitude = rng.pick([
    ...[0n, 0n, infinity, canonicalNan, canonicalNan | payload, infinity | payload, infinity | payload],
    ...[1n, 2n, 3n, smallestNormal - 1n, smallestNormal, smallestNormal + 1n, infinity - 1n, infinity - 2n],
  ]);
  return rng.chance(50) ? magnitude : magnitude | signBit;
}

/** Exponents of the leading bit that the format has, without its subnormals. */
function exponentRange(format: FloatFormat): { readonly min: number; readonly max: number } {
  const { minExponent } = SHAPES[format];
  return { min: minExponent, max: 1 - minExponent };
}

/** An exponent of the leading bit: near one, at the ends, in the subnormals, or anywhere. */
export function exponent(rng: Rng, format: FloatFormat): number {
  const { min, max } = exponentRange(format);
  const precision = precisionOf(format);
  switch (rng.below(5)) {
    case 0:
      return rng.below(2 * precision + 1) - precision;
    case 1:
      return max - rng.below(3);
    case 2:
      return min + rng.below(3) - rng.below(precision);
    default:
      return min + rng.below(max - min + 1);
  }
}

/** A value with `length` significant bits and its leading one at `leading`. */
export function value(rng: Rng, length: number, leading: number): Target {
  return {
    negative: rng.chance(50),
    significand: significand(rng, length),
    exponent: leading - length + 1,
  };
}

/** Any finite number of a shape above. */
export function number(rng: Rng, format: FloatFormat): bigint {
  return near(format, value(rng, precisionOf(format), exponent(rng, format)));
}

/** Halfway between two neighbours of the format, or off it by what `farther` more bits can say. */
export function halfway(rng: Rng, format: FloatFormat, farther: number): Target {
  const { minQuantum } = SHAPES[format];
  const precision = precisionOf(format);
  const leading = exponent(rng, format);
  const quantum = Math.max(minQuantum, leading - precision + 1);
  const kept = Math.max(0, leading - quantum + 1);
  const above = kept === 0 ? BigInt(rng.below(2)) : significand(rng, kept);
  const middle = ((above << 1n) | 1n) << BigInt(farther);
  const nudge = farther === 0 ? 0n : BigInt(rng.below(3) - 1);
  return { negative: rng.chance(50), significand: middle + nudge, exponent: quantum - 1 - farther };
}

export function leadingExponent(target: Magnitude): number {
  return target.exponent + bitLength(target.significand) - 1;
}
