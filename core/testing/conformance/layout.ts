/** What every guest of the conformance runs finds where, on each target. */

export const HARTS = 2;
export const RAM_BASE = 0x8000_0000n;
export const RAM_MIB = 64;
export const RAM_END = RAM_BASE + BigInt(RAM_MIB) * 0x10_0000n;

/** 64 KiB of RAM for the cases, at a page, zero when a run starts. */
export const BUFFER = 0x8080_0000n;
/** An address at which no target has anything. */
export const OUTSIDE = 0x2_0000_0000n;

/** Hart ids: the hart that carries the cases out, the other one, and two that are not there. */
export const SELF = 0n;
export const OTHER = 1n;
export const ABSENT = 2n;
export const FAR_ABSENT = 0x7777n;

export const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/**
 * What is typed into the console of every run: far more than the FIFO of a UART takes, which a target clears more than
 * once while it starts.
 */
export const TYPED = 'Z'.repeat(200);

/** Labels of the guest that cases can name in arguments and steps. */
export const LABELS = {
  /** Where a suspended hart goes on: back to its case. */
  resume: 'resume',
  /** Where the other hart starts: it then does what it is handed. */
  worker: 'worker',
} as const;
