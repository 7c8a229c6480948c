/**
 * The recording builder: `does` of a definition runs once against it, and what it calls becomes the
 * `Semantics` of `ir.ts`. Widths are checked by the types of TypeScript: an `I32` is not an `I64`.
 */
import { u64 } from '../../base/u64.ts';
import type { FloatFormat, FloatOp } from '../../float/index.ts';
import type {
  BinaryOp,
  CompareOp,
  ConvertOp,
  Expr,
  FieldName,
  Semantics,
  Stmt,
  SystemOp,
  Ty,
  UnaryOp,
  Width,
} from './ir.ts';

export type Typed<T extends Ty> = Expr & { readonly ty: T };
export type I32 = Typed<'i32'>;
export type I64 = Typed<'i64'>;

/** Whether a narrow load fills the register with copies of its sign or with zeros. */
export type Extension = 'signed' | 'unsigned';

/** TypeScript cannot see that a literal built for a generic `T` has that `ty`; this is the one place that says so. */
function typed<T extends Ty>(expr: Expr): Typed<T> {
  return expr as Typed<T>;
}

/** One definition's semantics, while it is being recorded. */
export class Builder {
  readonly #body: Stmt[] = [];
  readonly #locals: Ty[] = [];

  /** Value of the integer register that `field` selects; x0 reads as zero. */
  x(field: FieldName): I64 {
    return { op: 'x', ty: 'i64', field };
  }
  /** All 64 bits of the floating-point register that `field` selects. */
  f(field: FieldName): I64 {
    return { op: 'f', ty: 'i64', field };
  }

  /** The other half of the register pair that `field` selects; zero for x0. */
  xHigh(field: FieldName): I64 {
    return { op: 'xHigh', ty: 'i64', field };
  }
  /** Value of an immediate field. */
  imm(field: FieldName): I64 {
    return { op: 'imm', ty: 'i64', field };
  }
  pc(): I64 {
    return { op: 'pc', ty: 'i64' };
  }
  /** Address of the following instruction. */
  nextPc(): I64 {
    return { op: 'nextPc', ty: 'i64' };
  }
  i64(value: bigint | number): I64 {
    return { op: 'const', ty: 'i64', value: u64(BigInt(value)) };
  }
  i32(value: number): I32 {
    return { op: 'const', ty: 'i32', value: BigInt(value >>> 0) };
  }
  /** The low half of a register: what the `w` instructions read. */
  xw(field: FieldName): I32 {
    return this.wrap(this.x(field));
  }

  binary<T extends Ty>(kind: BinaryOp, a: Typed<T>, b: Typed<T>): Typed<T> {
    return typed({ op: 'binary', kind, ty: a.ty, a, b });
  }
  compare<T extends Ty>(kind: CompareOp, a: Typed<T>, b: Typed<T>): I32 {
    return { op: 'compare', kind, ty: 'i32', a, b };
  }
  unary<T extends Ty>(kind: UnaryOp, a: Typed<T>): Typed<T> {
    return typed({ op: 'unary', kind, ty: a.ty, a });
  }
  #convert<T extends Ty>(kind: ConvertOp, ty: T, a: Expr): Typed<T> {
    return typed({ op: 'convert', kind, ty, a });
  }

  add<T extends Ty>(a: Typed<T>, b: Typed<T>): Typed<T> {
    return this.binary('add', a, b);
  }
  sub<T extends Ty>(a: Typed<T>, b: Typed<T>): Typed<T> {
    return this.binary('sub', a, b);
  }
  and<T extends Ty>(a: Typed<T>, b: Typed<T>): Typed<T> {
    return this.binary('and', a, b);
  }
  or<T extends Ty>(a: Typed<T>, b: Typed<T>): Typed<T> {
    return this.binary('or', a, b);
  }
  xor<T extends Ty>(a: Typed<T>, b: Typed<T>): Typed<T> {
    return this.binary('xor', a, b);
  }
  eq<T extends Ty>(a: Typed<T>, b: Typed<T>): I32 {
    return this.compare('eq', a, b);
  }

  /** Low 32 bits. */
  wrap(a: I64): I32 {
    return this.#convert('wrap', 'i32', a);
  }
  sext32(a: I32): I64 {
    return this.#convert('extend_s', 'i64', a);
  }
  zext32(a: I32): I64 {
    return this.#convert('extend_u', 'i64', a);
  }
  sext8<T extends Ty>(a: Typed<T>): Typed<T> {
    return this.#convert('extend8_s', a.ty as T, a);
  }
  sext16<T extends Ty>(a: Typed<T>): Typed<T> {
    return this.#convert('extend16_s', a.ty as T, a);
  }

  /** Evaluates one arm only; `cond` is true when not zero. */
  if_<T extends Ty>(cond: I32, then: Typed<T>, otherwise: Typed<T>): Typed<T> {
    return typed({ op: 'if', ty: then.ty, cond, then, else: otherwise });
  }
  /** Evaluates `value` now and gives a name to the result. */
  let_<T extends Ty>(value: Typed<T>): Typed<T> {
    const id = this.#newLocal(value.ty);
    this.#body.push({ op: 'let', id, value });
    return typed({ op: 'local', ty: value.ty, id });
  }

  load(bytes: Width, extension: Extension, addr: I64): I64 {
    return { op: 'load', ty: 'i64', bytes, signed: extension === 'signed', addr };
  }
  store(bytes: Width, addr: I64, value: I64): void {
    this.#body.push({ op: 'store', bytes, addr, value });
  }
  loadReserved(bytes: 4 | 8, addr: I64): I64 {
    return { op: 'loadReserved', ty: 'i64', bytes, addr };
  }
  storeConditional(bytes: 4 | 8, addr: I64, value: I64): I64 {
    return { op: 'storeConditional', ty: 'i64', bytes, addr, value };
  }
  /** Atomic read-modify-write; gives the old value, which `update` receives too, sign-extended. */
  atomic(bytes: Width, addr: I64, update: (old: I64) => I64): I64 {
    const old = this.#newLocal('i64');
    return { op: 'atomic', ty: 'i64', bytes, addr, old, update: update({ op: 'local', ty: 'i64', id: old }) };
  }

  /** The same for 16 bytes, as a statement; halves are given low first. */
  atomicPair(addr: I64, update: (low: I64, high: I64) => readonly [I64, I64]): readonly [I64, I64] {
    const old = [this.#newLocal('i64'), this.#newLocal('i64')] as const;
    const [low, high] = old.map((id): I64 => ({ op: 'local', ty: 'i64', id })) as [I64, I64];
    this.#body.push({ op: 'atomicPair', addr, old, update: update(low, high) });
    return [low, high];
  }

  setX(field: FieldName, value: I64): void {
    this.#body.push({ op: 'setX', field, value });
  }
  /** Writes the other half of the register pair; nothing for x0. */
  setXHigh(field: FieldName, value: I64): void {
    this.#body.push({ op: 'setXHigh', field, value });
  }

  setF(field: FieldName, value: I64): void {
    this.#body.push({ op: 'setF', field, value });
  }

  /** Bit pattern of the constant that the field numbers. */
  fli(format: FloatFormat, field: FieldName): I64 {
    return { op: 'fli', ty: 'i64', format, field };
  }

  /** A register that holds the bit pattern. */
  box(format: FloatFormat, a: I64): I64 {
    return { op: 'boxing', ty: 'i64', kind: 'box', format, a };
  }

  /** The bit pattern in a register. */
  unbox(format: FloatFormat, a: I64): I64 {
    return { op: 'boxing', ty: 'i64', kind: 'unbox', format, a };
  }

  /** An operation on bit patterns; `rm` names the field of the rounding mode, null where none matters. */
  float(kind: FloatOp, format: FloatFormat, rm: FieldName | null, ...args: readonly I64[]): I64 {
    return { op: 'float', ty: 'i64', kind, format, rm, args };
  }
  jump(target: I64): void {
    this.#body.push({ op: 'jump', target });
  }
  branch(cond: I32, target: I64): void {
    this.#body.push({ op: 'branch', cond, target });
  }
  illegal(): void {
    this.#body.push({ op: 'illegal' });
  }
  /** CSR access; `sourceField` tells a source that is x0 (or the immediate 0), which does not write. */
  csr(kind: 'rw' | 'rs' | 'rc', source: I64, sourceField: FieldName): void {
    this.#body.push({ op: 'csr', kind, csr: 'csr', rd: 'rd', source, sourceField });
  }
  system(name: SystemOp, ...args: readonly I64[]): void {
    this.#body.push({ op: 'system', name, args });
  }

  #newLocal(ty: Ty): number {
    this.#locals.push(ty);
    return this.#locals.length - 1;
  }

  finish(): Semantics {
    return { body: this.#body, locals: this.#locals };
  }
}

/** Records what `does` describes. */
export function record(does: (e: Builder) => void): Semantics {
  const builder = new Builder();
  does(builder);
  return builder.finish();
}
