/** Single random instructions as assembler text. */
import { encode, rangeOf } from '../../isa/derive/encode.ts';
import type { Field, Instruction } from '../../isa/dsl/types.ts';
import type { Rng } from './rng.ts';

/** Assembler text, with the tokens that `random.ts` replaces. */
export type Unit = string;
export type Values = Record<string, number>;

/** A legal value for the field that also pleases `accept`; edges of the range come often. */
export function fieldValue(rng: Rng, field: Field, accept: (value: number) => boolean = () => true): number {
  const { min, max, step, excludes } = rangeOf(field);
  const steps = Math.floor((max - min) / step) + 1;
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const edge = rng.below(12);
    const value = edge === 0 ? min : edge === 1 ? max : min + step * rng.below(steps);
    if (!excludes.includes(value) && accept(value)) return value;
  }
  throw new Error(`no acceptable value for ${field.name}`);
}

/** The word as data, since the point is our own table; the words behind it are for the reader. */
export function assembled(instruction: Instruction, values: Readonly<Values>): Unit {
  const encoded = encode(instruction, values);
  if (!encoded.ok) throw new Error(`${instruction.name}: ${encoded.error.message}`);
  const shown = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const directive = instruction.length === 2 ? '.2byte' : '.4byte';
  return `${directive} 0x${encoded.word.toString(16)} # ${instruction.name} ${shown.join(' ')}\n`;
}
