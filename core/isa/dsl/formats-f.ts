/**
 * Encoding formats of the floating-point instructions. What `rm` does not encode is a function code.
 * [Unprivileged ISA, F, D, Zfh]
 */
import { type Form, f, form, simm, special, x } from './formats.ts';
import type { Field } from './types.ts';

const OP_FP = 0x53;

/** The `fmt` bits by format. */
export const FMT = { s: 0, d: 1, h: 2 } as const;

const RD = f('rd', '11:7');
const RS1 = f('rs1', '19:15');
const RS2 = f('rs2', '24:20');
const INTEGER_RD = x('rd', '11:7');
const INTEGER_RS1 = x('rs1', '19:15');

/** Rounds as frm says. */
export const DYNAMIC_ROUNDING = 7;
const NEAREST = 0;
/** Rounding modes 5 and 6 are reserved. Left out, it is dyn, but rne where no value is ever rounded, as in GNU as. */
const roundingMode = (unwritten: number): Field => special('rm', 'rm', '14:12', { excludes: [5, 6], unwritten });
export const ROUNDED = roundingMode(DYNAMIC_ROUNDING);
export const EXACT = roundingMode(NEAREST);
/** Written, and towards zero alone. */
export const TRUNCATED = special('rm', 'rm', '14:12', { excludes: [0, 2, 3, 4, 5, 6, 7] });

interface Code {
  /** Bits 31..27, above `fmt`. */
  readonly funct5: number;
  readonly fmt: number;
}
const code = ({ funct5, fmt }: Code) => ({ '6:0': OP_FP, '31:27': funct5, '26:25': fmt });

/** Two sources and a rounding mode. */
export const binaryRounded = (o: Code): Form => form(4, code(o), [RD, RS1, RS2, ROUNDED]);
/** Two sources; `rd` of either file. */
export const binaryFloat = (o: Code & { funct3: number }, rd: 'f' | 'x' = 'f'): Form =>
  form(4, { ...code(o), '14:12': o.funct3 }, [rd === 'f' ? RD : INTEGER_RD, RS1, RS2]);

interface Unary extends Code {
  /** Where rs2 would be. */
  readonly selector: number;
}
/** Which file each register is of: destination, then source. */
export type Files = 'f, f' | 'f, x' | 'x, f';
const registers = (files: Files): readonly Field[] => [
  files.startsWith('f') ? RD : INTEGER_RD,
  files.endsWith('f') ? RS1 : INTEGER_RS1,
];
/** One source and a rounding mode. */
export const unaryRounded = (o: Unary, files: Files, mode: Field = ROUNDED): Form =>
  form(4, { ...code(o), '24:20': o.selector }, [...registers(files), mode]);
/** One source. */
export const unaryFloat = (o: Unary & { funct3: number }, files: Files): Form =>
  form(4, { ...code(o), '24:20': o.selector, '14:12': o.funct3 }, registers(files));
/** A constant of `fli` where the source would be. */
export const loadConstant = (o: Unary & { funct3: number }): Form =>
  form(4, { ...code(o), '24:20': o.selector, '14:12': o.funct3 }, [RD, special('constant', 'fli', '19:15')]);

/** Three sources and a rounding mode. */
export const R4 = (o: { opcode: number; fmt: number }): Form =>
  form(4, { '6:0': o.opcode, '26:25': o.fmt }, [RD, RS1, RS2, f('rs3', '31:27'), ROUNDED]);

export const floatLoad = (o: { funct3: number }): Form =>
  form(4, { '6:0': 0x07, '14:12': o.funct3 }, [RD, INTEGER_RS1, simm('imm', '31:20')]);
export const floatStore = (o: { funct3: number }): Form =>
  form(4, { '6:0': 0x27, '14:12': o.funct3 }, [RS2, INTEGER_RS1, simm('imm', '31:25=11:5, 11:7=4:0')]);
