/**
 * Virtual time. A *unit* is the time of one retired instruction; `instructionsPerTick` units make a
 * tick of the 10 MHz timebase, so one unit is 100 / instructionsPerTick ns. Each hart has a clock of
 * its own: what it retired plus what the host made it wait (cost of traps and exits, sleep). All
 * figures are integers below 2^53. A run is a function of its inputs because nothing else drives time.
 */

import { highHalf, lowHalf } from '../base/u64.ts';

export const TIMEBASE_HZ = 10_000_000;
export const NS_PER_TICK = 1_000_000_000 / TIMEBASE_HZ;

/** Shared by the harts of a machine, so that no hart reads an older `time` than another has seen. */
export class Timebase {
  #latest = 0;
  constructor(readonly instructionsPerTick: number) {}

  unitsFromNs(ns: number): number {
    return Math.round((ns * this.instructionsPerTick) / NS_PER_TICK);
  }

  nsFromUnits(units: number): number {
    return (units * NS_PER_TICK) / this.instructionsPerTick;
  }

  ticks(units: number): number {
    return Math.floor(units / this.instructionsPerTick);
  }

  /** First unit at which `time` reaches `ticks`; Infinity when that is beyond what a run can reach. */
  unitsAt(ticks: bigint): number {
    // Rounding cannot mislead: it begins where the answer is Infinity.
    const units = (highHalf(ticks) * 2 ** 32 + lowHalf(ticks)) * this.instructionsPerTick;
    return units > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : units;
  }

  /** The `time` CSR as a hart at `units` reads it: monotonic over all harts. */
  read(units: number): number {
    const ticks = this.ticks(units);
    if (ticks > this.#latest) this.#latest = ticks;
    return this.#latest;
  }

  get latest(): number {
    return this.#latest;
  }

  restore(latest: number): void {
    this.#latest = latest;
  }
}

/** The clock of one hart: `now = waited + retired`. */
export class HartClock {
  /** Instructions retired since reset of the machine; minstret starts here. */
  retired = 0;
  /** Units spent in the host or asleep. */
  waited = 0;

  constructor(readonly timebase: Timebase) {}

  get now(): number {
    return this.waited + this.retired;
  }

  spend(units: number): void {
    this.waited += units;
  }

  /** Sleep until `units`; never goes back. */
  skipTo(units: number): void {
    if (units > this.now) this.waited = units - this.retired;
  }
}
