/**
 * Lowers the IR of one instruction to WebAssembly. Where operands live, how memory is reached and how
 * control leaves is the affair of the `LowerTarget`: the interpreter keeps registers in memory and
 * operands in predecoded records, a compiler of whole regions keeps registers in locals.
 */
import { type CodeBuilder, OP, VALTYPE, type ValType } from '../../wasm/index.ts';
import { floatEffects } from '../dsl/effects.ts';
import type { BinaryOp, CompareOp, Expr, FieldName, Semantics, Stmt, Ty, Width } from '../dsl/ir.ts';
import { isBitBinary, isBitUnary, lowerBitBinary, lowerBitUnary } from './lower-bits.ts';
import { lowerBoxing, lowerConstant } from './lower-float.ts';
import { BINARY, COMPARE, unaryOp } from './lower-ops.ts';
import { checkWriteOrder } from './lower-order.ts';

/** Emits code that leaves one value on the stack. */
export type Push = () => void;

/** Where a jump goes: `pc + imm` is told apart, since its target is known when the code is decoded. */
export type JumpTarget =
  | { readonly kind: 'relative'; readonly field: FieldName }
  | { readonly kind: 'computed'; readonly push: Push };

export type CsrStmt = Extract<Stmt, { op: 'csr' }>;
export type FloatExpr = Extract<Expr, { op: 'float' }>;
export type SystemStmt = Extract<Stmt, { op: 'system' }>;

/** Every `push*` leaves one value. Memory accesses that fault leave the code and do not come back. */
export interface LowerTarget {
  readonly code: CodeBuilder;
  /** A local that is free until the next instruction. */
  scratch(type: ValType): number;
  pushX(field: FieldName): void;
  /** Low half of the register, as i32. */
  pushX32(field: FieldName): void;
  setX(field: FieldName, value: Push): void;
  /** The odd register of a pair; the pair of x0 reads as zero and is not written. */
  pushXHigh(field: FieldName): void;
  setXHigh(field: FieldName, value: Push): void;
  /**
   * Comes before anything else of an instruction that touches f registers: leaves when they are off, or when the
   * rounding mode in the field `rm` is the dynamic one and frm is reserved.
   */
  prepareFloat(rm: FieldName | null): void;
  pushF(field: FieldName): void;
  /** Makes FS dirty. */
  setF(field: FieldName, value: Push): void;
  /** Accrues exceptions; rounds as `prepareFloat` found. */
  float(expr: FloatExpr, args: readonly Push[]): void;
  pushImm(field: FieldName): void;
  /** Low half of the immediate, as i32. */
  pushImm32(field: FieldName): void;
  pushPc(): void;
  pushNextPc(): void;
  /** Leaves the extended i64. */
  load(bytes: Width, signed: boolean, addr: Push): void;
  store(bytes: Width, addr: Push, value: Push): void;
  loadReserved(bytes: 4 | 8, addr: Push): void;
  storeConditional(bytes: 4 | 8, addr: Push, value: Push): void;
  /** Puts the old value, sign-extended, in the local `old`, stores what `update` leaves, and leaves the old value. */
  atomic(bytes: Width, addr: Push, old: number, update: Push): void;
  /** The same for 16 bytes, low half first; leaves nothing. */
  atomicPair(addr: Push, old: readonly [number, number], update: readonly [Push, Push]): void;
  /** Leaves when the target of a jump that will be taken is misaligned; no register has been written yet. */
  checkJump(target: JumpTarget): void;
  jump(target: JumpTarget): void;
  /** Checks its target itself. */
  branch(cond: Push, target: JumpTarget): void;
  illegal(): void;
  csr(stmt: CsrStmt): void;
  /** True when the code goes on behind it, false when it has left. */
  system(stmt: SystemStmt): boolean;
}

/** Emits the whole instruction. True when control reaches the end of it, so that the next one follows. */
export function lower(semantics: Semantics, target: LowerTarget): boolean {
  checkWriteOrder(semantics);
  const locals = semantics.locals.map((type) => target.scratch(VALTYPE[type]));
  const lowering = new Lowering(target, locals);
  const jump = semantics.body.find((stmt) => stmt.op === 'jump');
  const float = floatEffects(semantics);
  if (float !== null) target.prepareFloat(float.rm);
  const check = semantics.body.findIndex((stmt) => stmt === jump || stmt.op === 'setX');
  for (const [index, stmt] of semantics.body.entries()) {
    if (jump !== undefined && index === check) target.checkJump(lowering.jumpTarget(jump.target));
    if (!lowering.stmt(stmt)) return false;
  }
  return true;
}

class Lowering {
  readonly #code: CodeBuilder;
  readonly #scratch = (type: ValType): number => this.target.scratch(type);

  constructor(
    readonly target: LowerTarget,
    readonly locals: readonly number[],
  ) {
    this.#code = target.code;
  }

  stmt(stmt: Stmt): boolean {
    const { target } = this;
    switch (stmt.op) {
      case 'let':
        this.expr(stmt.value);
        this.#code.set(this.#local(stmt.id));
        return true;
      case 'setX':
        target.setX(stmt.field, this.#push(stmt.value));
        return true;
      case 'setXHigh':
        target.setXHigh(stmt.field, this.#push(stmt.value));
        return true;
      case 'atomicPair': {
        const [low, high] = stmt.update;
        const old = [this.#local(stmt.old[0]), this.#local(stmt.old[1])] as const;
        target.atomicPair(this.#push(stmt.addr), old, [this.#push(low), this.#push(high)]);
        return true;
      }
      case 'setF':
        target.setF(stmt.field, this.#push(stmt.value));
        return true;
      case 'store':
        target.store(stmt.bytes, this.#push(stmt.addr), this.#push(stmt.value));
        return true;
      case 'jump':
        target.jump(this.jumpTarget(stmt.target));
        return false;
      case 'branch':
        target.branch(this.#push(stmt.cond), this.jumpTarget(stmt.target));
        return true;
      case 'illegal':
        target.illegal();
        return false;
      case 'csr':
        target.csr(stmt);
        return false;
      case 'system':
        return target.system(stmt);
      default:
        return unreachable(stmt);
    }
  }

  expr(e: Expr): void {
    const { target } = this;
    const code = this.#code;
    switch (e.op) {
      case 'const':
        this.#constant(e.ty, e.value);
        return;
      case 'x':
        target.pushX(e.field);
        return;
      case 'xHigh':
        target.pushXHigh(e.field);
        return;
      case 'f':
        target.pushF(e.field);
        return;
      case 'float':
        target.float(
          e,
          e.args.map((arg) => this.#push(arg)),
        );
        return;
      case 'fli':
        target.pushImm32(e.field);
        lowerConstant(code, this.#scratch, e.format);
        return;
      case 'boxing':
        this.expr(e.a);
        lowerBoxing(code, this.#scratch, e);
        return;
      case 'imm':
        target.pushImm(e.field);
        return;
      case 'pc':
        target.pushPc();
        return;
      case 'nextPc':
        target.pushNextPc();
        return;
      case 'local':
        code.get(this.#local(e.id));
        return;
      case 'binary':
        this.#binary(e.kind, e.ty, e.a, e.b);
        return;
      case 'compare':
        this.#compare(e.kind, e.a, e.b);
        return;
      case 'unary':
        this.expr(e.a);
        if (isBitUnary(e.kind)) lowerBitUnary(code, this.#scratch, e.kind);
        else code.op(unaryOp(e.kind, e.ty));
        return;
      case 'convert':
        this.#convert(e);
        return;
      case 'if':
        this.expr(e.cond);
        code.if(VALTYPE[e.ty]);
        this.expr(e.then);
        code.else();
        this.expr(e.else);
        code.end();
        return;
      case 'load':
        target.load(e.bytes, e.signed, this.#push(e.addr));
        return;
      case 'loadReserved':
        target.loadReserved(e.bytes, this.#push(e.addr));
        return;
      case 'storeConditional':
        target.storeConditional(e.bytes, this.#push(e.addr), this.#push(e.value));
        return;
      case 'atomic':
        target.atomic(e.bytes, this.#push(e.addr), this.#local(e.old), this.#push(e.update));
        return;
      default:
        unreachable(e);
    }
  }

  #push(e: Expr): Push {
    return () => this.expr(e);
  }

  #local(id: number): number {
    const local = this.locals[id];
    if (local === undefined) throw new Error(`IR local ${id} is not declared`);
    return local;
  }

  jumpTarget(e: Expr): JumpTarget {
    if (e.op === 'binary' && e.kind === 'add' && e.a.op === 'pc' && e.b.op === 'imm') {
      return { kind: 'relative', field: e.b.field };
    }
    return { kind: 'computed', push: this.#push(e) };
  }

  #constant(ty: Ty, value: bigint): void {
    if (ty === 'i64') this.#code.i64(value);
    else this.#code.i32(Number(BigInt.asIntN(32, value)));
  }

  #binary(kind: BinaryOp, ty: Ty, a: Expr, b: Expr): void {
    if (kind === 'mulh_ss' || kind === 'mulh_su' || kind === 'mulh_uu') {
      this.#mulh(kind, a, b);
      return;
    }
    this.expr(a);
    this.expr(b);
    if (isBitBinary(kind)) lowerBitBinary(this.#code, this.#scratch, kind);
    else this.#code.op(ty === 'i32' ? BINARY[kind].i32 : BINARY[kind].i64);
  }

  #compare(kind: CompareOp, a: Expr, b: Expr): void {
    this.expr(a);
    if (kind === 'eq' && b.op === 'const' && b.value === 0n) {
      this.#code.op(a.ty === 'i32' ? OP.i32_eqz : OP.i64_eqz);
      return;
    }
    this.expr(b);
    this.#code.op(a.ty === 'i32' ? COMPARE[kind].i32 : COMPARE[kind].i64);
  }

  #convert(e: Extract<Expr, { op: 'convert' }>): void {
    const { target } = this;
    const { a } = e;
    if (e.kind === 'wrap' && a.op === 'x') {
      target.pushX32(a.field);
      return;
    }
    if (e.kind === 'wrap' && a.op === 'imm') {
      target.pushImm32(a.field);
      return;
    }
    if (e.kind === 'extend_s' && a.op === 'convert' && a.kind === 'wrap') {
      this.expr(a.a);
      this.#code.op(OP.i64_extend32_s);
      return;
    }
    this.expr(a);
    switch (e.kind) {
      case 'wrap':
        this.#code.op(OP.i32_wrap_i64);
        return;
      case 'extend_s':
        this.#code.op(OP.i64_extend_i32_s);
        return;
      case 'extend_u':
        this.#code.op(OP.i64_extend_i32_u);
        return;
      case 'extend8_s':
        this.#code.op(e.ty === 'i32' ? OP.i32_extend8_s : OP.i64_extend8_s);
        return;
      case 'extend16_s':
        this.#code.op(e.ty === 'i32' ? OP.i32_extend16_s : OP.i64_extend16_s);
        return;
      default:
        unreachable(e.kind);
    }
  }

  /**
   * Schoolbook product of 32-bit halves, of which only the upper 64 bits are kept; a negative signed
   * operand counted 2^64 too much, so the other operand is taken off the upper half.
   */
  #mulh(kind: 'mulh_ss' | 'mulh_su' | 'mulh_uu', a: Expr, b: Expr): void {
    const code = this.#code;
    const [left, right, middle] = [0, 1, 2].map(() => this.target.scratch(VALTYPE.i64)) as [number, number, number];
    const low = (local: number) => code.get(local).i64(0xffff_ffff).op(OP.i64_and);
    const high = (local: number) => code.get(local).i64(32).op(OP.i64_shr_u);
    const signCorrection = (signed: number, other: number) =>
      code.get(signed).i64(63).op(OP.i64_shr_s).get(other).op(OP.i64_and).op(OP.i64_sub);

    this.expr(a);
    code.set(left);
    this.expr(b);
    code.set(right);
    high(left);
    low(right).op(OP.i64_mul);
    low(left);
    low(right).op(OP.i64_mul).i64(32).op(OP.i64_shr_u).op(OP.i64_add).set(middle);
    high(left);
    high(right).op(OP.i64_mul);
    high(middle).op(OP.i64_add);
    low(left);
    high(right).op(OP.i64_mul);
    low(middle).op(OP.i64_add).i64(32).op(OP.i64_shr_u).op(OP.i64_add);
    if (kind !== 'mulh_uu') signCorrection(left, right);
    if (kind === 'mulh_ss') signCorrection(right, left);
  }
}

function unreachable(value: never): never {
  throw new Error(`unknown IR node ${JSON.stringify(value)}`);
}
