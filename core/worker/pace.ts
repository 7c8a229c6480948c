/** Paces idle time: how far virtual time may be skipped so that it does not run ahead of the wall clock. */

const NS_PER_MS = 1_000_000;
/** When virtual time falls behind by more than this many ms, it is not made up for: timers would fire in a burst. */
const LAG_MS = 50;

export class Pace {
  #wall = 0;
  #virtual = 0;

  /** From here on a ms of wall time is a ms of virtual time. */
  anchor(wallMs: number, virtualNs: number): void {
    this.#wall = wallMs;
    this.#virtual = virtualNs;
  }

  /** Virtual ns that the wall clock has reached. */
  reached(wallMs: number, virtualNs: number): number {
    const reached = this.#virtual + (wallMs - this.#wall) * NS_PER_MS;
    if (reached - virtualNs <= LAG_MS * NS_PER_MS) return reached;
    this.anchor(wallMs, virtualNs);
    return virtualNs;
  }
}

/** Wall ms until `virtualNs` is reached, at least one. */
export function waitMs(virtualNs: number, reachedNs: number): number {
  return Math.max(1, Math.ceil((virtualNs - reachedNs) / NS_PER_MS));
}
