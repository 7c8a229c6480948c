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
  for (const stmt of instruction.semantics.body) if (stmt.op === 'store') collect(stmt.addr);
  return names;
}

export function writtenFields(instruction: Instruction): ReadonlySet<string> {
  return new Set(instruction.semantics.body.flatMap((stmt) => (stmt.op === 'setX' ? [stmt.field] : [])));
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
  const values: Values = {};
  for (const field of instruction.fields) {
    if (field.bits.length === 0) continue;
    values[field.name] = fieldValue(rng, field, (value) => {
      if (field.kind !== 'x') return true;
      if (addresses.has(field.name)) return pointers.includes(value);
      return !written.has(field.name) || !(RESERVED.has(value) || kept.includes(value));
    });
  }
  return values;
}
