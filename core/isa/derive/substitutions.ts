/**
 * The substitution tables of AES and SM4, computed from their definition: inverses in a field of 256 elements
 * between affine maps. [FIPS 197, 5.1.1; GB/T 32907-2016]
 */
import type { SubstitutionOp } from '../dsl/ir.ts';

const SIZE = 256;

function product(a: number, b: number, polynomial: number): number {
  let sum = 0;
  for (let bit = 0, power = a; bit < 8; bit++) {
    if (((b >> bit) & 1) === 1) sum ^= power;
    power <<= 1;
    if (power >= SIZE) power ^= polynomial;
  }
  return sum;
}

/** Zero is its own inverse here. */
function inverses(polynomial: number): Uint8Array {
  const found = new Uint8Array(SIZE);
  for (let a = 1; a < SIZE; a++) {
    let b = 1;
    while (product(a, b, polynomial) !== 1) b++;
    found[a] = b;
  }
  return found;
}

const rotated = (value: number, amount: number): number => ((value << amount) | (value >> (8 - amount))) & 0xff;
/** Exclusive or of the value rotated left by each amount. */
const circulant = (value: number, amounts: readonly number[]): number =>
  amounts.reduce((sum, amount) => sum ^ rotated(value, amount), 0);

function aes(): Uint8Array {
  const inverse = inverses(0x11b);
  return inverse.map((value) => circulant(value, [0, 1, 2, 3, 4]) ^ 0x63);
}

function sm4(): Uint8Array {
  const inverse = inverses(0x1f5);
  const affine = (value: number): number => circulant(value, [0, 1, 3, 6, 7]) ^ 0xd3;
  return Uint8Array.from(inverse, (_, value) => affine(inverse[affine(value)] ?? 0));
}

function inverted(table: Uint8Array): Uint8Array {
  const back = new Uint8Array(SIZE);
  for (const [from, to] of table.entries()) back[to] = from;
  return back;
}

const AES = aes();

/** What each byte becomes. */
export const SUBSTITUTIONS: Readonly<Record<SubstitutionOp, Uint8Array>> = {
  aesSub8: AES,
  aesSubInverse8: inverted(AES),
  sm4Sub8: sm4(),
};
