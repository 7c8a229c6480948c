/** The bit operators of the IR as WebAssembly, which has no instruction for them: several bytes at a time where that works. */
import { type CodeBuilder, OP, VALTYPE, type ValType } from '../../wasm/index.ts';
import type { BinaryOp, BitBinaryOp, BitUnaryOp, UnaryOp } from '../dsl/ir.ts';
import { SUBSTITUTIONS } from './substitutions.ts';

export function isBitUnary(kind: UnaryOp): kind is BitUnaryOp {
  return kind === 'orc8' || kind === 'rev8' || kind === 'brev8' || kind in SUBSTITUTIONS;
}
export function isBitBinary(kind: BinaryOp): kind is BitBinaryOp {
  return kind === 'clmul' || kind === 'clmulr' || kind === 'xperm4' || kind === 'xperm8';
}

/** A local that is free until the next instruction. */
type Scratch = (type: ValType) => number;

const LOW_SEVEN = 0x7f7f_7f7f_7f7f_7f7fn;
const HIGH_ONE = 0x8080_8080_8080_8080n;
const EVERY_OTHER = { 1: 0x5555_5555_5555_5555n, 2: 0x3333_3333_3333_3333n, 4: 0x0f0f_0f0f_0f0f_0f0fn } as const;
const BYTES = { 8: 0x00ff_00ff_00ff_00ffn, 16: 0x0000_ffff_0000_ffffn } as const;
const LENGTH = 64;

/** Takes the operand from the stack and leaves the result. */
export function lowerBitUnary(code: CodeBuilder, scratch: Scratch, kind: BitUnaryOp): void {
  const value = scratch(VALTYPE.i64);
  /** Swaps neighbours of `width` bits: those that `mask` has with those above. */
  const swap = (width: number, mask: bigint): void => {
    code.set(value);
    code.get(value).i64(width).op(OP.i64_shr_u).i64(mask).op(OP.i64_and);
    code.get(value).i64(mask).op(OP.i64_and).i64(width).op(OP.i64_shl).op(OP.i64_or);
  };
  switch (kind) {
    case 'orc8':
      // The top bit of each byte that is not zero, then 2 * top - top / 128: all eight bits, without a carry between bytes.
      code.tee(value).i64(LOW_SEVEN).op(OP.i64_and).i64(LOW_SEVEN).op(OP.i64_add).get(value).op(OP.i64_or);
      code.i64(HIGH_ONE).op(OP.i64_and).tee(value).i64(1).op(OP.i64_shl);
      code.get(value).i64(7).op(OP.i64_shr_u).op(OP.i64_sub);
      return;
    case 'rev8':
      swap(8, BYTES[8]);
      swap(16, BYTES[16]);
      code.i64(LENGTH / 2).op(OP.i64_rotl);
      return;
    case 'brev8':
      for (const width of [1, 2, 4] as const) swap(width, EVERY_OTHER[width]);
      return;
    case 'aesSub8':
    case 'aesSubInverse8':
    case 'sm4Sub8':
      code.set(value);
      substitute(code, scratch, value, SUBSTITUTIONS[kind]);
      return;
    default:
      kind satisfies never;
  }
}

/**
 * One round for each byte. The table is in the code, eight bytes in a constant: an interpreter's memory belongs
 * to guest and harts.
 */
function substitute(code: CodeBuilder, scratch: Scratch, value: number, table: Uint8Array): void {
  const [row, at, result] = [0, 1, 2].map(() => scratch(VALTYPE.i64)) as [number, number, number];
  const rows = new DataView(table.buffer, table.byteOffset, table.length);
  code.i64(0).set(at).i64(0).set(result);
  const next = code.loop();
  const found = code.block();
  const blocks = Array.from({ length: table.length / 8 }, () => code.block()).reverse();
  code.get(value).get(at).op(OP.i64_shr_u).op(OP.i32_wrap_i64).i32(3).op(OP.i32_shr_u).i32(0x1f).op(OP.i32_and);
  code.brTable(blocks, found);
  for (const index of blocks.keys()) {
    code.end();
    code
      .i64(rows.getBigUint64(8 * index, true))
      .set(row)
      .br(found);
  }
  code.end();
  // Eight times the low three bits of the byte say where it stands in its row.
  code.get(row).get(value).get(at).op(OP.i64_shr_u).i64(7).op(OP.i64_and).i64(3).op(OP.i64_shl).op(OP.i64_shr_u);
  code.i64(0xff).op(OP.i64_and).get(at).op(OP.i64_shl).get(result).op(OP.i64_or).set(result);
  code.get(at).i64(8).op(OP.i64_add).tee(at).i64(LENGTH).op(OP.i64_lt_u).brIf(next);
  code.end().get(result);
}

/** Takes both operands from the stack, the second on top, and leaves the result. */
export function lowerBitBinary(code: CodeBuilder, scratch: Scratch, kind: BitBinaryOp): void {
  switch (kind) {
    case 'clmul':
    case 'clmulr':
      carryless(code, scratch, kind);
      return;
    case 'xperm4':
      permute(code, scratch, 4);
      return;
    case 'xperm8':
      permute(code, scratch, 8);
      return;
    default:
      kind satisfies never;
  }
}

/** One round for each one in the second operand, the lowest first. */
function carryless(code: CodeBuilder, scratch: Scratch, kind: 'clmul' | 'clmulr'): void {
  const [left, right, sum] = [0, 1, 2].map(() => scratch(VALTYPE.i64)) as [number, number, number];
  code.set(right).set(left).i64(0).set(sum);
  const done = code.block();
  const next = code.loop();
  code.get(right).op(OP.i64_eqz).brIf(done);
  code.get(sum).get(left).get(right).op(OP.i64_ctz);
  if (kind === 'clmul') code.op(OP.i64_shl);
  // Bits 126 to 63: shifted right by 63 minus the number of the bit.
  else
    code
      .i64(LENGTH - 1)
      .op(OP.i64_xor)
      .op(OP.i64_shr_u);
  code.op(OP.i64_xor).set(sum);
  code.get(right).get(right).i64(1).op(OP.i64_sub).op(OP.i64_and).set(right).br(next);
  code.end().end().get(sum);
}

/** One round for each piece of `width` bits. */
function permute(code: CodeBuilder, scratch: Scratch, width: 4 | 8): void {
  const [table, indices, index, at, result] = [0, 1, 2, 3, 4].map(() => scratch(VALTYPE.i64)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const mask = 2 ** width - 1;
  code.set(indices).set(table).i64(0).set(at).i64(0).set(result);
  const next = code.loop();
  code.get(indices).get(at).op(OP.i64_shr_u).i64(mask).op(OP.i64_and).set(index);
  code.get(result);
  code.get(table).get(index).i64(width).op(OP.i64_mul).op(OP.i64_shr_u).i64(mask).op(OP.i64_and);
  code
    .i64(0)
    .get(index)
    .i64(LENGTH / width)
    .op(OP.i64_lt_u)
    .op(OP.select);
  code.get(at).op(OP.i64_shl).op(OP.i64_or).set(result);
  code.get(at).i64(width).op(OP.i64_add).tee(at).i64(LENGTH).op(OP.i64_lt_u).brIf(next);
  code.end().get(result);
}
