/** Operands of one instruction for a walk program, and the assembly that puts them into registers. */
import { checkField } from '../../isa/derive/encode.ts';
import { fName, xName } from '../../isa/derive/registers.ts';
import type { Field, Instruction } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import { hardRegisters } from '../float/operands.ts';
import { addressFields } from '../qemu/random-operands.ts';
import { fieldValue, type Values } from '../qemu/random-word.ts';
import type { Rng } from '../qemu/rng.ts';

export interface Input {
  readonly register: string;
  /** Assembly that sets it; t0 is free. */
  readonly set: string;
  /** How a line of the walk shows it. */
  readonly shown: string;
}

/** Where registers go when the encoding leaves a choice. */
const NUMBERS: Readonly<Record<string, number>> = { rd: 10, rs1: 11, rs2: 12, rs3: 13 };
const ANY_NUMBER = 10;
/** What every access reaches, behind the label `area`. */
export const MIDDLE = 2048;
const CSR_SSCRATCH = 0x140;
const STATIC_MODES = [0, 1, 2, 3, 4];
const DYNAMIC_MODE = 7;
/** The instruction behind a jump, which a jump leaves out. */
const SKIPPED_LENGTH = 4;

export const registerOf = (field: Field, values: Values): number => values[field.name] ?? field.bias ?? 0;

export const isJump = ({ semantics }: Instruction): boolean =>
  semantics.body.some(({ op }) => op === 'jump' || op === 'branch');

function drawField(rng: Rng, instruction: Instruction, field: Field): number {
  const wanted = NUMBERS[field.name] ?? ANY_NUMBER;
  switch (field.kind) {
    case 'x':
    case 'f':
      return checkField(field, wanted) === null ? wanted : fieldValue(rng, field, (value) => value >= ANY_NUMBER);
    case 'target':
      return instruction.length + SKIPPED_LENGTH;
    case 'csr':
      return CSR_SSCRATCH;
    case 'rm':
      return rng.pick([...STATIC_MODES, DYNAMIC_MODE, DYNAMIC_MODE].filter((mode) => checkField(field, mode) === null));
    default:
      return fieldValue(rng, field);
  }
}

/** Values of all fields that an encoding has. */
export function drawValues(rng: Rng, instruction: Instruction): Values {
  const encoded = instruction.fields.filter(({ bits }) => bits.length > 0);
  return Object.fromEntries(encoded.map((field) => [field.name, drawField(rng, instruction, field)]));
}

/** The constant that is added to the register of an address. */
function displacement({ fields }: Instruction, values: Values): number {
  const constant = fields.find(({ kind, name }) => (kind === 'simm' || kind === 'uimm') && name in values);
  return constant === undefined ? 0 : (values[constant.name] ?? 0);
}

const hex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16)}`;

function integerInput(number: number, value: bigint): Input {
  return { register: xName(number), set: `li x${number}, ${hex(value)}`, shown: hex(value) };
}

function floatInput(number: number, value: bigint): Input {
  return { register: fName(number), set: `li t0, ${hex(value)}\nfmv.d.x f${number}, t0`, shown: hex(value) };
}

/** An address is shown by the name of its label. */
function addressInput(number: number, label: string, offset: number): Input {
  const set = `la x${number}, ${label}\nli t0, ${offset}\nadd x${number}, x${number}, t0`;
  return { register: xName(number), set, shown: label === 'area' ? 'area' : 'behind' };
}

function fieldsRead(instruction: Instruction): Field[] {
  const names = new Set<string>();
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === 'x' || expr.op === 'f') names.add(expr.field);
  });
  return instruction.fields.filter(({ name }) => names.has(name));
}

function hardFloat(rng: Rng, instruction: Instruction): bigint[] {
  let values: bigint[] = [];
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === 'float' && values.length === 0) values = hardRegisters(rng, expr.kind, expr.format);
  });
  return values;
}

/** Of the round's example in the table, where there is one; else operands that are hard, or any. */
export function drawInputs(rng: Rng, instruction: Instruction, values: Values, round: number): Input[] {
  const addresses = addressFields(instruction);
  const accesses = instruction.asm.includes('(rs1)') && !isJump(instruction);
  const computesTarget = instruction.semantics.body.some(({ op }) => op === 'jump');
  const example = instruction.examples?.[round];
  const hard = hardFloat(rng, instruction);
  return fieldsRead(instruction).map((field, at) => {
    const number = registerOf(field, values);
    const value = example?.[field.name] ?? hard[at] ?? rng.value64();
    if (field.kind === 'f') return floatInput(number, value);
    if (addresses.has(field.name) || (accesses && field.name === 'rs1'))
      return addressInput(number, 'area', MIDDLE - displacement(instruction, values));
    return computesTarget
      ? addressInput(number, '77f', -displacement(instruction, values))
      : integerInput(number, value);
  });
}
