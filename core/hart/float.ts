/**
 * The floating-point registers of a hart, fcsr and sstatus.FS: in memory that an engine may share, since generated
 * code reads and writes them too. [Unprivileged ISA, F; Privileged ISA, Extension Context Status]
 */
import type { FloatState } from '../isa/derive/evaluate.ts';

export const F_COUNT = 32;
/** Values of sstatus.FS. */
export const FS_OFF = 0;
export const FS_DIRTY = 3;

const FLAGS = 0x1f;
const FRM_SHIFT = 5;
const FRM = 7;
/** All bits of fcsr. */
export const FCSR_MAX = 0xff;

export class FloatRegisters implements FloatState {
  /** f0..f31 */
  readonly values: BigUint64Array;
  /** fcsr, then FS. */
  readonly #status: Int32Array;

  /** `registers` and `status` are offsets in bytes, of 32 doublewords and of two words. */
  constructor(buffer: ArrayBuffer = new ArrayBuffer(F_COUNT * 8 + 8), registers = 0, status = F_COUNT * 8) {
    this.values = new BigUint64Array(buffer, registers, F_COUNT);
    this.#status = new Int32Array(buffer, status, 2);
  }

  get fs(): number {
    return this.#status[1] ?? FS_OFF;
  }

  set fs(value: number) {
    this.#status[1] = value;
  }

  get isOff(): boolean {
    return this.fs === FS_OFF;
  }

  get fcsr(): number {
    return this.#status[0] ?? 0;
  }

  /** Keeps the eight bits that there are. FS stays as it is. */
  set fcsr(value: number) {
    this.#status[0] = value & FCSR_MAX;
  }

  get frm(): number {
    return (this.fcsr >>> FRM_SHIFT) & FRM;
  }

  set frm(value: number) {
    this.fcsr = (this.fcsr & FLAGS) | ((value & FRM) << FRM_SHIFT);
  }

  get fflags(): number {
    return this.fcsr & FLAGS;
  }

  set fflags(value: number) {
    this.fcsr = (this.fcsr & ~FLAGS) | (value & FLAGS);
  }

  read(index: number): bigint {
    return this.values[index] ?? 0n;
  }

  write(index: number, value: bigint): void {
    this.values[index] = value;
    this.fs = FS_DIRTY;
  }

  accrue(flags: number): void {
    if (flags === 0) return;
    this.fcsr |= flags;
    this.fs = FS_DIRTY;
  }

  reset(): void {
    this.values.fill(0n);
    this.fcsr = 0;
    this.fs = FS_OFF;
  }
}
