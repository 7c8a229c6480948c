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
  /** Instructions retired in U-mode, up to when it was last left. */
  #user = 0;
  /** `retired` when U-mode was entered; -1 at S level. */
  #userSince = -1;

  constructor(readonly timebase: Timebase) {}

  get now(): number {
    return this.waited + this.retired;
  }

  /** How many of `retired` were retired in U-mode. Only changes of mode cost anything, so that it is always kept. */
  get retiredInUser(): number {
    return this.#userSince < 0 ? this.#user : this.#user + this.retired - this.#userSince;
  }

  /** The hart changes its mode once `retired` is as given, which is not before now. */
  changeMode(toUser: boolean, retired: number): void {
    if (toUser) {
      if (this.#userSince < 0) this.#userSince = retired;
    } else if (this.#userSince >= 0) {
      this.#user += retired - this.#userSince;
      this.#userSince = -1;
    }
  }

  /** Goes on from what another clock has counted. */
  restore(counts: { readonly retired: number; readonly waited: number; readonly user: number }, inUser: boolean): void {
    this.retired = counts.retired;
    this.waited = counts.waited;
    this.#user = counts.user;
    this.#userSince = inUser ? counts.retired : -1;
  }

  spend(units: number): void {
    this.waited += units;
  }

  /** Sleep until `units`; never goes back. */
  skipTo(units: number): void {
    if (units > this.now) this.waited = units - this.retired;
  }
}
