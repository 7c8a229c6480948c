/** Word to instruction, driven by the table: candidates by opcode, the most specific encoding first. */
import { bitsOf, popcount, signExtend } from '../../base/bits.ts';
import { closure, INSTRUCTIONS } from '../defs/index.ts';
import type { Decoded, Field, Instruction } from '../dsl/types.ts';

/** Decodes the 32-bit little-endian word at pc (the upper half is ignored for a compressed one); null is illegal. */
export type Decoder = (word: number) => Decoded | null;

/** Number of value bits of a field. */
export function fieldWidth(field: Field): number {
  return field.bits.reduce((width, run) => Math.max(width, run.at + run.width), 0);
}

/** Value of a field in a word, as `Decoded.values` has it. */
export function fieldValue(field: Field, word: number): number {
  let raw = 0;
  for (const run of field.bits) raw |= bitsOf(word, run.lo, run.width) << run.at;
  const value = field.signed ? signExtend(raw, fieldWidth(field)) : raw >>> 0;
  return value + (field.bias ?? 0);
}

function matches(instruction: Instruction, word: number): boolean {
  if ((word & instruction.mask) >>> 0 !== instruction.match) return false;
  for (const field of instruction.fields) {
    if (field.excludes?.includes(fieldValue(field, word))) return false;
  }
  return true;
}

const COMPRESSED_BUCKETS = 32;

/** Low bits that choose the bucket: opcode bits 6..2 for 32-bit words, funct3 and quadrant for compressed ones. */
function bucketOf(word: number): number {
  return (word & 3) === 3 ? COMPRESSED_BUCKETS + bitsOf(word, 2, 5) : (bitsOf(word, 13, 3) << 2) | (word & 3);
}

/** Every word of an instruction falls into one bucket, as the formats fix the bits that choose it. */
function buckets(extensions: ReadonlySet<string>): readonly (readonly Instruction[])[] {
  const on = closure(extensions);
  const table: Instruction[][] = Array.from({ length: COMPRESSED_BUCKETS + 32 }, () => []);
  for (const instruction of INSTRUCTIONS) {
    if (on.has(instruction.extension)) table[bucketOf(instruction.match)]?.push(instruction);
  }
  for (const list of table) list.sort((one, other) => popcount(other.mask) - popcount(one.mask));
  return table;
}

/** The definition that a word belongs to, when the extensions named are on. */
export function createSelector(extensions: ReadonlySet<string>): (word: number) => Instruction | null {
  const table = buckets(extensions);
  return (word) => {
    const candidates = table[bucketOf(word)] ?? [];
    for (const candidate of candidates) if (matches(candidate, word)) return candidate;
    return null;
  };
}

/** Makes a decoder for the extensions named, those they imply and those always on. */
export function createDecoder(extensions: ReadonlySet<string>): Decoder {
  const select = createSelector(extensions);
  return (word) => {
    const instruction = select(word);
    return instruction === null ? null : decodeAs(instruction, word);
  };
}

/** Reads the fields of a word that is known to be that instruction. */
export function decodeAs(instruction: Instruction, word: number): Decoded {
  const values: Record<string, number> = {};
  for (const field of instruction.fields) values[field.name] = fieldValue(field, word);
  return { instruction, word: instruction.length === 2 ? word & 0xffff : word >>> 0, values };
}
