/** The bit operators of the IR on 64-bit values, bit by bit and byte by byte as the specification words them. */
import type { BitBinaryOp, BitUnaryOp } from '../dsl/ir.ts';
import { SUBSTITUTIONS } from './substitutions.ts';

const BYTE = 8;
const LENGTH = 64;

/** Pieces of `width` bits, the lowest first. */
function pieces(value: bigint, width: number): readonly bigint[] {
  return Array.from({ length: LENGTH / width }, (_, index) => BigInt.asUintN(width, value >> BigInt(index * width)));
}

function joined(values: readonly bigint[], width: number): bigint {
  return values.reduce((all, value, index) => all | (value << BigInt(index * width)), 0n);
}

/** `a` is unsigned, and so is the result. */
export function bitUnary(kind: BitUnaryOp, a: bigint): bigint {
  const bytes = pieces(a, BYTE);
  switch (kind) {
    case 'orc8':
      return joined(
        bytes.map((byte) => (byte === 0n ? 0n : 0xffn)),
        BYTE,
      );
    case 'rev8':
      return joined([...bytes].reverse(), BYTE);
    case 'brev8':
      return joined(
        bytes.map((byte) => BigInt(`0b${[...byte.toString(2).padStart(BYTE, '0')].reverse().join('')}`)),
        BYTE,
      );
    case 'aesSub8':
    case 'aesSubInverse8':
    case 'sm4Sub8':
      return joined(
        bytes.map((byte) => BigInt(SUBSTITUTIONS[kind][Number(byte)] ?? 0)),
        BYTE,
      );
    default:
      return kind satisfies never;
  }
}

/** All 127 bits of the product without carries. */
function carrylessProduct(a: bigint, b: bigint): bigint {
  return pieces(b, 1).reduce((sum, bit, index) => (bit === 1n ? sum ^ (a << BigInt(index)) : sum), 0n);
}

function permuted(table: bigint, indices: bigint, width: number): bigint {
  const entries = pieces(table, width);
  return joined(
    pieces(indices, width).map((index) => entries[Number(index)] ?? 0n),
    width,
  );
}

/** `a` and `b` are unsigned, and so is the result. */
export function bitBinary(kind: BitBinaryOp, a: bigint, b: bigint): bigint {
  switch (kind) {
    case 'clmul':
      return BigInt.asUintN(LENGTH, carrylessProduct(a, b));
    case 'clmulr':
      return carrylessProduct(a, b) >> BigInt(LENGTH - 1);
    case 'xperm4':
      return permuted(a, b, 4);
    case 'xperm8':
      return permuted(a, b, BYTE);
    default:
      return kind satisfies never;
  }
}
