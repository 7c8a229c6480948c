/** One instruction in a loop over a table of operand sets: results and flags take the place of the operands. */
import type { Expr } from '../../isa/dsl/ir.ts';
import type { Field, Instruction } from '../../isa/dsl/types.ts';
import { fieldsUsed, visitExpressions } from '../../isa/dsl/walk.ts';
import { HANDLER, type Program, RAM_BASE } from '../qemu/layout.ts';
import { DRAWN } from '../qemu/random.ts';
import { assembled, fieldValue, type Unit, type Values } from '../qemu/random-word.ts';
import { Rng } from '../qemu/rng.ts';
import type { FuzzCase, Kind } from './kind.ts';

const SETS = 256;
const BATCH = 200;
/** Behind the log of the handler. */
const TABLE_OFFSET = 0x1000;
const ROW_BYTES = 24;
const DWORDS = ROW_BYTES / 8;
/** Of row and count: whichever two the instruction has no use for. */
const LOOP_REGISTERS = [28, 29, 30, 31, 5, 6, 7];

const NOT_PURE: ReadonlySet<Expr['op']> = new Set(['load', 'loadReserved', 'storeConditional', 'atomic']);

/** Computes from registers and constants alone, and writes registers alone. */
export function isPure({ semantics }: Instruction): boolean {
  let pure = semantics.body.every(({ op }) => op === 'let' || op === 'setX');
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
      draw: (seed: number) => operandCase(seed, of[seed % of.length] as Instruction),
    };
  });
}

function operandCase(seed: number, instruction: Instruction): FuzzCase {
  const rng = new Rng(seed);
  const [row = 0, count = 0] = freeRegisters(rng);
  const values: Values = {};
  for (const field of instruction.fields) {
    if (field.bits.length === 0) continue;
    values[field.name] = fieldValue(rng, field, (value) => field.kind !== 'x' || (value !== row && value !== count));
  }
  const units = Array.from({ length: SETS }, () => `.dword ${operandRow(rng)}`);
  return {
    name: `${instruction.name} over operand sets, seed ${seed}`,
    units,
    seeds: [],
    compose: (some) => tableProgram(instruction, values, { row, count }, some),
    operandsOf: instruction.name,
  };
}

function freeRegisters(rng: Rng): number[] {
  const first = rng.pick(LOOP_REGISTERS);
  return [first, rng.pick(LOOP_REGISTERS.filter((register) => register !== first))];
}

function operandRow(rng: Rng): string {
  const values = Array.from({ length: DWORDS }, () => rng.value64());
  // Equal operands and neighbours are where comparisons turn.
  if (rng.chance(15)) values[1] = BigInt.asUintN(64, (values[0] ?? 0n) + BigInt(rng.below(3)) - 1n);
  return values.map((value) => `0x${value.toString(16)}`).join(', ');
}

const registersRead = (instruction: Instruction): Field[] => {
  const read = new Set<string>();
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === 'x') read.add(expr.field);
  });
  return instruction.fields.filter(({ name }) => read.has(name));
};

const registersWritten = ({ semantics, fields }: Instruction): Field[] =>
  fields.filter(({ name }) => semantics.body.some((stmt) => stmt.op === 'setX' && stmt.field === name));

function tableProgram(
  instruction: Instruction,
  values: Values,
  { row, count }: { readonly row: number; readonly count: number },
  units: readonly Unit[],
): Program {
  const register = (field: Field): number => values[field.name] ?? field.bias ?? 0;
  const loads = registersRead(instruction).map((field, at) => `ld x${register(field)}, ${8 * at}(x${row})`);
  const stores = registersWritten(instruction).map((field, at) => `sd x${register(field)}, ${8 * at}(x${row})`);
  return {
    name: instruction.name,
    text: (slot) => `
      li t0, ${HANDLER}
      csrw stvec, t0
      li tp, ${slot.data}
      li x${row}, ${slot.data + TABLE_OFFSET}
      li x${count}, ${units.length}
      beqz x${count}, 75f
  76: ${loads.join('\n')}
      ${assembled(instruction, values)}
      ${stores.join('\n')}
      addi x${row}, x${row}, ${ROW_BYTES}
      addi x${count}, x${count}, -1
      bnez x${count}, 76b
  75: ecall
      .org ${slot.data + TABLE_OFFSET - RAM_BASE}
      ${units.join('\n')}`,
  };
}
