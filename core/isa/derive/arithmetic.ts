/** The operators of the IR on `bigint`: the arithmetic of the reference evaluator. */
import { s64, sext32, u64 } from '../../base/u64.ts';
import type { BinaryOp, CompareOp, ConvertOp, Ty, UnaryOp } from '../dsl/ir.ts';
import { bitBinary, bitUnary } from './bit-operators.ts';

/** A result as an unsigned value of its type. */
export const UNSIGNED: Readonly<Record<Ty, (value: bigint) => bigint>> = {
  i32: (value) => BigInt.asUintN(32, value),
  i64: u64,
};
const SIGNED: Readonly<Record<Ty, (value: bigint) => bigint>> = {
  i32: (value) => BigInt.asIntN(32, value),
  i64: s64,
};
const XLEN = 64n;

/** Operands are unsigned values of type `ty`; the result may still need `UNSIGNED`. */
export function binary(kind: BinaryOp, ty: Ty, a: bigint, b: bigint): bigint {
  const width = ty === 'i32' ? 32n : XLEN;
  const signed = SIGNED[ty];
  const amount = b % width;
  switch (kind) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'shl':
      return a << amount;
    case 'shr_s':
      return signed(a) >> amount;
    case 'shr_u':
      return a >> amount;
    case 'rotl':
      return (a << amount) | (a >> (width - amount));
    case 'rotr':
      return (a >> amount) | (a << (width - amount));
    case 'div_s':
      return signed(a) / signed(b);
    case 'div_u':
      return a / b;
    case 'rem_s':
      return signed(a) % signed(b);
    case 'rem_u':
      return a % b;
    case 'mulh_ss':
      return (signed(a) * signed(b)) >> width;
    case 'mulh_su':
      return (signed(a) * b) >> width;
    case 'mulh_uu':
      return (a * b) >> width;
    case 'clmul':
    case 'clmulr':
    case 'xperm4':
    case 'xperm8':
      return bitBinary(kind, a, b);
    default:
      return kind satisfies never;
  }
}

/** Operands are unsigned values of type `ty`. */
export function compare(kind: CompareOp, ty: Ty, a: bigint, b: bigint): boolean {
  const signed = SIGNED[ty];
  switch (kind) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'lt_s':
      return signed(a) < signed(b);
    case 'lt_u':
      return a < b;
    case 'ge_s':
      return signed(a) >= signed(b);
    case 'ge_u':
      return a >= b;
    case 'gt_s':
      return signed(a) > signed(b);
    case 'gt_u':
      return a > b;
    case 'le_s':
      return signed(a) <= signed(b);
    case 'le_u':
      return a <= b;
    default:
      return kind satisfies never;
  }
}

/** Leading zeros, trailing zeros (the width for zero), ones, and the bit operators. */
export function unary(kind: UnaryOp, ty: Ty, a: bigint): bigint {
  const bits = a.toString(2).padStart(ty === 'i32' ? 32 : 64, '0');
  const firstOne = bits.indexOf('1');
  switch (kind) {
    case 'clz':
      return BigInt(firstOne === -1 ? bits.length : firstOne);
    case 'ctz':
      return BigInt(firstOne === -1 ? bits.length : bits.length - 1 - bits.lastIndexOf('1'));
    case 'popcnt':
      return BigInt(bits.split('1').length - 1);
    case 'orc8':
    case 'rev8':
    case 'brev8':
    case 'aesSub8':
    case 'aesSubInverse8':
    case 'sm4Sub8':
      return bitUnary(kind, a);
    default:
      return kind satisfies never;
  }
}

/** The result may still need `UNSIGNED`. */
export function convert(kind: ConvertOp, a: bigint): bigint {
  switch (kind) {
    case 'wrap':
    case 'extend_u':
      return BigInt.asUintN(32, a);
    case 'extend_s':
      return sext32(a);
    case 'extend8_s':
      return BigInt.asIntN(8, a);
    case 'extend16_s':
      return BigInt.asIntN(16, a);
    default:
      return kind satisfies never;
  }
}
