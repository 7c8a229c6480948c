/** Seeded random guest code for differential tests: instructions from the table, biased towards what can go wrong. */
import { INSTRUCTIONS } from '../../isa/defs/index.ts';
import { encode, rangeOf } from '../../isa/derive/encode.ts';
import { DYNAMIC_ROUNDING } from '../../isa/dsl/formats-f.ts';
import type { Field, Instruction } from '../../isa/dsl/types.ts';

/** Marsaglia's xorshift: small, seeded, the same everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) | 1;
  }

  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** 0..count-1 */
  below(count: number): number {
    return this.word() % count;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** 64 bits, often at the edges where carries, signs and shifts change. */
  value(): bigint {
    if (this.chance(50)) return (BigInt(this.word()) << 32n) | BigInt(this.word());
    const edge = this.pick([0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 1n << 63n]);
    return BigInt.asUintN(64, edge + BigInt(this.below(3)) - 1n);
  }
}

/** Registers that hold addresses: instructions that would overwrite them are not generated. */
export const ADDRESS_REGISTERS: readonly number[] = [2, 8, 9, 10, 11];
/** CSRs that random code may touch: all that cannot take its own code away. */
const CSRS = [
  ...[0x001, 0x002, 0x003, 0x100, 0x104, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0xc00, 0xc01, 0xc02],
  // Counters that are hidden, read-only ones, and numbers that nobody has.
  ...[0xc03, 0x015, 0x200, 0x300, 0x7c0, 0xfff],
];
const MAX_JUMP = 64;

/** Memory and control flow are the hard part, arithmetic the large one. */
function weight(instruction: Instruction): number {
  const { semantics, extension } = instruction;
  if (semantics.body.some((s) => s.op === 'system' || s.op === 'csr')) return 1;
  return extension === 'I' || extension === 'Zca' || extension === 'C' ? 3 : 2;
}

const WEIGHTED = INSTRUCTIONS.flatMap((instruction) => Array.from({ length: weight(instruction) }, () => instruction));

function randomField(random: Random, instruction: Instruction, field: Field): number {
  const { min, max, step } = rangeOf(field);
  const anywhere = (from: number, to: number): number => from + step * random.below(Math.floor((to - from) / step) + 1);
  if (field.kind === 'csr') return random.pick(CSRS);
  if (field.kind === 'rm' && random.chance(50)) return DYNAMIC_ROUNDING;
  if (field.kind === 'target') return anywhere(Math.max(min, -MAX_JUMP), Math.min(max, MAX_JUMP));
  const isBase = field.kind === 'x' && field.name === 'rs1' && instruction.asm.includes('(');
  if (isBase) return random.pick(ADDRESS_REGISTERS.filter((r) => r >= min && r <= max));
  return anywhere(min, max);
}

/** One legal instruction. */
export function randomInstruction(random: Random): { readonly word: number; readonly length: 2 | 4 } {
  for (;;) {
    const instruction = random.pick(WEIGHTED);
    const values = Object.fromEntries(
      instruction.fields
        .filter((field) => field.bits.length > 0)
        .map((field) => [field.name, randomField(random, instruction, field)]),
    );
    const rd = values.rd ?? instruction.fields.find((field) => field.name === 'rd')?.bias ?? 0;
    if (ADDRESS_REGISTERS.includes(rd)) continue;
    const encoded = encode(instruction, values);
    if (encoded.ok) return { word: encoded.word, length: instruction.length };
  }
}

/** Code that fills `bytes`, with an illegal halfword strewn in now and then. */
export function randomCode(random: Random, bytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  let at = 0;
  while (at + 4 <= bytes) {
    if (random.chance(1)) {
      view.setUint16(at, random.word() & 0xffff, true);
      at += 2;
      continue;
    }
    const { word, length } = randomInstruction(random);
    if (length === 4) view.setUint32(at, word, true);
    else view.setUint16(at, word, true);
    at += length;
  }
  return new Uint8Array(view.buffer);
}
