/**
 * The typed intermediate representation of what an instruction does. It is recorded once per
 * instruction by the builder and read by the reference evaluator, the interpreter generator, a JIT
 * and the documentation. It knows integer widths only through `Ty`; it holds no behaviour.
 */
import type { FloatFormat, FloatOp } from '../../float/index.ts';

/** Floating-point values are bit patterns in an i64. */
export type Ty = 'i32' | 'i64';
/** Bytes touched by one memory access. */
export type Width = 1 | 2 | 4 | 8;
/** Name of a decoded operand field of the instruction (`rd`, `rs1`, `imm`, `csr`, ...). */
export type FieldName = string;

/** Both operands and the result have the same type. Shift amounts are taken modulo the width. */
export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr_s'
  | 'shr_u'
  | 'rotl'
  | 'rotr'
  /** Division is undefined for a zero divisor and for the signed overflow: guard it with `if`. */
  | 'div_s'
  | 'div_u'
  | 'rem_s'
  | 'rem_u'
  /** Upper 64 bits of the 128-bit product; i64 only. */
  | 'mulh_ss'
  | 'mulh_su'
  | 'mulh_uu'
  | BitBinaryOp;
/**
 * i64 only. `clmul` and `clmulr`: bits 63..0 and 126..63 of the product without carries. `xperm4`, `xperm8`:
 * each nibble or byte of the second operand replaced by that of the first which it numbers, or by zero.
 */
export type BitBinaryOp = 'clmul' | 'clmulr' | 'xperm4' | 'xperm8';
/** Comparisons give an i32 that is 0 or 1. */
export type CompareOp = 'eq' | 'ne' | 'lt_s' | 'lt_u' | 'ge_s' | 'ge_u' | 'gt_s' | 'gt_u' | 'le_s' | 'le_u';
export type UnaryOp = 'clz' | 'ctz' | 'popcnt' | BitUnaryOp;
/** i64 only. `orc8`: bytes that are not zero become 0xff. `rev8`: bytes in reverse order. `brev8`: the bits of each byte. */
export type BitUnaryOp = 'orc8' | 'rev8' | 'brev8' | SubstitutionOp;
/** Each byte through a table of 256: that of AES, its inverse, that of SM4. */
export type SubstitutionOp = 'aesSub8' | 'aesSubInverse8' | 'sm4Sub8';
/** `wrap` i64 to i32; `extend_*` i32 to i64; `extend8_s` and `extend16_s` keep their type. */
export type ConvertOp = 'wrap' | 'extend_s' | 'extend_u' | 'extend8_s' | 'extend16_s';

export type Expr =
  | { readonly op: 'const'; readonly ty: Ty; readonly value: bigint }
  /** Integer register selected by a field; x0 reads as zero. */
  | { readonly op: 'x'; readonly ty: 'i64'; readonly field: FieldName }
  /** The odd register of the pair whose even one a field selects; the pair of x0 reads as zero. */
  | { readonly op: 'xHigh'; readonly ty: 'i64'; readonly field: FieldName }
  /** All 64 bits of the floating-point register selected by a field. */
  | { readonly op: 'f'; readonly ty: 'i64'; readonly field: FieldName }
  /**
   * An operation on bit patterns of the format and integers, as `core/float` says; accrues its exceptions in fflags.
   * `rm` is the field of the rounding mode, null where the instruction has none.
   */
  | {
      readonly op: 'float';
      readonly ty: 'i64';
      readonly kind: FloatOp;
      readonly format: FloatFormat;
      readonly rm: FieldName | null;
      readonly args: readonly Expr[];
    }
  /**
   * `box` puts ones above a bit pattern of the format; `unbox` takes it out of a register again, or the canonical NaN
   * when not all bits above are ones. [Unprivileged ISA, "NaN Boxing of Narrower Values"]
   */
  | {
      readonly op: 'boxing';
      readonly ty: 'i64';
      readonly kind: 'box' | 'unbox';
      readonly format: FloatFormat;
      readonly a: Expr;
    }
  /** Bit pattern of the constant of Zfa's `fli` that a field numbers. */
  | { readonly op: 'fli'; readonly ty: 'i64'; readonly format: FloatFormat; readonly field: FieldName }
  /** Value of an immediate field, sign- or zero-extended as the field says. */
  | { readonly op: 'imm'; readonly ty: 'i64'; readonly field: FieldName }
  | { readonly op: 'pc'; readonly ty: 'i64' }
  /** pc + length of the instruction in memory (2 or 4). */
  | { readonly op: 'nextPc'; readonly ty: 'i64' }
  | { readonly op: 'local'; readonly ty: Ty; readonly id: number }
  | { readonly op: 'binary'; readonly kind: BinaryOp; readonly ty: Ty; readonly a: Expr; readonly b: Expr }
  | { readonly op: 'compare'; readonly kind: CompareOp; readonly ty: 'i32'; readonly a: Expr; readonly b: Expr }
  | { readonly op: 'unary'; readonly kind: UnaryOp; readonly ty: Ty; readonly a: Expr }
  | { readonly op: 'convert'; readonly kind: ConvertOp; readonly ty: Ty; readonly a: Expr }
  /** Only the chosen arm is evaluated. `cond` is an i32. */
  | { readonly op: 'if'; readonly ty: Ty; readonly cond: Expr; readonly then: Expr; readonly else: Expr }
  | { readonly op: 'load'; readonly ty: 'i64'; readonly bytes: Width; readonly signed: boolean; readonly addr: Expr }
  /** LR: load, sign-extended, that sets the reservation; naturally aligned or misaligned-load exception. */
  | { readonly op: 'loadReserved'; readonly ty: 'i64'; readonly bytes: 4 | 8; readonly addr: Expr }
  /** SC: gives 0 when the store was done and 1 when not. */
  | {
      readonly op: 'storeConditional';
      readonly ty: 'i64';
      readonly bytes: 4 | 8;
      readonly addr: Expr;
      readonly value: Expr;
    }
  /**
   * Atomic read-modify-write. Gives the old value, sign-extended; `update` is evaluated with the local
   * `old` bound to it and its low bytes are stored. Faults are store/AMO faults.
   */
  | {
      readonly op: 'atomic';
      readonly ty: 'i64';
      readonly bytes: Width;
      readonly addr: Expr;
      readonly old: number;
      readonly update: Expr;
    };

/** What leaves the straight line and needs the hart: the arguments are evaluated first. */
export type SystemOp =
  | 'ecall'
  | 'ebreak'
  | 'sret'
  | 'wfi'
  | 'sfence.vma'
  | 'fence.i'
  | 'fence'
  | 'pause'
  | CacheBlockOp;
/** Of the cache block that holds an address. */
export type CacheBlockOp = 'cbo.clean' | 'cbo.flush' | 'cbo.inval' | 'cbo.zero';

export type Stmt =
  | { readonly op: 'let'; readonly id: number; readonly value: Expr }
  /** Writes to x0 are dropped. */
  | { readonly op: 'setX'; readonly field: FieldName; readonly value: Expr }
  /** Writes the odd register of the pair; for the pair of x0 it is dropped. */
  | { readonly op: 'setXHigh'; readonly field: FieldName; readonly value: Expr }
  /** Makes sstatus.FS dirty. */
  | { readonly op: 'setF'; readonly field: FieldName; readonly value: Expr }
  | { readonly op: 'store'; readonly bytes: Width; readonly addr: Expr; readonly value: Expr }
  /**
   * Atomic read-modify-write of 16 bytes, naturally aligned: puts the two halves that were there in the locals `old`
   * and stores both of `update`, low half first. Faults are store/AMO faults.
   */
  | {
      readonly op: 'atomicPair';
      readonly addr: Expr;
      readonly old: readonly [number, number];
      readonly update: readonly [Expr, Expr];
    }
  /** Always taken. The target's bit 0 has been cleared by the semantics where the ISA says so. */
  | { readonly op: 'jump'; readonly target: Expr }
  | { readonly op: 'branch'; readonly cond: Expr; readonly target: Expr }
  | { readonly op: 'illegal' }
  /**
   * CSR access. `rw` writes `source`, `rs` sets and `rc` clears its bits. The hart reads unless
   * `rw` with rd = x0, and writes unless `rs`/`rc` with `sourceField` = 0 (register x0 or immediate 0).
   * [Unprivileged ISA, Zicsr]
   */
  | {
      readonly op: 'csr';
      readonly kind: 'rw' | 'rs' | 'rc';
      readonly csr: FieldName;
      readonly rd: FieldName;
      readonly source: Expr;
      readonly sourceField: FieldName;
    }
  | { readonly op: 'system'; readonly name: SystemOp; readonly args: readonly Expr[] };

export interface Semantics {
  readonly body: readonly Stmt[];
  /** Types of the locals by id. */
  readonly locals: readonly Ty[];
}

/** Computed from the body, never written by hand. */
export interface Effects {
  readonly readsMemory: boolean;
  readonly writesMemory: boolean;
  readonly mayTrap: boolean;
  /** Ends a basic block: jump, branch, system or CSR access. */
  readonly endsBlock: boolean;
  readonly system: boolean;
  /**
   * Touches f registers: an illegal instruction while sstatus.FS is off. `rm` is the field of its rounding mode:
   * an illegal instruction too when that is dynamic and frm is reserved. Null when it touches none.
   */
  readonly float: { readonly rm: FieldName | null } | null;
}
