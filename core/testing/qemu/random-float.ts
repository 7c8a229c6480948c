/** What random programs need so that floating point meets more than zeros and NaNs. */
import type { FloatExpr } from '../../isa/derive/lower.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import { hardRegisters } from '../float/operands.ts';
import type { Unit, Values } from './random-word.ts';
import type { Rng } from './rng.ts';

/**
 * Dirty from the start: QEMU does not call it dirty when an instruction that writes no f register accrues an
 * exception, where Ecall does as the specification has it.
 */
export const FLOAT_ON = 'li t0, 0x6000\n csrs sstatus, t0';

const PERCENT = 60;

/** Puts operands into the source registers that are hard for what the instruction computes; nothing for other instructions. */
export function hardOperandsFor(rng: Rng, instruction: Instruction, values: Readonly<Values>): Unit {
  const computed = operationOf(instruction);
  if (computed === null || !rng.chance(PERCENT)) return '';
  const sources = ['rs1', 'rs2', 'rs3'].filter((name) => isFloat(instruction, name));
  const registers = hardRegisters(rng, computed.kind, computed.format);
  return sources
    .map((name, index) => `li t0, 0x${(registers[index] ?? 0n).toString(16)}\n fmv.d.x f${values[name]}, t0\n`)
    .join('');
}

function isFloat({ fields }: Instruction, name: string): boolean {
  return fields.some((field) => field.name === name && field.kind === 'f');
}

function operationOf({ semantics }: Instruction): FloatExpr | null {
  let found: FloatExpr | null = null;
  visitExpressions(semantics, (expr) => {
    if (expr.op === 'float') found = expr;
  });
  return found;
}
