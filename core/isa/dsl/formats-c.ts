/**
 * The compressed formats. Immediates are scrambled differently for almost each instruction, so a
 * form takes its fields as written in the instruction's own diagram. [Unprivileged ISA, C]
 */
import { type Form, form } from './formats.ts';
import type { Field } from './types.ts';

interface Quadrant {
  /** Instruction bits 1..0. */
  readonly op: 0 | 1 | 2;
  readonly funct3: number;
}

/** CI, CSS, CIW, CL, CS, CJ: quadrant and funct3 fixed. */
export const C = (o: Quadrant, ...fields: readonly Field[]): Form =>
  form(2, { '1:0': o.op, '15:13': o.funct3 }, fields);
/** The same with more fixed bit ranges. */
export const CFixed = (o: Quadrant, fixed: Readonly<Record<string, number>>, ...fields: readonly Field[]): Form =>
  form(2, { '1:0': o.op, '15:13': o.funct3, ...fixed }, fields);
/** CR: two registers, or one and fixed bits. */
export const CR = (
  o: { op: 2; funct4: number },
  fixed: Readonly<Record<string, number>>,
  ...fields: readonly Field[]
): Form => form(2, { '1:0': o.op, '15:12': o.funct4, ...fixed }, fields);
/** CA: arithmetic on two of x8..x15. */
export const CA = (o: { funct6: number; funct2: number }, ...fields: readonly Field[]): Form =>
  form(2, { '1:0': 1, '15:10': o.funct6, '6:5': o.funct2 }, fields);
