/** What an engine and the privileged core agree on: state that both touch, and word of stale caches. */

/** Index of pc in the register view; x0..x31 come before it. */
export const PC = 32;
export const REGISTER_COUNT = 33;

/** What LR reserved: offset in guest memory, and the value it read. */
export interface Reservation {
  readonly offset: number;
  readonly bytes: 4 | 8;
  /** Unsigned, of `bytes` bytes. */
  readonly value: bigint;
}

/** What an engine keeps between instructions and must drop when it becomes stale. */
export interface EngineCaches {
  /** satp, the level, or SUM changed: `AddressTranslation.context` is new. */
  contextChanged(): void;
  /** MXR, or what henvcfg and senvcfg say of translation, changed: nothing that was found before counts. */
  rulesChanged(): void;
  /** Undefined means all. */
  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void;
  /** The page of that address, in halves: one fence, as an instruction makes it. */
  fencePage(high: number, low: number, asid?: number): void;
  fenceI(): void;
}
