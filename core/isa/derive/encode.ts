/** Field values to word, with every check that a value can fail. */
import { bitsOf, lowBits } from '../../base/bits.ts';
import type { FieldName } from '../dsl/ir.ts';
import type { Field, Instruction } from '../dsl/types.ts';
import { fieldWidth } from './decode.ts';

/** What a field can hold, in the units of `Decoded.values`. */
export interface FieldRange {
  readonly min: number;
  readonly max: number;
  /** Values are multiples of this. */
  readonly step: number;
  readonly excludes: readonly number[];
}

export interface EncodeError {
  readonly field: FieldName;
  readonly problem: 'missing' | 'unknown' | 'range' | 'alignment' | 'excluded';
  /** A sentence for people, with the legal values. */
  readonly message: string;
}

export type Encoded =
  | { readonly ok: true; readonly word: number }
  | { readonly ok: false; readonly error: EncodeError };

/** Legal values of a field. */
export function rangeOf(field: Field): FieldRange {
  const bias = field.bias ?? 0;
  const excludes = field.excludes ?? [];
  if (field.bits.length === 0) return { min: bias, max: bias, step: 1, excludes };
  const step = 2 ** Math.min(...field.bits.map((run) => run.at));
  const span = 2 ** fieldWidth(field);
  const min = field.signed ? -span / 2 : 0;
  return { min: min + bias, max: min + span - step + bias, step, excludes };
}

/** Why the field cannot hold the value, or null. */
export function checkField(field: Field, value: number): EncodeError | null {
  const { min, max, step, excludes } = rangeOf(field);
  const wrong = (problem: EncodeError['problem'], must: string): EncodeError => ({
    field: field.name,
    problem,
    message: `${field.name} is ${value}, but must be ${must}`,
  });
  if (min === max && value !== min) return wrong('range', String(min));
  if (!Number.isInteger(value) || value < min || value > max) return wrong('range', `from ${min} to ${max}`);
  if ((value - (field.bias ?? 0)) % step !== 0) return wrong('alignment', `a multiple of ${step}`);
  if (excludes.includes(value)) return wrong('excluded', `other than ${excludes.join(', ')}`);
  return null;
}

function place(field: Field, value: number): number {
  const raw = lowBits(value - (field.bias ?? 0), 32);
  return field.bits.reduce((word, run) => word | (bitsOf(raw, run.at, run.width) << run.lo), 0);
}

/**
 * Encodes an instruction from its field values (units of `Decoded.values`). Every field must be given,
 * except `order`, which is 0 when it is not, and fields that no bit encodes.
 */
export function encode(instruction: Instruction, values: Readonly<Partial<Record<FieldName, number>>>): Encoded {
  let word = instruction.match;
  for (const field of instruction.fields) {
    const value = values[field.name] ?? (field.kind === 'order' ? 0 : undefined);
    if (value === undefined) {
      if (field.bits.length === 0) continue;
      const message = `${instruction.name} needs a value for ${field.name}`;
      return { ok: false, error: { field: field.name, problem: 'missing', message } };
    }
    const error = checkField(field, value);
    if (error !== null) return { ok: false, error };
    word |= place(field, value);
  }
  for (const name of Object.keys(values)) {
    if (!instruction.fields.some((field) => field.name === name)) {
      const message = `${instruction.name} has no field ${name}`;
      return { ok: false, error: { field: name, problem: 'unknown', message } };
    }
  }
  return { ok: true, word: word >>> 0 };
}
