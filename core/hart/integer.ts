/**
 * x0..x31 and pc, in memory that an engine may share, since generated code reads and writes them too. Instructions that
 * are frequent go by 32-bit halves, without a bigint. [Unprivileged ISA, RV64I]
 */
import { PC, REGISTER_COUNT } from './layout.ts';

export class IntegerRegisters {
  readonly values: BigUint64Array;
  /** Low and high half of each of `values`. */
  readonly #halves: Uint32Array;

  /** `at` is the offset in bytes of the `REGISTER_COUNT` doublewords. */
  constructor(buffer: ArrayBuffer = new ArrayBuffer(8 * REGISTER_COUNT), at = 0) {
    this.values = new BigUint64Array(buffer, at, REGISTER_COUNT);
    this.#halves = new Uint32Array(buffer, at, 2 * REGISTER_COUNT);
  }

  get pc(): bigint {
    return this.values[PC] ?? 0n;
  }

  set pc(value: bigint) {
    this.values[PC] = value;
  }

  read(index: number): bigint {
    return this.values[index] ?? 0n;
  }

  write(index: number, value: bigint): void {
    if (index !== 0) this.values[index] = value;
  }

  low(index: number): number {
    return this.#halves[2 * index] ?? 0;
  }

  high(index: number): number {
    return this.#halves[2 * index + 1] ?? 0;
  }

  writeHalves(index: number, high: number, low: number): void {
    if (index === 0) return;
    this.#halves[2 * index] = low;
    this.#halves[2 * index + 1] = high;
  }

  /** Moves pc on by the length of an instruction. */
  advance(length: number): void {
    const low = (this.#halves[2 * PC] ?? 0) + length;
    this.#halves[2 * PC] = low;
    if (low >= 2 ** 32) this.#halves[2 * PC + 1] = (this.#halves[2 * PC + 1] ?? 0) + 1;
  }
}
