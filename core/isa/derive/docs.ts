/** What there is to know about an instruction, from its definition: for hover texts and reference pages. */
import { bitsOf } from '../../base/bits.ts';
import { aliasesOf } from '../defs/index.ts';
import type { Example, Field, Instruction } from '../dsl/types.ts';
import { rangeOf } from './encode.ts';
import { FLI_DECIMALS } from './fli.ts';
import { operandText, ROUNDING_MODES } from './operands.ts';
import { constantText, pseudoCode } from './pseudo.ts';

/** A run of instruction bits with one meaning; runs are in order from the highest bit. */
export interface EncodingRun {
  readonly hi: number;
  readonly lo: number;
  /** Binary digits of fixed bits; `imm[11:5]` or `rd` for operands; `-` where bits are ignored. */
  readonly text: string;
  readonly field: string | null;
}

export interface OperandDocs {
  readonly name: string;
  readonly says: string;
}

export interface InstructionDocs {
  readonly name: string;
  /** Mnemonic and operands as written. */
  readonly syntax: string;
  readonly says: string;
  readonly extension: string;
  readonly spec: string;
  readonly encoding: readonly EncodingRun[];
  readonly operands: readonly OperandDocs[];
  readonly pseudoCode: readonly string[];
  /** Compressed forms: mnemonic of the full instruction. */
  readonly standsFor: string | null;
  readonly aliases: readonly { readonly syntax: string; readonly says: string }[];
  /** `rs1 = 7, rs2 = 0: rd = -1`. */
  readonly examples: readonly string[];
}

function runText(field: Field, at: number, width: number): string {
  if (field.bits.length === 1 && at === 0) return field.name;
  return width === 1 ? `${field.name}[${at}]` : `${field.name}[${at + width - 1}:${at}]`;
}

/** The word from the highest bit down, each run either fixed, a part of a field or ignored. */
export function encodingPicture(instruction: Instruction): readonly EncodingRun[] {
  const fields = instruction.fields.flatMap((field) =>
    field.bits.map(({ lo, width, at }) => ({
      hi: lo + width - 1,
      lo,
      text: runText(field, at, width),
      field: field.name,
    })),
  );
  const runs: EncodingRun[] = [];
  for (let hi = instruction.length * 8 - 1; hi >= 0; ) {
    const run = fields.find((candidate) => candidate.hi === hi) ?? fixedRun(instruction, hi, fields);
    runs.push(run);
    hi = run.lo - 1;
  }
  return runs;
}

/** Where opcode, funct3 and the other parts begin: fixed bits are not run together across these. */
const PARTS: Readonly<Record<2 | 4, readonly number[]>> = { 2: [2, 7, 10, 12, 13], 4: [7, 12, 15, 20, 25] };

function fixedRun({ mask, match, length }: Instruction, hi: number, fields: readonly EncodingRun[]): EncodingRun {
  const isFixed = (bit: number): boolean => bitsOf(mask, bit, 1) === 1;
  const fixed = isFixed(hi);
  let lo = hi;
  const parts = PARTS[length];
  while (lo > 0 && !parts.includes(lo) && isFixed(lo - 1) === fixed && !fields.some((field) => field.hi === lo - 1))
    lo -= 1;
  const width = hi - lo + 1;
  return { hi, lo, text: fixed ? bitsOf(match, lo, width).toString(2).padStart(width, '0') : '-', field: null };
}

function roundingWords({ excludes = [], unwritten }: Field): string {
  const modes = ROUNDING_MODES.filter((name, mode) => name !== '' && !excludes.includes(mode));
  if (modes.length === 1) return `rounding mode, always ${modes[0]}`;
  const leftOut = unwritten === undefined ? '' : `; ${ROUNDING_MODES[unwritten]} when it is left out`;
  return `rounding mode: one of ${modes.join(', ')}${leftOut}`;
}

function operandSays(field: Field): string {
  const { min, max, step, excludes } = rangeOf(field);
  const multiple = step > 1 ? `, a multiple of ${step}` : '';
  const except = excludes.length > 0 ? `, except ${excludes.join(' and ')}` : '';
  switch (field.kind) {
    case 'x':
    case 'f': {
      const letter = field.kind;
      const what = letter === 'x' ? 'integer register' : 'floating-point register';
      const which = min === max ? `always ${letter}${min}` : `${letter}${min} to ${letter}${max}`;
      const without = excludes.length > 0 ? `, except ${excludes.map((n) => letter + n).join(' and ')}` : '';
      return `${what}, ${which}${without}`;
    }
    case 'simm':
    case 'uimm':
      return min === max ? `always ${min}` : `constant from ${min} to ${max}${multiple}${except}`;
    case 'target':
      return `label at a distance from ${min} to ${max} bytes${multiple}`;
    case 'upper':
      return `bits ${field.bits.some((run) => run.at + run.width === 32) ? '31..12' : '17..12'} of the value${except}`;
    case 'csr':
      return 'control and status register, by name or number';
    case 'fence':
      return 'any of i (device input), o (device output), r (reads), w (writes)';
    case 'rm':
      return roundingWords(field);
    case 'fli':
      return `one of ${FLI_DECIMALS.join(', ')}`;
    case 'order':
      return 'suffix .aq, .rl or .aqrl: acquire and release ordering';
    default:
      return field.kind satisfies never;
  }
}

/** Its name, or what it always is. */
function fieldWord({ fields }: Instruction, name: string): string {
  const field = fields.find((candidate) => candidate.name === name);
  return field !== undefined && field.bits.length === 0 ? operandText(field, field.bias ?? 0, 0n) : name;
}

function exampleText({ rd, ...before }: Example): string {
  const words = Object.entries(before).map(([name, value]) => `${name} = ${constantText(value)}`);
  return `${words.join(', ')}: rd = ${constantText(rd ?? 0n)}`;
}

function syntaxOf(name: string, asm: string): string {
  return asm === '' ? name : `${name} ${asm}`;
}

/** Everything a hover needs about an instruction. */
export function instructionDocs(instruction: Instruction): InstructionDocs {
  return {
    name: instruction.name,
    syntax: syntaxOf(instruction.name, instruction.asm),
    says: instruction.says,
    extension: instruction.extension,
    spec: instruction.spec,
    encoding: encodingPicture(instruction),
    operands: instruction.fields.map((field) => ({ name: field.name, says: operandSays(field) })),
    pseudoCode: pseudoCode(instruction.semantics, (name) => fieldWord(instruction, name)),
    standsFor: instruction.expands?.to ?? null,
    aliases: aliasesOf(instruction).map(({ name, asm, says }) => ({ syntax: syntaxOf(name, asm), says })),
    examples: (instruction.examples ?? []).map(exampleText),
  };
}
