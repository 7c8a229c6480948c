/** One instruction in a loop over a table of operand sets: results and flags take the place of the operands. */
import type { FloatFormat, FloatOp } from '../../float/index.ts';
import { ROUNDING_MODES } from '../../isa/derive/operands.ts';
import type { Expr } from '../../isa/dsl/ir.ts';
import type { Field, Instruction } from '../../isa/dsl/types.ts';
import { fieldsUsed, visitExpressions } from '../../isa/dsl/walk.ts';
import { hardRegisters } from '../float/operands.ts';
import { HANDLER, type Program, RAM_BASE } from '../qemu/layout.ts';
import { DRAWN } from '../qemu/random.ts';
import { assembled, fieldValue, type Unit, type Values } from '../qemu/random-word.ts';
import { Rng } from '../qemu/rng.ts';
import type { FuzzCase, Kind } from './kind.ts';

const SETS = 256;
/** As many as fit behind the log: floating point has more to get wrong. */
const FLOAT_SETS = 1024;
const FLOAT_TURNS = 4;
const BATCH = 100;
/** Behind the log of the handler. */
const TABLE_OFFSET = 0x1000;
const OPERANDS = 3;
/** Operands and fcsr. */
const ROW_BYTES = 8 * (OPERANDS + 1);
/** tp points to the log: a reserved rounding mode traps. */
const LOG = 4;
/** Of row, count and flags: whichever three the instruction has no use for. */
const LOOP_REGISTERS = [28, 29, 30, 31, 5, 6, 7];

const NOT_PURE: ReadonlySet<Expr['op']> = new Set(['load', 'loadReserved', 'storeConditional', 'atomic']);

/** Computes from registers and constants alone, and writes registers alone. */
export function isPure({ semantics }: Instruction): boolean {
  let pure = semantics.body.every(({ op }) => op === 'let' || op === 'setX' || op === 'setF');
  visitExpressions(semantics, ({ op }) => {
    if (NOT_PURE.has(op)) pure = false;
  });
  return pure;
}

export function operandKinds(): Kind[] {
  const pure = DRAWN.filter((instruction) => isPure(instruction) && fieldsUsed(instruction.semantics).size > 0);
  const extensions = [...new Set(pure.map(({ extension }) => extension))];
  return extensions.map((extension) => {
    const of = pure.filter((instruction) => instruction.extension === extension);
    return {
      name: `operands:${extension}`,
      subject: extension,
      batch: BATCH,
      turns: of.some((instruction) => floatOf(instruction)) ? FLOAT_TURNS : 1,
      draw: (seed: number) => operandCase(seed, of[seed % of.length] as Instruction),
    };
  });
}

function operandCase(seed: number, instruction: Instruction): FuzzCase {
  const rng = new Rng(seed);
  const loop = freeRegisters(rng);
  const values: Values = {};
  for (const field of instruction.fields) {
    if (field.bits.length === 0) continue;
    values[field.name] = fieldValue(
      rng,
      field,
      (value) => field.kind !== 'x' || !(value === LOG || loop.includes(value)),
    );
  }
  const units = Array.from(
    { length: floatOf(instruction) ? FLOAT_SETS : SETS },
    () => `.dword ${operandRow(rng, instruction)}`,
  );
  const rounding = instruction.fields.find(({ kind }) => kind === 'rm');
  const mode = rounding === undefined ? '' : ` ${ROUNDING_MODES[values[rounding.name] ?? 0]}`;
  return {
    name: `${instruction.name} over operand sets, seed ${seed}`,
    units,
    seeds: [],
    compose: (some) => tableProgram(instruction, values, loop, some),
    operandsOf: instruction.name + mode,
  };
}

type Loop = readonly [row: number, count: number, flags: number];

function freeRegisters(rng: Rng): Loop {
  const [row, count, flags] = Array.from({ length: 3 }).reduce<number[]>(
    (taken) => [...taken, rng.pick(LOOP_REGISTERS.filter((register) => !taken.includes(register)))],
    [],
  );
  if (row === undefined || count === undefined || flags === undefined) throw new Error('no free registers');
  return [row, count, flags];
}

/** Values of the operands in their order, then fcsr. */
function operandRow(rng: Rng, instruction: Instruction): string {
  const values = Array.from({ length: OPERANDS }, () => rng.value64());
  // Equal operands and neighbours are where comparisons turn.
  if (rng.chance(15)) values[1] = BigInt.asUintN(64, (values[0] ?? 0n) + BigInt(rng.below(3)) - 1n);
  const operation = floatOf(instruction);
  if (operation !== null) {
    hardRegisters(rng, operation.kind, operation.format).forEach((value, index) => {
      values[index] = value;
    });
  }
  const rounding = rng.chance(1) ? rng.below(8) : rng.below(5);
  values[OPERANDS] = BigInt((rounding << 5) | (rng.chance(80) ? 0 : rng.below(32)));
  return values.map((value) => `0x${value.toString(16)}`).join(', ');
}

/** The operation that an instruction is about, if it is about one. */
function floatOf({ semantics }: Instruction): { readonly kind: FloatOp; readonly format: FloatFormat } | null {
  let found: { readonly kind: FloatOp; readonly format: FloatFormat } | null = null;
  visitExpressions(semantics, (expr) => {
    if (expr.op === 'float') found = expr;
  });
  return found;
}

const registersRead = (instruction: Instruction): Field[] => {
  const read = new Set<string>();
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === 'x' || expr.op === 'f') read.add(expr.field);
  });
  return instruction.fields.filter(({ name }) => read.has(name));
};

const registersWritten = ({ semantics, fields }: Instruction): Field[] =>
  fields.filter(({ name }) =>
    semantics.body.some((stmt) => (stmt.op === 'setX' || stmt.op === 'setF') && stmt.field === name),
  );

function tableProgram(
  instruction: Instruction,
  values: Values,
  [row, count, flags]: Loop,
  units: readonly Unit[],
): Program {
  const register = (field: Field): string =>
    `${field.kind === 'f' ? 'f' : 'x'}${values[field.name] ?? field.bias ?? 0}`;
  const prefix = (field: Field): string => (field.kind === 'f' ? 'f' : '');
  const move = (op: 'ld' | 'sd') => (field: Field, at: number) =>
    `${prefix(field)}${op} ${register(field)}, ${8 * at}(x${row})`;
  const isFloat = instruction.fields.some(({ kind }) => kind === 'f');
  const fcsr = 8 * OPERANDS;
  return {
    name: instruction.name,
    text: (slot) => `
      li t0, ${HANDLER}
      csrw stvec, t0
      li tp, ${slot.data}
      ${isFloat ? 'li t0, 3 << 13\n csrs sstatus, t0' : ''}
      li x${row}, ${slot.data + TABLE_OFFSET}
      li x${count}, ${units.length}
      beqz x${count}, 75f
  76: ${registersRead(instruction).map(move('ld')).join('\n')}
      ${isFloat ? `ld x${flags}, ${fcsr}(x${row})\n fscsr x${flags}` : ''}
      ${assembled(instruction, values)}
      ${registersWritten(instruction).map(move('sd')).join('\n')}
      ${isFloat ? `frcsr x${flags}\n sd x${flags}, ${fcsr}(x${row})` : ''}
      addi x${row}, x${row}, ${ROW_BYTES}
      addi x${count}, x${count}, -1
      bnez x${count}, 76b
  75: ecall
      .org ${slot.data + TABLE_OFFSET - RAM_BASE}
      ${units.join('\n')}`,
  };
}
