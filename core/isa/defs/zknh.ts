/** Zknh and Zksh: the functions of the hashes SHA-256, SHA-512 and SM3. [Unprivileged ISA, Scalar cryptography, Zknh; Zksh] */
import type { Builder, Typed } from '../dsl/builder.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { unary } from '../dsl/formats.ts';

/** Rotations, then an optional shift, by which copies of the operand are combined. */
interface Combination {
  readonly rotations: readonly number[];
  readonly shift?: number;
}

const SHA_256: Readonly<Record<string, Combination>> = {
  sum0: { rotations: [2, 13, 22] },
  sum1: { rotations: [6, 11, 25] },
  sig0: { rotations: [7, 18], shift: 3 },
  sig1: { rotations: [17, 19], shift: 10 },
};
const SHA_512: Readonly<Record<string, Combination>> = {
  sum0: { rotations: [28, 34, 39] },
  sum1: { rotations: [14, 18, 41] },
  sig0: { rotations: [1, 8], shift: 7 },
  sig1: { rotations: [19, 61], shift: 6 },
};

function combined<T extends 'i32' | 'i64'>(
  e: Builder,
  value: Typed<T>,
  { rotations, shift }: Combination,
  constant: (n: number) => Typed<T>,
): Typed<T> {
  const parts = rotations.map((amount) => e.binary('rotr', value, constant(amount)));
  if (shift !== undefined) parts.push(e.binary('shr_u', value, constant(shift)));
  return parts.reduce((sum, part) => e.xor(sum, part));
}

function says(hash: string, { rotations, shift }: Combination): string {
  const also = shift === undefined ? '' : ` and shifted right by ${shift}`;
  return `${hash}: exclusive-ors copies of rs1, rotated right by ${rotations.join(', ')}${also}.`;
}

const encoding = (number: number) => unary({ opcode: 0x13, funct3: 1, funct12: 0x100 + number });
const SHA_512_NUMBER = 4;
const SM3_NUMBER = 8;

function sha(def: Def): void {
  for (const [index, [name, how]] of Object.entries(SHA_256).entries()) {
    def(`sha256${name}`, {
      form: encoding(index),
      asm: 'rd, rs1',
      says: says('Low 32 bits of SHA-256', how),
      does: (e) => e.setX('rd', e.sext32(combined(e, e.let_(e.xw('rs1')), how, (n) => e.i32(n)))),
    });
  }
  for (const [index, [name, how]] of Object.entries(SHA_512).entries()) {
    def(`sha512${name}`, {
      form: encoding(SHA_512_NUMBER + index),
      asm: 'rd, rs1',
      says: says('SHA-512', how),
      does: (e) =>
        e.setX(
          'rd',
          combined(e, e.let_(e.x('rs1')), how, (n) => e.i64(n)),
        ),
    });
  }
}

export const zknh = extension(
  'Zknh',
  { title: 'Hash functions SHA-256 and SHA-512', spec: 'Unprivileged ISA, Zknh', requires: ['I'] },
  sha,
);

export const zksh = extension(
  'Zksh',
  { title: 'Hash function SM3', spec: 'Unprivileged ISA, Zksh', requires: ['I'] },
  (def) => {
    for (const [index, amounts] of [
      [9, 17],
      [15, 23],
    ].entries()) {
      def(`sm3p${index}`, {
        form: encoding(SM3_NUMBER + index),
        asm: 'rd, rs1',
        says: `SM3: exclusive-ors the low 32 bits of rs1 with themselves rotated left by ${amounts.join(' and ')}.`,
        does: (e) => {
          const value = e.let_(e.xw('rs1'));
          const sum = amounts.reduce((all, n) => e.xor(all, e.binary('rotl', value, e.i32(n))), value);
          e.setX('rd', e.sext32(sum));
        },
      });
    }
  },
);
