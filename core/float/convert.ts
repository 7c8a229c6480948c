/** Conversions between formats, to integers and from integers, and rounding to an integer. */
import { sext32, u64 } from '../base/u64.ts';
import { infinite, propagated, zero } from './arithmetic.ts';
import { decode, type Finite, type FloatFormat, withSign } from './format.ts';
import { FLAG, type FloatResult, ROUNDING, type RoundingMode, round, roundTo } from './round.ts';

/** From one format to another, or to the same. */
export function changeFormat(from: FloatFormat, to: FloatFormat, rm: RoundingMode, bits: bigint): FloatResult {
  const value = decode(from, bits);
  if (value.kind === 'nan') return propagated(to, [value]);
  if (value.kind === 'infinite') return infinite(to, value.negative);
  if (value.significand === 0n) return zero(to, value.negative);
  return round(to, rm, value.negative, value);
}

export type IntegerType = 'i32' | 'u32' | 'i64' | 'u64';

interface Range {
  readonly bits: number;
  readonly min: bigint;
  readonly max: bigint;
}

const RANGES: Readonly<Record<IntegerType, Range>> = {
  i32: { bits: 32, min: -(1n << 31n), max: (1n << 31n) - 1n },
  u32: { bits: 32, min: 0n, max: (1n << 32n) - 1n },
  i64: { bits: 64, min: -(1n << 63n), max: (1n << 63n) - 1n },
  u64: { bits: 64, min: 0n, max: (1n << 64n) - 1n },
};

/** The register that holds an integer: 32-bit ones, also unsigned ones, are sign-extended. */
function register(type: IntegerType, value: bigint): bigint {
  return RANGES[type].bits === 32 ? sext32(value) : u64(value);
}

function nearbyInteger(rm: RoundingMode, value: Finite): { readonly integer: bigint; readonly inexact: boolean } {
  const { multiple, inexact } = roundTo(0, rm, value.negative, value);
  return { integer: value.negative ? -multiple : multiple, inexact };
}

/** To an integer, as the 64-bit register that holds it. What does not fit gives the nearest limit, a NaN the upper one, and NV alone. */
export function toInteger(format: FloatFormat, type: IntegerType, rm: RoundingMode, bits: bigint): FloatResult {
  const { min, max } = RANGES[type];
  const value = decode(format, bits);
  const limit = (upper: boolean): FloatResult => ({ bits: register(type, upper ? max : min), flags: FLAG.NV });
  if (value.kind === 'nan') return limit(true);
  if (value.kind === 'infinite') return limit(!value.negative);
  const { integer, inexact } = nearbyInteger(rm, value);
  if (integer < min || integer > max) return limit(integer > max);
  return { bits: register(type, integer), flags: inexact ? FLAG.NX : 0 };
}

/** To a signed word modulo 2^32, towards zero; flags as for the conversion that saturates. [Unprivileged ISA, Zfa, `fcvtmod.w.d`] */
export function toWordModular(format: FloatFormat, bits: bigint): FloatResult {
  const { flags } = toInteger(format, 'i32', ROUNDING.RTZ, bits);
  const value = decode(format, bits);
  if (value.kind !== 'finite') return { bits: 0n, flags };
  return { bits: sext32(nearbyInteger(ROUNDING.RTZ, value).integer), flags };
}

/** From an integer register, of which 32-bit types count the low half. */
export function fromInteger(format: FloatFormat, type: IntegerType, rm: RoundingMode, source: bigint): FloatResult {
  const { bits, min } = RANGES[type];
  const integer = min < 0n ? BigInt.asIntN(bits, source) : BigInt.asUintN(bits, source);
  if (integer === 0n) return zero(format, false);
  const negative = integer < 0n;
  return round(format, rm, negative, { significand: negative ? -integer : integer, exponent: 0 });
}

/** To an integer in the same format; only with `tells` does it raise NX. [Unprivileged ISA, Zfa, `fround`, `froundnx`] */
export function toIntegral(format: FloatFormat, rm: RoundingMode, tells: boolean, bits: bigint): FloatResult {
  const value = decode(format, bits);
  if (value.kind === 'nan') return propagated(format, [value]);
  if (value.kind === 'infinite' || value.exponent >= 0) return { bits, flags: 0 };
  const { multiple, inexact } = roundTo(0, rm, value.negative, value);
  const flags = tells && inexact ? FLAG.NX : 0;
  if (multiple === 0n) return { bits: withSign(format, value.negative, 0n), flags };
  const exact = round(format, rm, value.negative, { significand: multiple, exponent: 0 });
  return { bits: exact.bits, flags };
}
