/** Where an engine and the privileged core keep the state that both touch. */

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
