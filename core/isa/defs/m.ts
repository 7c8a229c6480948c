/** M: multiplication and division. Division by zero and overflow do not trap. [Unprivileged ISA, M] */
import type { Builder, I32, I64, Typed } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { R } from '../dsl/formats.ts';
import type { BinaryOp } from '../dsl/ir.ts';
import type { Example } from '../dsl/types.ts';

const OP = 0x33;
const OP_32 = 0x3b;

/** Gives all ones for x / 0, and the dividend itself for the overflowing -2^(XLEN-1) / -1. */
function divide<T extends 'i32' | 'i64'>(
  e: Builder,
  signed: boolean,
  a: Typed<T>,
  b: Typed<T>,
  constant: (n: number) => Typed<T>,
): Typed<T> {
  const minusOne = constant(-1);
  const quotient = signed
    ? e.if_(e.eq(b, minusOne), e.sub(constant(0), a), e.binary('div_s', a, b))
    : e.binary('div_u', a, b);
  return e.if_(e.eq(b, constant(0)), minusOne, quotient);
}

/** Gives the dividend for x % 0, and 0 for the overflowing -2^(XLEN-1) % -1. */
function remainder<T extends 'i32' | 'i64'>(
  e: Builder,
  signed: boolean,
  a: Typed<T>,
  b: Typed<T>,
  constant: (n: number) => Typed<T>,
): Typed<T> {
  const rest = signed ? e.if_(e.eq(b, constant(-1)), constant(0), e.binary('rem_s', a, b)) : e.binary('rem_u', a, b);
  return e.if_(e.eq(b, constant(0)), a, rest);
}

type Value<T> = (e: Builder, a: T, b: T) => T;

const MIN = -(2n ** 63n);
const MIN32 = -(2n ** 31n);
const given = (rs1: bigint, rs2: bigint, rd: bigint): Example => gives({ rs1, rs2 }, rd);

export const m = extension(
  'M',
  { title: 'Multiplication and division', spec: 'Unprivileged ISA, M', requires: ['I'] },
  (def) => {
    const wide = (
      name: string,
      funct3: number,
      says: string,
      value: Value<I64>,
      examples: readonly Example[],
    ): void => {
      def(name, {
        form: R({ opcode: OP, funct3, funct7: 1 }),
        asm: 'rd, rs1, rs2',
        says,
        does: (e) => e.setX('rd', value(e, e.let_(e.x('rs1')), e.let_(e.x('rs2')))),
        examples,
      });
    };
    const word = (
      name: string,
      funct3: number,
      says: string,
      value: Value<I32>,
      examples: readonly Example[],
    ): void => {
      def(name, {
        form: R({ opcode: OP_32, funct3, funct7: 1 }),
        asm: 'rd, rs1, rs2',
        says,
        does: (e) => e.setX('rd', e.sext32(value(e, e.let_(e.xw('rs1')), e.let_(e.xw('rs2'))))),
        examples,
      });
    };
    const product = (kind: BinaryOp) => (e: Builder, a: I64, b: I64) => e.binary(kind, a, b);
    const wideConstant = (e: Builder) => (n: number) => e.i64(n);
    const wordConstant = (e: Builder) => (n: number) => e.i32(n);

    wide('mul', 0, 'Low 64 bits of the product of rs1 and rs2.', product('mul'), [
      given(-3n, 5n, -15n),
      given(MIN, 2n, 0n),
    ]);
    wide('mulh', 1, 'Upper 64 bits of the product, both signed.', product('mulh_ss'), [
      given(MIN, MIN, 2n ** 62n),
      given(-1n, 1n, -1n),
    ]);
    wide('mulhsu', 2, 'Upper 64 bits of the product, rs1 signed and rs2 unsigned.', product('mulh_su'), [
      given(-1n, -1n, -1n),
    ]);
    wide('mulhu', 3, 'Upper 64 bits of the product, both unsigned.', product('mulh_uu'), [given(-1n, -1n, -2n)]);
    wide(
      'div',
      4,
      'Signed quotient, rounded towards zero; all ones when rs2 is zero.',
      (e, a, b) => divide(e, true, a, b, wideConstant(e)),
      [given(-7n, 2n, -3n), given(7n, 0n, -1n), given(MIN, -1n, MIN)],
    );
    wide(
      'divu',
      5,
      'Unsigned quotient; all ones when rs2 is zero.',
      (e, a, b) => divide(e, false, a, b, wideConstant(e)),
      [given(7n, 2n, 3n), given(7n, 0n, -1n)],
    );
    wide(
      'rem',
      6,
      'Signed remainder, with the sign of rs1; rs1 itself when rs2 is zero.',
      (e, a, b) => remainder(e, true, a, b, wideConstant(e)),
      [given(-7n, 2n, -1n), given(7n, 0n, 7n), given(MIN, -1n, 0n)],
    );
    wide(
      'remu',
      7,
      'Unsigned remainder; rs1 itself when rs2 is zero.',
      (e, a, b) => remainder(e, false, a, b, wideConstant(e)),
      [given(7n, 2n, 1n), given(7n, 0n, 7n)],
    );

    word('mulw', 0, 'Low 32 bits of the product, sign-extended.', (e, a, b) => e.binary('mul', a, b), [
      given(0x10000n, 0x8000n, MIN32),
    ]);
    word(
      'divw',
      4,
      'Signed quotient of the low 32 bits, sign-extended; all ones when they are zero in rs2.',
      (e, a, b) => divide(e, true, a, b, wordConstant(e)),
      [given(-7n, 2n, -3n), given(MIN32, -1n, MIN32)],
    );
    word(
      'divuw',
      5,
      'Unsigned quotient of the low 32 bits, sign-extended; all ones when they are zero in rs2.',
      (e, a, b) => divide(e, false, a, b, wordConstant(e)),
      [given(0xffff_ffffn, 1n, -1n), given(7n, 2n ** 32n, -1n)],
    );
    word(
      'remw',
      6,
      'Signed remainder of the low 32 bits, sign-extended; those of rs1 when they are zero in rs2.',
      (e, a, b) => remainder(e, true, a, b, wordConstant(e)),
      [given(-7n, 2n, -1n), given(MIN32, -1n, 0n)],
    );
    word(
      'remuw',
      7,
      'Unsigned remainder of the low 32 bits, sign-extended; those of rs1 when they are zero in rs2.',
      (e, a, b) => remainder(e, false, a, b, wordConstant(e)),
      [given(0x8000_0000n, 0n, MIN32)],
    );
  },
);
