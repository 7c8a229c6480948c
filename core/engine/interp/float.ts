/** Floating point of the interpreter: what the host computes, and the generated code around it. */
import {
  FLOAT_FORMATS,
  FLOAT_OPS,
  type FloatFormat,
  type FloatOp,
  floatOperate,
  ROUNDING,
  type RoundingMode,
} from '../../float/index.ts';
import { type FloatRegisters, FS_DIRTY } from '../../hart/float.ts';
import type { FloatExpr, Push } from '../../isa/derive/lower.ts';
import { DYNAMIC_ROUNDING } from '../../isa/dsl/formats-f.ts';
import { type CodeBuilder, MEM, OP, VALTYPE } from '../../wasm/index.ts';
import { emitFastFloat } from '../float/index.ts';
import { HART } from '../layout.ts';
import type { Locals, ScratchPool } from './frame.ts';
import { HOST } from './host.ts';

/** Every operation in every format, by the number that generated code gives. */
const FLOAT_CALLS = FLOAT_OPS.flatMap((op) => FLOAT_FORMATS.map((format) => ({ op, format })));
const OPERANDS = 3;

function callNumber(op: FloatOp, format: FloatFormat): number {
  return FLOAT_CALLS.findIndex((call) => call.op === op && call.format === format);
}

/** Does an operation for generated code. Operands that it does not have are ignored. */
export function floatCall(
  registers: FloatRegisters,
  operation: number,
  rounding: number,
  operands: readonly bigint[],
): bigint {
  const call = FLOAT_CALLS[operation];
  if (call === undefined) throw new Error(`there is no floating-point operation ${operation}`);
  const unsigned = operands.map((operand) => BigInt.asUintN(64, operand));
  const { bits, flags } = floatOperate(call.op, call.format, rounding as RoundingMode, unsigned);
  registers.accrue(flags);
  return bits;
}

/** The generated code of floating-point instructions. */
export class FloatLowering {
  readonly code: CodeBuilder;
  /** Holds the rounding mode once `prepare` has run; null when the instruction has none. */
  #rounding: number | null = null;

  constructor(
    readonly locals: Pick<Locals, 'block'>,
    readonly pool: ScratchPool,
    /** Leaves by way of an illegal instruction. */
    readonly illegal: () => void,
  ) {
    this.code = pool.code;
  }

  /** Leaves when the registers are off, or when the mode that `pushMode` gives is dynamic and frm is reserved. */
  prepare(pushMode: Push | null): void {
    const { code, locals } = this;
    code.get(locals.block).mem(MEM.i32_load, HART.fs).op(OP.i32_eqz).if();
    this.illegal();
    code.end();
    if (pushMode === null) return;
    const mode = this.pool.take(VALTYPE.i32);
    this.#rounding = mode;
    pushMode();
    code.tee(mode).i32(DYNAMIC_ROUNDING).op(OP.i32_eq).if();
    code.get(locals.block).mem(MEM.i32_load, HART.fcsr).i32(5).op(OP.i32_shr_u);
    code.tee(mode).i32(ROUNDING.RMM).op(OP.i32_gt_u).if();
    this.illegal();
    code.end().end();
  }

  /** Leaves the result. */
  operate({ kind, format, rm }: FloatExpr, args: readonly Push[]): void {
    const { code, locals, pool } = this;
    const operands = args.map((push) => {
      const operand = pool.take(VALTYPE.i64);
      push();
      code.set(operand);
      return operand;
    });
    const mode = rm === null || this.#rounding === null ? this.#nearest() : this.#rounding;
    const operation = callNumber(kind, format);
    const frame = { block: locals.block, mode, operands };
    if (emitFastFloat(code, frame, kind, format, { index: HOST.float, operation })) return;
    code.i32(operation).get(mode);
    for (const operand of operands) code.get(operand);
    for (let missing = operands.length; missing < OPERANDS; missing++) code.i64(0);
    code.call(HOST.float);
  }

  /** A mode for what never rounds. */
  #nearest(): number {
    const mode = this.pool.take(VALTYPE.i32);
    this.code.i32(ROUNDING.RNE).set(mode);
    return mode;
  }

  /** An f register was written. */
  markDirty(): void {
    this.code.get(this.locals.block).i32(FS_DIRTY).mem(MEM.i32_store, HART.fs);
  }
}
