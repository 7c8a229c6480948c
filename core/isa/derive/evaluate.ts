/**
 * The reference evaluator: what an instruction does, computed from its recorded semantics with
 * BigInt over an injected state. Slow and obvious; the measure for every faster engine, and what
 * "explain this step" runs. It knows no privilege levels, no translation and no traps: those are
 * the state's, which may throw a trap of its own from any callback.
 */
import { u64, u64FromNumber } from '../../base/u64.ts';
import {
  box,
  FLI_CONSTANTS,
  floatOperate,
  ROUNDING,
  ROUNDING_MODES,
  type RoundingMode,
  unbox,
} from '../../float/index.ts';
import { floatEffects } from '../dsl/effects.ts';
import { DYNAMIC_ROUNDING } from '../dsl/formats-f.ts';
import type { Expr, FieldName, Stmt, SystemOp, Width } from '../dsl/ir.ts';
import type { Decoded } from '../dsl/types.ts';
import { binary, compare, convert, UNSIGNED, unary } from './arithmetic.ts';

/** The floating-point registers and fcsr of a hart. Values are unsigned 64-bit. */
export interface FloatState {
  /** sstatus.FS is Off: whatever touches the registers is illegal. */
  readonly isOff: boolean;
  /** frm, which may be reserved. */
  readonly frm: number;
  read(index: number): bigint;
  /** Makes FS dirty, as an accrued exception does. */
  write(index: number, value: bigint): void;
  /** Sets bits of fflags. */
  accrue(flags: number): void;
}

/** What an instruction can reach. Values and addresses are unsigned 64-bit; callbacks may throw to trap. */
export interface EvaluationState {
  /** Address of the instruction. */
  readonly pc: bigint;
  setPc(value: bigint): void;
  /** x0 reads as zero. */
  readX(index: number): bigint;
  /** Never called for x0. */
  writeX(index: number, value: bigint): void;
  readonly float: FloatState;
  /** `bytes` bytes, little-endian, zero-extended. */
  load(addr: bigint, bytes: Width): bigint;
  store(addr: bigint, bytes: Width, value: bigint): void;
  loadReserved(addr: bigint, bytes: 4 | 8): bigint;
  /** Whether the store was done. */
  storeConditional(addr: bigint, bytes: 4 | 8, value: bigint): boolean;
  /** Stores the low bytes of `update(old)`, in one step; gives the old value, zero-extended. Faults are store faults. */
  atomic(addr: bigint, bytes: Width, update: (old: bigint) => bigint): bigint;
  /** The same for 16 bytes, as two halves, low first. */
  atomicPair(addr: bigint, update: (low: bigint, high: bigint) => readonly [bigint, bigint]): void;
  /** Does the access and gives the old value, for rd. `sourceField` is the number of rs1, or the constant. */
  csr(kind: 'rw' | 'rs' | 'rc', csr: number, rd: number, sourceField: number, source: bigint): bigint;
  /** What leaves the straight line. Gives the next pc when it is not the following instruction. */
  system(name: SystemOp, args: readonly bigint[]): bigint | undefined;
  illegal(word: number): never;
}

/** One instruction under evaluation. Register writes wait until nothing can trap any more. */
class Evaluation {
  readonly #locals: bigint[] = [];
  readonly #writes: { readonly file: 'x' | 'f'; readonly index: number; readonly value: bigint }[] = [];
  #nextPc: bigint;
  #rounding: RoundingMode = ROUNDING.RNE;

  constructor(
    readonly decoded: Decoded,
    readonly state: EvaluationState,
  ) {
    this.#nextPc = this.followingPc();
  }

  followingPc(): bigint {
    return u64(this.state.pc + BigInt(this.decoded.instruction.length));
  }

  field(name: FieldName): number {
    const value = this.decoded.values[name];
    if (value === undefined) throw new Error(`${this.decoded.instruction.name} has no field ${name}`);
    return value;
  }

  value(expr: Expr): bigint {
    switch (expr.op) {
      case 'const':
        return expr.value;
      case 'x':
        return this.state.readX(this.field(expr.field));
      case 'xHigh': {
        const even = this.field(expr.field);
        return even === 0 ? 0n : this.state.readX(even + 1);
      }
      case 'f':
        return this.state.float.read(this.field(expr.field));
      case 'float': {
        const args = expr.args.map((arg) => this.value(arg));
        const { bits, flags } = floatOperate(expr.kind, expr.format, this.#rounding, args);
        this.state.float.accrue(flags);
        return bits;
      }
      case 'fli':
        return FLI_CONSTANTS[expr.format][this.field(expr.field)] ?? 0n;
      case 'boxing':
        return (expr.kind === 'box' ? box : unbox)(expr.format, this.value(expr.a));
      case 'imm':
        return u64FromNumber(this.field(expr.field));
      case 'pc':
        return this.state.pc;
      case 'nextPc':
        return this.followingPc();
      case 'local':
        return this.local(expr.id);
      case 'binary': {
        const { ty } = expr;
        return UNSIGNED[ty](binary(expr.kind, ty, this.value(expr.a), this.value(expr.b)));
      }
      case 'compare':
        return compare(expr.kind, expr.a.ty, this.value(expr.a), this.value(expr.b)) ? 1n : 0n;
      case 'unary':
        return unary(expr.kind, expr.ty, this.value(expr.a));
      case 'convert':
        return UNSIGNED[expr.ty](convert(expr.kind, this.value(expr.a)));
      case 'if':
        return this.value(expr.cond) !== 0n ? this.value(expr.then) : this.value(expr.else);
      case 'load':
      case 'loadReserved':
      case 'storeConditional':
      case 'atomic':
        return this.memory(expr);
      default:
        return expr satisfies never;
    }
  }

  local(id: number): bigint {
    const value = this.#locals[id];
    if (value === undefined) throw new Error(`local ${id} is read before it is set`);
    return value;
  }

  memory(expr: Extract<Expr, { op: 'load' | 'loadReserved' | 'storeConditional' | 'atomic' }>): bigint {
    const addr = this.value(expr.addr);
    const signed = (raw: bigint): bigint => u64(BigInt.asIntN(expr.bytes * 8, raw));
    switch (expr.op) {
      case 'load': {
        const raw = this.state.load(addr, expr.bytes);
        return expr.signed ? signed(raw) : raw;
      }
      case 'loadReserved':
        return signed(this.state.loadReserved(addr, expr.bytes));
      case 'storeConditional':
        return this.state.storeConditional(addr, expr.bytes, this.value(expr.value)) ? 0n : 1n;
      case 'atomic':
        return signed(
          this.state.atomic(addr, expr.bytes, (old) => {
            this.#locals[expr.old] = signed(old);
            return BigInt.asUintN(expr.bytes * 8, this.value(expr.update));
          }),
        );
      default:
        return expr satisfies never;
    }
  }

  statement(stmt: Stmt): void {
    switch (stmt.op) {
      case 'let':
        this.#locals[stmt.id] = this.value(stmt.value);
        return;
      case 'setX':
        this.#writes.push({ file: 'x', index: this.field(stmt.field), value: this.value(stmt.value) });
        return;
      case 'setXHigh': {
        const even = this.field(stmt.field);
        this.#writes.push({ file: 'x', index: even === 0 ? 0 : even + 1, value: this.value(stmt.value) });
        return;
      }
      case 'setF':
        this.#writes.push({ file: 'f', index: this.field(stmt.field), value: this.value(stmt.value) });
        return;
      case 'store':
        this.state.store(this.value(stmt.addr), stmt.bytes, BigInt.asUintN(stmt.bytes * 8, this.value(stmt.value)));
        return;
      case 'atomicPair':
        this.state.atomicPair(this.value(stmt.addr), (low, high) => {
          this.#locals[stmt.old[0]] = low;
          this.#locals[stmt.old[1]] = high;
          return [this.value(stmt.update[0]), this.value(stmt.update[1])];
        });
        return;
      case 'jump':
        this.#nextPc = this.value(stmt.target);
        return;
      case 'branch':
        if (this.value(stmt.cond) !== 0n) this.#nextPc = this.value(stmt.target);
        return;
      case 'illegal':
        this.state.illegal(this.decoded.word);
        return;
      case 'csr': {
        const rd = this.field(stmt.rd);
        const source = this.value(stmt.source);
        const old = this.state.csr(stmt.kind, this.field(stmt.csr), rd, this.field(stmt.sourceField), source);
        this.#writes.push({ file: 'x', index: rd, value: old });
        return;
      }
      case 'system':
        this.#nextPc =
          this.state.system(
            stmt.name,
            stmt.args.map((arg) => this.value(arg)),
          ) ?? this.#nextPc;
        return;
      default:
        stmt satisfies never;
    }
  }

  /** Illegal with the registers off or without a rounding mode. [Unprivileged ISA, F; Privileged ISA, FS] */
  prepareFloat(rm: FieldName | null): void {
    const { float } = this.state;
    const written = rm === null ? ROUNDING.RNE : this.field(rm);
    const number = written === DYNAMIC_ROUNDING ? float.frm : written;
    const mode = ROUNDING_MODES.find((one) => one === number);
    if (float.isOff || mode === undefined) this.state.illegal(this.decoded.word);
    else this.#rounding = mode;
  }

  run(): void {
    const { semantics } = this.decoded.instruction;
    const float = floatEffects(semantics);
    if (float !== null) this.prepareFloat(float.rm);
    for (const stmt of semantics.body) this.statement(stmt);
    this.state.setPc(this.#nextPc);
    for (const { file, index, value } of this.#writes) {
      if (file === 'f') this.state.float.write(index, value);
      else if (index !== 0) this.state.writeX(index, value);
    }
  }
}

/**
 * Carries out one instruction. Order of effects: memory, CSR or system; then pc; then registers. So
 * whatever a callback throws, no register has changed.
 */
export function evaluate(decoded: Decoded, state: EvaluationState): void {
  new Evaluation(decoded, state).run();
}
