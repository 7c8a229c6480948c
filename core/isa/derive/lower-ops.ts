/** Which WebAssembly opcode an operation of the IR is, by operand type. */
import { OP, type Op } from '../../wasm/index.ts';
import type { BinaryOp, BitBinaryOp, BitUnaryOp, CompareOp, Ty, UnaryOp } from '../dsl/ir.ts';

type PlainBinaryOp = Exclude<BinaryOp, 'mulh_ss' | 'mulh_su' | 'mulh_uu' | BitBinaryOp>;

export const BINARY: Record<PlainBinaryOp, { readonly i32: Op; readonly i64: Op }> = {
  add: { i32: OP.i32_add, i64: OP.i64_add },
  sub: { i32: OP.i32_sub, i64: OP.i64_sub },
  mul: { i32: OP.i32_mul, i64: OP.i64_mul },
  and: { i32: OP.i32_and, i64: OP.i64_and },
  or: { i32: OP.i32_or, i64: OP.i64_or },
  xor: { i32: OP.i32_xor, i64: OP.i64_xor },
  shl: { i32: OP.i32_shl, i64: OP.i64_shl },
  shr_s: { i32: OP.i32_shr_s, i64: OP.i64_shr_s },
  shr_u: { i32: OP.i32_shr_u, i64: OP.i64_shr_u },
  rotl: { i32: OP.i32_rotl, i64: OP.i64_rotl },
  rotr: { i32: OP.i32_rotr, i64: OP.i64_rotr },
  div_s: { i32: OP.i32_div_s, i64: OP.i64_div_s },
  div_u: { i32: OP.i32_div_u, i64: OP.i64_div_u },
  rem_s: { i32: OP.i32_rem_s, i64: OP.i64_rem_s },
  rem_u: { i32: OP.i32_rem_u, i64: OP.i64_rem_u },
};

export const COMPARE: Record<CompareOp, { readonly i32: Op; readonly i64: Op }> = {
  eq: { i32: OP.i32_eq, i64: OP.i64_eq },
  ne: { i32: OP.i32_ne, i64: OP.i64_ne },
  lt_s: { i32: OP.i32_lt_s, i64: OP.i64_lt_s },
  lt_u: { i32: OP.i32_lt_u, i64: OP.i64_lt_u },
  ge_s: { i32: OP.i32_ge_s, i64: OP.i64_ge_s },
  ge_u: { i32: OP.i32_ge_u, i64: OP.i64_ge_u },
  gt_s: { i32: OP.i32_gt_s, i64: OP.i64_gt_s },
  gt_u: { i32: OP.i32_gt_u, i64: OP.i64_gt_u },
  le_s: { i32: OP.i32_le_s, i64: OP.i64_le_s },
  le_u: { i32: OP.i32_le_u, i64: OP.i64_le_u },
};

export function unaryOp(kind: Exclude<UnaryOp, BitUnaryOp>, ty: Ty): Op {
  switch (kind) {
    case 'clz':
      return ty === 'i32' ? OP.i32_clz : OP.i64_clz;
    case 'ctz':
      return ty === 'i32' ? OP.i32_ctz : OP.i64_ctz;
    case 'popcnt':
      return ty === 'i32' ? OP.i32_popcnt : OP.i64_popcnt;
    default:
      return kind satisfies never;
  }
}
