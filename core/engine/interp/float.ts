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
import { type CodeBuilder, type DefinedFunction, MEM, OP, VALTYPE } from '../../wasm/index.ts';
import { fastFloatFunction } from '../float/index.ts';
import { HART } from '../layout.ts';
import type { Locals, ScratchPool } from './frame.ts';
import { HOST } from './host.ts';

/** Every operation in every format, by the number that generated code gives. */
const FLOAT_CALLS = FLOAT_OPS.flatMap((op) => FLOAT_FORMATS.map((format) => ({ op, format })));
const OPERANDS = 3;

function callNumber(op: FloatOp, format: FloatFormat): number {
  return FLOAT_CALLS.findIndex((call) => call.op === op && call.format === format);
}

/** The functions of a module for operations that it does itself, made when an instruction first asks for one. */
export class FloatFunctions {
  readonly functions: DefinedFunction[] = [];
  readonly #indices = new Map<number, number | null>();

  /** `first`: function index that the first of them gets. */
  constructor(readonly first: number) {}

  /** Function index, or null when the operation is the host's. */
  indexOf(op: FloatOp, format: FloatFormat): number | null {
    const operation = callNumber(op, format);
    const known = this.#indices.get(operation);
    if (known !== undefined) return known;
    const made = fastFloatFunction(op, format, { index: HOST.float, operation });
    const index = made === null ? null : this.first + this.functions.push(made) - 1;
    this.#indices.set(operation, index);
    return index;
  }
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
    readonly locals: Locals,
    readonly pool: ScratchPool,
    readonly functions: FloatFunctions,
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
    const { code, locals } = this;
    const fast = this.functions.indexOf(kind, format);
    if (fast === null) code.i32(callNumber(kind, format));
    else code.get(locals.block);
    if (rm === null || this.#rounding === null) code.i32(ROUNDING.RNE);
    else code.get(this.#rounding);
    for (const arg of args) arg();
    if (fast !== null) {
      code.call(fast);
      return;
    }
    for (let missing = args.length; missing < OPERANDS; missing++) code.i64(0);
    code.call(HOST.float);
  }

  /** An f register was written. */
  markDirty(): void {
    this.code.get(this.locals.block).i32(FS_DIRTY).mem(MEM.i32_store, HART.fs);
  }
}
