/** Paces idle time: how far virtual time may be skipped so that it does not run ahead of the wall clock. */

const NS_PER_MS = 1_000_000;
/** A busy machine may fall behind by so many ms; beyond, timers would fire in a burst. */
const LAG_MS = 50;
/**
 * So far the clock jumps ahead for a guest that has not read its input yet. Consoles without an interrupt are
 * polled, that of Linux every 2 s once nothing was typed for a while, and nobody wants to wait for that.
 */
const HURRY_MS = 3_000;

export class Pace {
  #wall = 0;
  #virtual = 0;
  #input = Number.NEGATIVE_INFINITY;

  /** From here on a ms of wall time is a ms of virtual time. */
  anchor(wallMs: number, virtualNs: number): void {
    this.#wall = wallMs;
    this.#virtual = virtualNs;
  }

  /** Virtual ns that the wall clock has reached. */
  reached(wallMs: number): number {
    return this.#virtual + (wallMs - this.#wall) * NS_PER_MS;
  }

  /** To be told of input, with the virtual time of its arrival. */
  input(virtualNs: number): void {
    this.#input = virtualNs;
  }

  /** For a machine that sleeps until `virtualNs` over unread input: whether the clock jumped there. */
  hurry(wallMs: number, virtualNs: number): boolean {
    if (virtualNs - this.#input > HURRY_MS * NS_PER_MS) return false;
    this.anchor(wallMs, virtualNs);
    return true;
  }

  /** To be told of busy stretches: what they fell behind is not made up for. */
  busy(wallMs: number, virtualNs: number): void {
    if (this.reached(wallMs) - virtualNs > LAG_MS * NS_PER_MS) this.anchor(wallMs, virtualNs);
  }
}

/** Wall ms until `virtualNs` is reached, at least one. */
export function waitMs(virtualNs: number, reachedNs: number): number {
  return Math.max(1, Math.ceil((virtualNs - reachedNs) / NS_PER_MS));
}
