/**
 * A hart on the generated interpreter. Privileged state is that of `HartCore`; this file is the loop that
 * hands out budgets, bounded by the next timer deadline, and takes interrupts between them.
 */
import type { Hart, HartExit, HartOptions, HartSnapshot, Privilege, SupervisorIrq } from '../../hart/api.ts';
import type { HartClock } from '../../hart/clock.ts';
import { HartCore } from '../../hart/core.ts';
import { REGISTER_COUNT } from '../../hart/layout.ts';
import { HART } from '../layout.ts';
import { HostCalls } from './calls.ts';
import type { InterpreterSpace } from './space.ts';
import type { HartState } from './state.ts';

/** V8 replaces code between calls only, so the run function must return now and then for the optimised one to take over. */
const MAX_SLICE = 1_000_000;
const LIMIT: HartExit = { kind: 'limit' };

export class InterpreterHart implements Hart {
  readonly id: number;
  readonly #core: HartCore;
  readonly #calls: HostCalls;
  readonly #state: HartState;
  #interrupted = false;

  constructor(
    options: HartOptions,
    readonly clock: HartClock,
    space: InterpreterSpace,
  ) {
    this.id = options.id;
    this.#calls = new HostCalls(space, options);
    this.#state = this.#calls.state;
    const registers = new BigUint64Array(space.buffer, this.#state.block + HART.x, REGISTER_COUNT);
    this.#core = new HartCore(options, space.guest, clock, registers);
    this.#state.attach(this.#core);
  }

  get pc(): bigint {
    return this.#core.pc;
  }

  set pc(value: bigint) {
    this.#core.pc = value;
  }

  get privilege(): Privilege {
    return this.#core.privilege;
  }

  set privilege(value: Privilege) {
    this.#core.privilege = value;
  }

  run(limit: number): HartExit {
    this.#interrupted = false;
    let left = limit;
    while (left > 0 && !this.#interrupted) {
      if (this.#core.nextInterrupt() >= 0) this.#withReservation(() => this.#core.takeInterrupt());
      const untilTimer = this.#core.timerDeadline() - this.clock.now;
      const budget = Math.min(left, MAX_SLICE, untilTimer > 0 ? untilTimer : MAX_SLICE);
      left -= this.#state.runSlice(this.#calls, budget);
      if (this.#state.exit !== null) return this.#state.exit;
    }
    return LIMIT;
  }

  interruptRun(): void {
    this.#interrupted = true;
    this.#state.stop();
  }

  readX(index: number): bigint {
    return this.#core.readX(index);
  }

  writeX(index: number, value: bigint): void {
    this.#core.writeX(index, value);
  }

  readCsr(number: number): bigint {
    return this.#core.readCsr(number);
  }

  writeCsr(number: number, value: bigint): void {
    this.#core.writeCsr(number, value);
  }

  setPending(irq: SupervisorIrq, pending: boolean): void {
    this.#core.setPending(irq, pending);
  }

  isPending(irq: SupervisorIrq): boolean {
    return this.#core.isPending(irq);
  }

  hasWakeup(): boolean {
    return this.#core.hasWakeup();
  }

  timerDeadline(): number {
    return this.#core.timerDeadline();
  }

  trap(cause: bigint, tval: bigint): void {
    this.#withReservation(() => this.#core.trap(cause, tval));
  }

  complete(rd: number, value: bigint, length: number): void {
    this.#core.complete(rd, value, length);
  }

  translate(va: bigint, access: 'load' | 'store' | 'fetch'): bigint | null {
    return this.#core.lookup(va, access);
  }

  fenceI(): void {
    this.#core.fenceI();
  }

  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void {
    this.#core.sfenceVma(address, size, asid);
  }

  reset(): void {
    this.#withReservation(() => this.#core.reset());
  }

  save(): HartSnapshot {
    this.#state.shareReservation();
    return this.#core.save();
  }

  load(snapshot: HartSnapshot): void {
    this.#withReservation(() => this.#core.load(snapshot));
  }

  /** The core may drop or set the reservation in `act`. */
  #withReservation(act: () => void): void {
    this.#state.shareReservation();
    act();
    this.#state.takeReservation();
  }
}
