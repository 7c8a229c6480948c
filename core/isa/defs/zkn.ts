/**
 * Zkne, Zknd: rounds of AES on a state whose columns 0 and 1 are in rs1 and 2 and 3 in rs2; what both need for
 * the key schedule is a part. [Unprivileged ISA, Scalar cryptography, Zkne; Zknd; FIPS 197]
 */
import type { Builder, I64 } from '../dsl/builder.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { form, R, uimm, unary, x } from '../dsl/formats.ts';

const OP = 0x33;
const OP_IMM = 0x13;

/** All ones in these bytes. */
const bytes = (...numbers: readonly number[]): bigint =>
  numbers.reduce((mask, number) => mask | (0xffn << BigInt(8 * number)), 0n);

interface Selection {
  readonly field: 'rs1' | 'rs2';
  /** Taken from the other column of the register. */
  readonly swapped: boolean;
  readonly mask: bigint;
}

/** Columns 0 and 1 after the rows have been rotated. */
const SHIFT_ROWS: readonly Selection[] = [
  { field: 'rs1', swapped: false, mask: bytes(0, 4) },
  { field: 'rs2', swapped: false, mask: bytes(2, 6) },
  { field: 'rs1', swapped: true, mask: bytes(1, 7) },
  { field: 'rs2', swapped: true, mask: bytes(3, 5) },
];
const SHIFT_ROWS_BACK: readonly Selection[] = [
  { field: 'rs1', swapped: false, mask: bytes(0, 4) },
  { field: 'rs2', swapped: false, mask: bytes(2, 6) },
  { field: 'rs1', swapped: true, mask: bytes(3, 5) },
  { field: 'rs2', swapped: true, mask: bytes(1, 7) },
];

function gathered(e: Builder, selections: readonly Selection[]): I64 {
  return selections
    .map(({ field, swapped, mask }) => {
      const value = swapped ? e.binary('rotl', e.x(field), e.i64(32)) : e.x(field);
      return e.and(value, e.i64(mask));
    })
    .reduce((all, part) => e.or(all, part));
}

/** Each byte times x in the field of AES. */
function doubled(e: Builder, value: I64): I64 {
  const high = e.and(e.binary('shr_u', value, e.i64(7)), e.i64(0x0101_0101_0101_0101n));
  const low = e.binary('shl', e.and(value, e.i64(0x7f7f_7f7f_7f7f_7f7fn)), e.i64(1));
  return e.let_(e.xor(low, e.binary('mul', high, e.i64(0x1b))));
}

/** Both columns rotated by `count` bytes: byte n becomes byte n + count. */
function turned(e: Builder, value: I64, count: 1 | 2 | 3): I64 {
  const kept = Array.from({ length: 4 - count }, (_, n) => n);
  const stays = bytes(...kept, ...kept.map((n) => n + 4));
  const down = e.and(e.binary('shr_u', value, e.i64(8 * count)), e.i64(stays));
  const up = e.and(e.binary('shl', value, e.i64(32 - 8 * count)), e.i64(stays ^ 0xffff_ffff_ffff_ffffn));
  return e.let_(e.or(down, up));
}

function mixed(e: Builder, value: I64): I64 {
  const next = turned(e, value, 1);
  const rest = e.xor(next, e.xor(turned(e, value, 2), turned(e, value, 3)));
  return e.xor(doubled(e, e.let_(e.xor(value, next))), rest);
}

/** The inverse is the same after a step that makes up for the larger factors. */
function mixedBack(e: Builder, value: I64): I64 {
  const correction = doubled(e, doubled(e, e.let_(e.xor(value, turned(e, value, 2)))));
  return mixed(e, e.let_(e.xor(value, correction)));
}

function round(def: Def, name: string, funct7: number, says: string, value: (e: Builder) => I64): void {
  def(name, {
    form: R({ opcode: OP, funct3: 0, funct7 }),
    asm: 'rd, rs1, rs2',
    says,
    does: (e) => e.setX('rd', value(e)),
  });
}

const encrypted = (e: Builder): I64 => e.let_(e.unary('aesSub8', gathered(e, SHIFT_ROWS)));
const decrypted = (e: Builder): I64 => e.let_(e.unary('aesSubInverse8', gathered(e, SHIFT_ROWS_BACK)));

export const zkne = extension(
  'Zkne',
  { title: 'AES encryption', spec: 'Unprivileged ISA, Zkne', requires: ['I'] },
  (def) => {
    round(def, 'aes64es', 0x19, 'Last round of AES encryption: ShiftRows and SubBytes, half of the state.', encrypted);
    round(
      def,
      'aes64esm',
      0x1b,
      'Round of AES encryption: ShiftRows, SubBytes and MixColumns, half of the state.',
      (e) => mixed(e, encrypted(e)),
    );
  },
);

export const zknd = extension(
  'Zknd',
  { title: 'AES decryption', spec: 'Unprivileged ISA, Zknd', requires: ['I'] },
  (def) => {
    round(
      def,
      'aes64ds',
      0x1d,
      'Last round of AES decryption: ShiftRows and SubBytes inverted, half of the state.',
      decrypted,
    );
    round(
      def,
      'aes64dsm',
      0x1f,
      'Round of AES decryption: ShiftRows, SubBytes and MixColumns inverted, half of the state.',
      (e) => mixedBack(e, decrypted(e)),
    );
    def('aes64im', {
      form: unary({ opcode: OP_IMM, funct3: 1, funct12: 0x300 }),
      asm: 'rd, rs1',
      says: 'Applies the inverse of MixColumns to the two columns in rs1.',
      does: (e) => e.setX('rd', mixedBack(e, e.let_(e.x('rs1')))),
    });
  },
);

/** Round constants 8 and 9; the earlier ones are powers of two. */
const LATE_CONSTANTS = 0x361b;
const LAST_ROUND = 10;

export const aesKeys = extension(
  'Zknd or Zkne',
  { title: 'AES key schedule', spec: 'Unprivileged ISA, Zkne and Zknd', follows: { any: ['Zknd', 'Zkne'] } },
  (def) => {
    def('aes64ks1i', {
      form: form(4, { '6:0': OP_IMM, '14:12': 1, '31:24': 0x31 }, [
        x('rd', '11:7'),
        x('rs1', '19:15'),
        uimm('rnum', '23:20', { excludes: [11, 12, 13, 14, 15] }),
      ]),
      asm: 'rd, rs1, rnum',
      says: 'First step of a round key: rotates and substitutes the high word of rs1 and adds the constant of round rnum.',
      does: (e) => {
        const number = e.imm('rnum');
        const word = e.let_(e.wrap(e.binary('shr_u', e.x('rs1'), e.i64(32))));
        const isLast = e.eq(number, e.i64(LAST_ROUND));
        const turnedWord = e.if_(isLast, word, e.binary('rotr', word, e.i32(8)));
        const early = e.binary('shl', e.i64(1), number);
        const place = e.binary('shl', e.sub(number, e.i64(8)), e.i64(3));
        const late = e.and(e.binary('shr_u', e.i64(LATE_CONSTANTS), place), e.i64(0xff));
        const constant = e.if_(e.compare('lt_u', number, e.i64(8)), early, late);
        const substituted = e.unary('aesSub8', e.zext32(turnedWord));
        const half = e.let_(e.zext32(e.wrap(e.xor(substituted, constant))));
        e.setX('rd', e.or(half, e.binary('shl', half, e.i64(32))));
      },
    });
    def('aes64ks2', {
      form: R({ opcode: OP, funct3: 0, funct7: 0x3f }),
      asm: 'rd, rs1, rs2',
      says: 'Second step of a round key: adds the high word of rs1 to the words of rs2, one after the other.',
      does: (e) => {
        const low = e.let_(e.zext32(e.wrap(e.xor(e.binary('shr_u', e.x('rs1'), e.i64(32)), e.x('rs2')))));
        const high = e.xor(low, e.binary('shr_u', e.x('rs2'), e.i64(32)));
        e.setX('rd', e.or(low, e.binary('shl', high, e.i64(32))));
      },
    });
  },
);
