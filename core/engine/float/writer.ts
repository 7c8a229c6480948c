/**
 * What fast floating-point code is written with. It does one operation in one format with the instructions of WebAssembly
 * if that gives the very result and no exception that has not been raised before; in all other cases it asks the host. So
 * it never raises one itself, and the proof that a result is exact may fail but must not be wrong.
 */
import { FLAG, ROUNDING, SHAPES } from '../../float/index.ts';
import { FS_DIRTY } from '../../hart/float.ts';
import { type CodeBuilder, type Label, MEM, OP, type Op, VALTYPE, type ValType } from '../../wasm/index.ts';
import { HART } from '../layout.ts';

/** Formats that WebAssembly computes in. */
export type FastFormat = 's' | 'd';

type Operator = 'abs' | 'neg' | 'sqrt' | 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'eq' | 'lt' | 'le';
type Rounder = 'nearest' | 'trunc' | 'floor' | 'ceil';

interface FormatOps extends Readonly<Record<Operator | Rounder, Op>> {
  readonly type: ValType;
  /** From and to a pattern in an i64. */
  readonly fromBits: readonly Op[];
  readonly toBits: readonly Op[];
}

export const OPS: Readonly<Record<FastFormat, FormatOps>> = {
  s: {
    type: VALTYPE.f32,
    fromBits: [OP.i32_wrap_i64, OP.f32_reinterpret_i32],
    toBits: [OP.i32_reinterpret_f32, OP.i64_extend_i32_u],
    ...{ abs: OP.f32_abs, neg: OP.f32_neg, sqrt: OP.f32_sqrt, add: OP.f32_add, sub: OP.f32_sub, mul: OP.f32_mul },
    ...{ div: OP.f32_div, min: OP.f32_min, max: OP.f32_max, eq: OP.f32_eq, lt: OP.f32_lt, le: OP.f32_le },
    ...{ nearest: OP.f32_nearest, trunc: OP.f32_trunc, floor: OP.f32_floor, ceil: OP.f32_ceil },
  },
  d: {
    type: VALTYPE.f64,
    fromBits: [OP.f64_reinterpret_i64],
    toBits: [OP.i64_reinterpret_f64],
    ...{ abs: OP.f64_abs, neg: OP.f64_neg, sqrt: OP.f64_sqrt, add: OP.f64_add, sub: OP.f64_sub, mul: OP.f64_mul },
    ...{ div: OP.f64_div, min: OP.f64_min, max: OP.f64_max, eq: OP.f64_eq, lt: OP.f64_lt, le: OP.f64_le },
    ...{ nearest: OP.f64_nearest, trunc: OP.f64_trunc, floor: OP.f64_floor, ceil: OP.f64_ceil },
  },
};

/** Which mode of wasm's four rounds as which of RISC-V's five. */
const ROUNDERS: readonly (readonly [number, Rounder])[] = [
  [ROUNDING.RTZ, 'trunc'],
  [ROUNDING.RNE, 'nearest'],
  [ROUNDING.RDN, 'floor'],
  [ROUNDING.RUP, 'ceil'],
];

/** Where the code finds what it works on: locals, which it leaves as they are. */
export interface FloatFrame {
  /** Address of the hart block. */
  readonly block: number;
  /** Rounding mode, 0 to 4. */
  readonly mode: number;
  /** Patterns without boxing, or integer registers, as the operation's table has them. */
  readonly operands: readonly number[];
}

/** What the host is asked: it takes a number for the operation, the mode, and always this many operands. */
export interface HostOperation {
  /** Function index. */
  readonly index: number;
  readonly operation: number;
}
const MAX_OPERANDS = 3;

/** Locals with a number and its pattern. */
export interface Known {
  readonly value: number;
  readonly bits: number;
}

/** Emits code; what it leaves is said where it is taken. */
type Emit = () => void;

/** Writes one operation, which leaves its result on the stack. Numbers below are locals. */
export class FastWriter {
  readonly #done: Label;

  constructor(
    readonly code: CodeBuilder,
    readonly frame: FloatFrame,
    readonly host: HostOperation,
  ) {
    this.#done = code.block(VALTYPE.i64);
  }

  /** Has to follow what `askHost` has written last. */
  end(): void {
    this.code.end();
  }

  /** The pattern, or integer register. */
  operand(index: number): number {
    const local = this.frame.operands[index];
    if (local === undefined) throw new RangeError(`the operation has no operand ${index}`);
    return local;
  }

  /** The operand as a number, with its pattern. */
  known(format: FastFormat, index: number): Known {
    const bits = this.operand(index);
    return { bits, value: this.numberOf(format, bits) };
  }

  /** The number of a pattern. */
  numberOf(format: FastFormat, bits: number): number {
    const { type, fromBits } = OPS[format];
    const local = this.code.local(type);
    this.code.get(bits);
    for (const op of fromBits) this.code.op(op);
    this.code.set(local);
    return local;
  }

  /** The pattern of a number. */
  bitsOf(format: FastFormat, value: number): number {
    const local = this.code.local(VALTYPE.i64);
    this.code.get(value);
    for (const op of OPS[format].toBits) this.code.op(op);
    this.code.set(local);
    return local;
  }

  /** The result of one operator, with its pattern. */
  result(format: FastFormat, operator: Operator, ...operands: readonly number[]): Known {
    const value = this.compute(format, operator, ...operands);
    return { value, bits: this.bitsOf(format, value) };
  }

  /** A new local with the result of one operator. */
  compute(format: FastFormat, operator: Operator, ...operands: readonly number[]): number {
    for (const operand of operands) this.code.get(operand);
    this.code.op(OPS[format][operator]);
    return this.keep(OPS[format].type);
  }

  /** A new local with what is on the stack. */
  keep(type: ValType): number {
    const local = this.code.local(type);
    this.code.set(local);
    return local;
  }

  /** The single as a double. */
  promote(value: number): number {
    this.code.get(value).op(OP.f64_promote_f32);
    return this.keep(VALTYPE.f64);
  }

  /** `then` if the condition on the stack holds. */
  if(then: Emit): void {
    this.code.if();
    then();
    this.code.end();
  }

  /** Where the mode is to nearest even, which is the only one that wasm computes in. */
  whenNearest(then: Emit): void {
    this.code.get(this.frame.mode).op(OP.i32_eqz);
    this.if(then);
  }

  /** Leaves whether the magnitude of a pattern is at least that of `low`, and below that of `high`. */
  within(format: FastFormat, bits: number, low: bigint, high: bigint): void {
    const shift = BigInt(65 - SHAPES[format].width);
    this.#magnitude(format, bits);
    this.code.i64(low << shift).op(OP.i64_sub);
    this.code.i64((high - low) << shift).op(OP.i64_lt_u);
  }

  /** Leaves whether the number is finite and so large that rounding it cannot have been an underflow. */
  isSafelyNormal(format: FastFormat, bits: number): void {
    const { fractionBits, infinity } = SHAPES[format];
    this.within(format, bits, (1n << BigInt(fractionBits)) + 1n, infinity);
  }

  /** Leaves whether the pattern is a zero. */
  isZero(format: FastFormat, bits: number): void {
    this.#magnitude(format, bits);
    this.code.op(OP.i64_eqz);
  }

  /** Leaves whether the number is a zero, which a NaN is not. */
  isZeroNumber(format: FastFormat, value: number): void {
    this.code.get(value);
    if (format === 's') this.code.op(OP.f64_promote_f32);
    this.code.f64(0).op(OP.f64_eq);
  }

  /** Leaves whether it is no NaN. */
  isNumber(format: FastFormat, value: number): void {
    this.compare(format, 'eq', value, value);
  }

  /** Leaves whether the relation holds. */
  compare(format: FastFormat, relation: 'eq' | 'lt' | 'le', a: number, b: number): void {
    this.code.get(a).get(b).op(OPS[format][relation]);
  }

  /** Leaves whether both conditions hold. */
  both(first: Emit, second: Emit): void {
    first();
    second();
    this.code.op(OP.i32_and);
  }

  /** Leaves whether either condition holds. */
  either(first: Emit, second: Emit): void {
    first();
    second();
    this.code.op(OP.i32_or);
  }

  /** Ends the operation with the local as its result. */
  return(bits: number): void {
    this.code.get(bits);
    this.leave();
  }

  /** Ends the operation with what is on the stack. */
  leave(): void {
    this.code.br(this.#done);
  }

  /**
   * Returns the result if its being inexact changes nothing, as the flag is set and so is sstatus.FS (or will be when an f
   * register is written), or if `exact` leaves true.
   */
  returnUnlessNewlyInexact(result: 'f' | 'x', bits: number, exact: Emit): void {
    const { code } = this;
    code.get(this.frame.block).mem(MEM.i32_load, HART.fcsr).i32(FLAG.NX).op(OP.i32_and);
    if (result === 'x')
      code.get(this.frame.block).mem(MEM.i32_load, HART.fs).i32(FS_DIRTY).op(OP.i32_eq).op(OP.i32_and);
    this.if(() => this.return(bits));
    exact();
    this.if(() => this.return(bits));
  }

  /** `then` with the operand rounded to an integer as the mode says, unless that is to nearest, ties away. */
  withIntegral(format: FastFormat, value: number, then: (rounded: number) => void): void {
    const { code } = this;
    const rounded = code.local(OPS[format].type);
    const known = code.block();
    for (const [mode, rounder] of ROUNDERS) {
      code.get(value).op(OPS[format][rounder]).set(rounded);
      code.get(this.frame.mode).i32(mode).op(OP.i32_eq).brIf(known);
    }
    this.askHost();
    code.end();
    then(rounded);
  }

  /** Ends the operation with the host's result. */
  askHost(): void {
    const { code } = this;
    code.i32(this.host.operation).get(this.frame.mode);
    for (let index = 0; index < MAX_OPERANDS; index++) {
      if (index < this.frame.operands.length) code.get(this.operand(index));
      else code.i64(0);
    }
    code.call(this.host.index);
    this.leave();
  }

  #magnitude(format: FastFormat, bits: number): void {
    const sign = 65 - SHAPES[format].width;
    this.code.get(bits).i64(sign).op(OP.i64_shl);
  }
}
