/** Random operands of an instruction that leave the pointers of a random program alone. */
import type { Expr } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import { fieldValue, type Values } from './random-word.ts';
import type { Rng } from './rng.ts';

/** sp, s0 and s1 point into the data area. */
export const POINTERS = [2, 8, 9];
/** Nothing else may be written to these. */
export const RESERVED: ReadonlySet<number> = new Set([...POINTERS, 4]);

export const uses = (instruction: Instruction, op: Expr['op']): boolean => {
  let found = false;
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === op) found = true;
  });
  return found;
};

/** Holds the address of a block: for others QEMU 10.0 gives that of the block as the one that faults, not that in rs1. */
const BLOCK_POINTER = 2;

/** The fields whose registers make an address. */
export function addressFields(instruction: Instruction): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (expr: Expr): void => {
    if (expr.op === 'x') names.add(expr.field);
    if (expr.op === 'binary') for (const part of [expr.a, expr.b]) collect(part);
  };
  visitExpressions(instruction.semantics, (expr) => {
    if ('addr' in expr) collect(expr.addr);
  });
  for (const stmt of instruction.semantics.body) {
    if (stmt.op === 'store' || stmt.op === 'atomicPair') collect(stmt.addr);
    if (stmt.op === 'system' && stmt.name.startsWith('cbo.')) for (const arg of stmt.args) collect(arg);
  }
  return names;
}

export function writtenFields(instruction: Instruction): ReadonlySet<string> {
  return new Set(instruction.semantics.body.flatMap((stmt) => (stmt.op === 'setX' ? [stmt.field] : [])));
}

/** The fields whose registers are read. */
function fieldsRead(instruction: Instruction): ReadonlySet<string> {
  const read = new Set<string>();
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === 'x') read.add(expr.field);
  });
  return read;
}

/** Those that stand for the register behind too. */
function pairFields(instruction: Instruction): ReadonlySet<string> {
  return new Set(instruction.semantics.body.flatMap((stmt) => (stmt.op === 'setXHigh' ? [stmt.field] : [])));
}

/** Legal values of all fields; no register of `kept` is written. */
export function operands(
  rng: Rng,
  instruction: Instruction,
  pointers: readonly number[] = POINTERS,
  kept: readonly number[] = [],
): Values {
  const addresses = addressFields(instruction);
  const written = writtenFields(instruction);
  const pairs = pairFields(instruction);
  const read = fieldsRead(instruction);
  const isOfBlock = instruction.name.startsWith('cbo.');
  const values: Values = {};
  for (const field of instruction.fields) {
    if (field.bits.length === 0) continue;
    values[field.name] = fieldValue(rng, field, (value) => {
      if (field.kind !== 'x') return true;
      if (addresses.has(field.name)) return pointers.includes(value) && (!isOfBlock || value === BLOCK_POINTER);
      // QEMU 10.0 writes the constant that it takes x0 for when compare-and-swap has it as rd.
      if (addresses.size > 0 && read.has(field.name) && written.has(field.name) && value === 0) return false;
      const isFree = (register: number) => !RESERVED.has(register) && !kept.includes(register);
      return !written.has(field.name) || (isFree(value) && (!pairs.has(field.name) || isFree(value + 1)));
    });
  }
  return values;
}
