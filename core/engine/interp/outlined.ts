/**
 * Instructions that compute with floating-point numbers are functions of their own, which the run function calls: they are
 * long, and the engine makes worse code for everything else of a function that holds them.
 */
import { type LowerTarget, lower } from '../../isa/derive/lower.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import { CodeBuilder, type FunctionType, VALTYPE } from '../../wasm/index.ts';
import { ScratchPool } from './frame.ts';
import { RecordOperands, type RecordShape } from './operands.ts';

/** From the addresses of hart block and record; gives 0 when the instruction is illegal and nothing has been done. */
export const OUTLINED_TYPE: FunctionType = { params: [VALTYPE.i32, VALTYPE.i32], results: [VALTYPE.i32] };
const LOCALS = { block: 0, record: 1 };

export interface Outlined {
  readonly code: CodeBuilder;
  readonly shape: RecordShape;
}

export function isOutlined({ semantics }: Instruction): boolean {
  let computes = false;
  visitExpressions(semantics, (e) => {
    if (e.op === 'float') computes = true;
  });
  return computes;
}

export function outline(instruction: Instruction): Outlined {
  const code = new CodeBuilder(OUTLINED_TYPE.params.length);
  const target = new OutlinedTarget(instruction, LOCALS, new ScratchPool(code));
  if (lower(instruction.semantics, target)) code.i32(1);
  return { code, shape: target.shape };
}

function refuse(): never {
  throw new Error('an instruction that is a function of its own can only compute from registers to registers');
}

class OutlinedTarget extends RecordOperands implements LowerTarget {
  readonly pushPc = refuse;
  readonly pushNextPc = refuse;
  readonly load = refuse;
  readonly store = refuse;
  readonly loadReserved = refuse;
  readonly storeConditional = refuse;
  readonly atomic = refuse;
  readonly atomicPair = refuse;
  readonly checkJump = refuse;
  readonly jump = refuse;
  readonly branch = refuse;
  readonly csr = refuse;
  readonly system = refuse;

  override illegal(): void {
    this.code.i32(0).return();
  }
}
