/**
 * The host's scheduler: gives the vcpu threads their turns in virtual time, in an order that depends on
 * nothing but their state. Time is cut into windows; in each one every thread that is awake and whose
 * clock lies before the window's end runs until that end, in order of id, again and again until none
 * is left, so that a thread woken by another still runs in the same window. When all sleep, time skips
 * to the first wake-up or input event. It knows no KVM and no guest.
 */
import { NS_PER_TICK, type Timebase } from '../hart/clock.ts';
import type { VcpuThread } from '../kvm/host.ts';
import * as plain from '../schema/plain.ts';
import type { VmmThread } from '../vmm/api.ts';

/** A thread of the VMM with the vcpu that it runs. */
export interface ScheduledThread {
  readonly vcpu: VcpuThread;
  readonly user: VmmThread;
}

/** What arrives from outside, in virtual nanoseconds. */
export interface InputSource {
  /** Time of the next event; Infinity when there is none. */
  readonly next: number;
  /** Lets all events up to `time` arrive; whether there was one. */
  deliver(time: number): boolean;
}

export interface Budget {
  /** At most so many instructions, of all harts together. */
  readonly instructions: number;
  /** Asked after each turn; the run is resumed later as if it had not been left. */
  readonly shouldYield: () => boolean;
  /** Idle time is skipped up to this virtual time in ns. */
  readonly idleUntil: number;
}

/**
 * `idle`: no thread will wake by itself and no input is logged. `waiting`: the next wake-up lies
 * beyond `idleUntil`. `halted`: `halt` was called.
 */
export type Outcome = 'ended' | 'yielded' | 'limit' | 'halted' | 'waiting' | 'idle';

/**
 * Window of a machine with several harts: 10 µs at 100 instructions a tick. It bounds how much one hart
 * sees of another too late, and is long enough that changing harts costs some percent.
 */
const SHARED_WINDOW_TICKS = 100;
/** With a single hart a window only bounds the delay of input: 1 ms. */
const SINGLE_WINDOW_TICKS = 10_000;
/** Below, changing harts would cost more than running them; above, a window could not be left in time for a pause. */
const WINDOW_UNITS = { min: 2_000, max: 1_000_000 } as const;

/**
 * Instructions and traps of one turn, so that a storm of traps, each of which costs far more than an instruction,
 * ends its turn soon enough to be paused. A thread that is cut short goes on at once in the same window.
 */
const TURN_ATTEMPTS = 200_000;
/**
 * Traps in a row, of all threads, without an instruction retired, after which a limit of instructions counts
 * as reached: a handler that faults itself never retires one. The most is some seconds of traps.
 */
const BARREN_TRAPS = { min: 100_000, max: 2_000_000 } as const;

export function windowUnits(harts: number, instructionsPerTick: number): number {
  const ticks = harts === 1 ? SINGLE_WINDOW_TICKS : SHARED_WINDOW_TICKS;
  return Math.min(Math.max(ticks * instructionsPerTick, WINDOW_UNITS.min), WINDOW_UNITS.max);
}

export const SCHEDULER_SHAPE = plain.record({
  /** The window, in clock units, and whether it is under way. */
  start: plain.count,
  end: plain.count,
  open: plain.flag,
  /** Next thread of the pass through the window, and whether the pass found one to run. */
  index: plain.count,
  ran: plain.flag,
  /** Vcpus of threads that have not looked since input came. */
  poked: plain.listOf(plain.count),
});
export type SchedulerSnapshot = typeof SCHEDULER_SHAPE extends plain.Shape<infer T> ? T : never;

export class Scheduler {
  #start = 0;
  #end = 0;
  #open = false;
  /** Next thread of the pass through the window, and whether the pass found one to run. */
  #index = 0;
  #ran = false;
  #halted = false;
  #nextWake = Number.POSITIVE_INFINITY;
  #current: ScheduledThread | null = null;
  /** Threads that sleep until input comes and have not looked since some came. */
  readonly #poked = new Set<VmmThread>();
  readonly #length: number;
  /** Traps of all threads since one of them last retired an instruction. */
  #barren = 0;

  constructor(
    readonly threads: readonly ScheduledThread[],
    readonly timebase: Timebase,
    readonly input: InputSource,
    readonly hasEnded: () => boolean,
  ) {
    this.#length = windowUnits(threads.length, timebase.instructionsPerTick);
  }

  /** Whether so many traps came in a row that no limit of instructions would ever be reached. */
  isBarren(limit = 0): boolean {
    return this.#barren > Math.min(Math.max(limit, BARREN_TRAPS.min), BARREN_TRAPS.max);
  }

  /** Virtual ns at the thread that has its turn; between turns that of the window's start. */
  get now(): number {
    return this.timebase.nsFromUnits(this.#current?.vcpu.clock.now ?? this.#start);
  }

  /** Virtual ns at which input that comes now arrives: no thread has gone beyond it that will not see it. */
  get arrival(): number {
    return Math.ceil(this.timebase.nsFromUnits(this.#end));
  }

  /** After `waiting`: virtual ns of the next wake-up. */
  get nextWake(): number {
    return this.timebase.nsFromUnits(this.#nextWake);
  }

  /** Plain data. Only between turns. Traps in a row are no part of it: they depend on where turns were cut. */
  save(): SchedulerSnapshot {
    const poked = [...this.#poked].map((user) => user.vcpu);
    return { start: this.#start, end: this.#end, open: this.#open, index: this.#index, ran: this.#ran, poked };
  }

  /** Throws PlainError for a thread that does not exist. */
  load(saved: SchedulerSnapshot): void {
    this.#start = saved.start;
    this.#end = saved.end;
    this.#open = saved.open;
    this.#index = saved.index;
    this.#ran = saved.ran;
    this.#barren = 0;
    this.#poked.clear();
    for (const vcpu of saved.poked) {
      const thread = this.threads.find(({ user }) => user.vcpu === vcpu);
      if (thread === undefined) throw new plain.PlainError('poked', `there is no vcpu ${vcpu}`);
      this.#poked.add(thread.user);
    }
  }

  /** Leaves `run` after the turn that is under way, which ends at its next trap. */
  halt(): void {
    this.#halted = true;
    this.#current?.vcpu.preempt();
  }

  run(budget: Budget): Outcome {
    let left = budget.instructions;
    this.#halted = false;
    while (!this.hasEnded()) {
      if (left <= 0 || (left < Number.POSITIVE_INFINITY && this.isBarren(left))) return 'limit';
      if (!this.#open) {
        const outcome = this.#openWindow(budget.idleUntil);
        if (outcome !== null) return outcome;
      }
      const thread = this.#nextThread();
      if (thread === null) continue;
      left -= this.#turn(thread, this.#end, left);
      if (this.#halted) return this.hasEnded() ? 'ended' : 'halted';
      if (budget.shouldYield()) return this.hasEnded() ? 'ended' : 'yielded';
    }
    return 'ended';
  }

  /**
   * Runs one instruction of a thread outside the windows, with the exits that it causes; its clock may
   * then be ahead of the others. `exited` says whether the turn before left an exit that the next
   * KVM_RUN has to complete. False when the thread sleeps.
   */
  step(thread: ScheduledThread, exited: () => boolean): boolean {
    if (this.#wakeUnit(thread) > Math.max(this.#end, thread.vcpu.clock.now)) return false;
    this.#turn(thread, Number.POSITIVE_INFINITY, 1);
    if (exited() && !this.hasEnded() && thread.user.sleepingUntil === null) {
      this.#turn(thread, Number.POSITIVE_INFINITY, 0);
    }
    return true;
  }

  #turn(thread: ScheduledThread, end: number, instructions: number): number {
    const { vcpu, user } = thread;
    vcpu.clock.skipTo(Math.max(this.#start, this.#wakeUnit(thread)));
    vcpu.sliceEnd = end;
    const attempts = Math.min(instructions, TURN_ATTEMPTS);
    vcpu.maxInstructions = attempts;
    const before = vcpu.clock.retired;
    this.#poked.delete(user);
    this.#current = thread;
    try {
      user.turn();
    } finally {
      this.#current = null;
    }
    const retired = vcpu.clock.retired - before;
    if (retired > 0) this.#barren = 0;
    else this.#barren += attempts - vcpu.maxInstructions;
    return retired;
  }

  /** The next thread of the pass that can run in this window; null at the end of a pass. */
  #nextThread(): ScheduledThread | null {
    while (this.#index < this.threads.length) {
      const thread = this.threads[this.#index];
      if (thread !== undefined && thread.vcpu.clock.now < this.#end && this.#wakeUnit(thread) < this.#end) {
        this.#ran = true;
        return thread;
      }
      this.#index++;
    }
    this.#index = 0;
    if (!this.#ran) this.#closeWindow();
    this.#ran = false;
    return null;
  }

  /** When all sleep, the window ends where the last of them fell asleep: input need not wait for the rest of it. */
  #closeWindow(): void {
    this.#open = false;
    if (this.threads.some((thread) => this.#wakeUnit(thread) < this.#end)) return;
    // After the start, else input that comes now would have arrived before what already happened.
    const last = Math.max(this.#start + 1, ...this.threads.map((thread) => thread.vcpu.clock.now));
    this.#end = Math.min(this.#end, last);
  }

  /** First unit at which the thread can run: 0 when it is awake. */
  #wakeUnit({ vcpu, user }: ScheduledThread): number {
    const userSleep = user.sleepingUntil;
    if (userSleep === null) {
      const asleep = vcpu.sleepingUntil();
      if (asleep === null) return 0;
      return user.signalledAt === null ? asleep : Math.min(asleep, unitsReaching(this.timebase, user.signalledAt));
    }
    if (userSleep === Number.POSITIVE_INFINITY && this.#poked.has(user)) return 0;
    return unitsReaching(this.timebase, userSleep);
  }

  #openWindow(idleUntil: number): 'waiting' | 'idle' | null {
    const ready = this.threads.map((thread) => Math.max(thread.vcpu.clock.now, this.#wakeUnit(thread)));
    const input = unitsReaching(this.timebase, this.input.next);
    const first = Math.min(input, ...ready);
    if (first === Number.POSITIVE_INFINITY) return 'idle';
    const start = Math.max(this.#end, first);
    if (start > this.#end && this.timebase.nsFromUnits(start) > idleUntil) {
      this.#nextWake = start;
      return 'waiting';
    }
    this.#start = start;
    this.#end = start + this.#length;
    this.#open = true;
    if (this.input.deliver(this.timebase.nsFromUnits(start))) {
      for (const { user } of this.threads) this.#poked.add(user);
    }
    return null;
  }
}

/** First unit that is not before `ns`: rounding down would wake a sleeper too early, and it would sleep again. */
function unitsReaching(timebase: Timebase, ns: number): number {
  if (ns === Number.POSITIVE_INFINITY) return ns;
  let units = Math.ceil((ns * timebase.instructionsPerTick) / NS_PER_TICK);
  while (timebase.nsFromUnits(units) < ns) units++;
  return units;
}
