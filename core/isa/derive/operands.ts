/** Operand values as text, spelled as GNU objdump spells them. */
import { hex } from '../../base/bits.ts';
import { u64FromNumber } from '../../base/u64.ts';
import { csrByNumber } from '../csr/index.ts';
import { type OperandToken, parseTemplate } from '../dsl/operands.ts';
import type { Field, Instruction } from '../dsl/types.ts';
import { FLI_TEXTS } from './fli.ts';
import { fName, xName } from './registers.ts';

export { type OperandToken, parseTemplate } from '../dsl/operands.ts';

/** Rounding modes by their encoding; an empty name is reserved. [Unprivileged ISA, F] */
export const ROUNDING_MODES: readonly string[] = ['rne', 'rtz', 'rdn', 'rup', 'rmm', '', '', 'dyn'];
/** Mnemonic suffix by the value of the aq and rl bits. [Unprivileged ISA, A] */
export const ORDER_SUFFIXES: readonly string[] = ['', '.rl', '.aq', '.aqrl'];

const FENCE_LETTERS = 'wroi';
const UPPER_SHIFT = 12;
const UPPER_DIGITS = 0xfffff;

/** `iorw` or a part of it; objdump says `unknown` for an empty set. */
export function fenceSet(value: number): string {
  const letters = [...FENCE_LETTERS].filter((_, bit) => ((value >> bit) & 1) === 1).reverse();
  return letters.length === 0 ? 'unknown' : letters.join('');
}

/** The value of a fence set such as `rw`; undefined when a letter is wrong or out of order. */
export function fenceValue(text: string): number | undefined {
  if (!/^i?o?r?w?$/.test(text) || text === '') return undefined;
  return [...text].reduce((bits, letter) => bits | (1 << FENCE_LETTERS.indexOf(letter)), 0);
}

/** What people write for an upper immediate: 0..0xfffff. */
export function writtenUpper(value: number): number {
  return (value >> UPPER_SHIFT) & UPPER_DIGITS;
}

/** The field value of a written upper immediate; 0..0xfffff, the upper half being negative, or the negative number itself. */
export function upperFromWritten(written: number): number {
  return (written << UPPER_SHIFT) | 0;
}

/** objdump writes shift amounts, byte numbers and round numbers in hexadecimal and other constants in decimal. */
const IN_HEXADECIMAL: ReadonlySet<string> = new Set(['shamt', 'bs', 'rnum']);

function csrText(number: number): string {
  const csr = csrByNumber(number);
  return csr === undefined || csr.withdrawn ? hex(number) : csr.name;
}

/** One operand; `pc` is the address of the instruction. */
export function operandText(field: Field, value: number, pc: bigint): string {
  switch (field.kind) {
    case 'x':
      return xName(value);
    case 'f':
      return fName(value);
    case 'simm':
    case 'uimm':
      return IN_HEXADECIMAL.has(field.name) ? hex(value) : String(value);
    case 'target':
      return hex(BigInt.asUintN(64, pc + u64FromNumber(value)));
    case 'upper':
      return hex(writtenUpper(value));
    case 'csr':
      return csrText(value);
    case 'fence':
      return fenceSet(value);
    case 'rm':
      return ROUNDING_MODES[value] || 'unknown';
    case 'fli':
      return FLI_TEXTS[value] ?? '';
    case 'order':
      return ORDER_SUFFIXES[value] ?? '';
    default:
      return field.kind satisfies never;
  }
}

/** The operands of a template with the values filled in, without spaces. */
export function operandsText(
  instruction: Instruction,
  asm: string,
  values: Readonly<Record<string, number>>,
  pc: bigint,
): string {
  const write = (token: OperandToken): string => {
    if (token.token === 'punctuation') return token.text;
    const field = instruction.fields.find(({ name }) => name === token.name);
    return field === undefined ? '' : operandText(field, values[token.name] ?? 0, pc);
  };
  return parseTemplate(asm)
    .slice(0, writtenLength(instruction, asm, values))
    .map(write)
    .join('');
}

/** Tokens of the template that are written: without a last operand that is what it would be if it were left out. */
function writtenLength(instruction: Instruction, asm: string, values: Readonly<Record<string, number>>): number {
  const tokens = parseTemplate(asm);
  const last = tokens.at(-1);
  const field = last?.token === 'field' ? instruction.fields.find(({ name }) => name === last.name) : undefined;
  const isLeftOut = field?.unwritten !== undefined && field.unwritten === values[field.name];
  return isLeftOut ? tokens.length - 2 : tokens.length;
}
