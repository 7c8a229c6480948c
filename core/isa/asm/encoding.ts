/** The encoder as the assembler uses it: values that were checked before, ranges looked up once. */
import { rangeOf as computeRange, encode, type FieldRange } from '../derive/encode.ts';
import type { Field, Instruction } from '../dsl/types.ts';

/** Values by field name: what `Decoded.values` holds. */
export type FieldValues = Readonly<Record<string, number>>;

const ranges = new WeakMap<Field, FieldRange>();

/** What a field can hold, in the units of `Decoded.values`. */
export function rangeOf(field: Field): FieldRange {
  let range = ranges.get(field);
  if (range === undefined) {
    range = computeRange(field);
    ranges.set(field, range);
  }
  return range;
}

/** Whether the field can hold the value and leaves it to this instruction. */
export function holds(field: Field, value: number): boolean {
  const { min, max, step, excludes } = rangeOf(field);
  if (value < min || value > max || !Number.isInteger(value)) return false;
  return (value - (field.bias ?? 0)) % step === 0 && !excludes.includes(value);
}

/** The word; values of fields that the instruction does not have are ignored. Throws when one it has does not fit. */
export function encodeFields(instruction: Instruction, values: FieldValues): number {
  const own: Record<string, number> = {};
  for (const { name } of instruction.fields) {
    const value = values[name];
    if (value !== undefined) own[name] = value;
  }
  const encoded = encode(instruction, own);
  if (!encoded.ok) throw new Error(`${instruction.name}: ${encoded.error.message}`);
  return encoded.word;
}
