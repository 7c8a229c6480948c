/**
 * A hart on the generated interpreter. Privileged state is that of `HartCore`; this file is the loop that
 * hands out budgets, bounded by the next timer deadline, and takes interrupts between them.
 */
import type { HartExit, HartOptions, HartSnapshot } from '../../hart/api.ts';
import type { HartClock } from '../../hart/clock.ts';
import { HartCore } from '../../hart/core.ts';
import { CoreHart } from '../../hart/core-hart.ts';
import { FloatRegisters } from '../../hart/float.ts';
import { IntegerRegisters } from '../../hart/integer.ts';
import { HART } from '../layout.ts';
import { HostCalls } from './calls.ts';
import type { InterpreterSpace } from './space.ts';
import type { HartState } from './state.ts';

/** V8 replaces code between calls only, so the run function must return now and then for the optimised one to take over. */
const MAX_SLICE = 1_000_000;
const LIMIT: HartExit = { kind: 'limit' };

export class InterpreterHart extends CoreHart {
  readonly #calls: HostCalls;
  readonly #state: HartState;
  #interrupted = false;

  constructor(options: HartOptions, clock: HartClock, space: InterpreterSpace) {
    const calls = new HostCalls(space, options);
    const { block } = calls.state;
    const registers = new IntegerRegisters(space.buffer, block + HART.x);
    const float = new FloatRegisters(space.buffer, block + HART.f, block + HART.fcsr);
    super(options.id, clock, new HartCore(options, space.guest, clock, registers, float));
    this.#calls = calls;
    this.#state = calls.state;
    calls.attach(this.core);
  }

  override run(limit: number): HartExit {
    this.#interrupted = false;
    let left = limit;
    while (left > 0 && !this.#interrupted) {
      if (this.core.nextInterrupt() >= 0) {
        this.#withReservation(() => this.core.takeInterrupt());
        if (this.#interrupted) return LIMIT;
      }
      if (this.core.triggers.counts(this.core)) {
        const exit = this.#runCounted();
        if (exit !== null) return exit;
        left -= 1;
        continue;
      }
      const untilTimer = this.core.timerDeadline() - this.clock.now;
      const budget = Math.min(left, MAX_SLICE, untilTimer > 0 ? untilTimer : MAX_SLICE);
      left -= this.#state.runSlice(this.#calls, budget);
      if (this.#state.exit !== null) return this.#state.exit;
    }
    return LIMIT;
  }

  override interruptRun(): void {
    this.#interrupted = true;
    this.#state.stop();
  }

  override trap(cause: bigint, tval: bigint): void {
    this.#withReservation(() => this.core.trap(cause, tval));
  }

  override reset(): void {
    this.#withReservation(() => this.core.reset());
  }

  override save(): HartSnapshot {
    this.#state.shareReservation();
    return this.core.save();
  }

  override load(snapshot: HartSnapshot): void {
    this.#withReservation(() => this.core.load(snapshot));
  }

  /** One instruction, or the breakpoint before it. */
  #runCounted(): HartExit | null {
    const step = (): HartExit | null => {
      this.#state.takeReservation();
      this.#state.runSlice(this.#calls, 1);
      this.#state.shareReservation();
      return this.#state.exit;
    };
    return this.#withReservation(() => this.core.counted(step));
  }

  /** The core may drop or set the reservation in `act`. */
  #withReservation<Result>(act: () => Result): Result {
    this.#state.shareReservation();
    const result = act();
    this.#state.takeReservation();
    return result;
  }
}
