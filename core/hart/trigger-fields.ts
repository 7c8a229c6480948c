/**
 * The trigger registers of a hart and their fields, as far as this hart has them. [RISC-V Debug Specification 1.0,
 * Sdtrig: tdata1, mcontrol6, icount] Machine mode alone reaches them; who sets them for a guest needs the same names.
 */

/** One trigger, unsigned 64-bit values. */
export interface TriggerRegisters {
  readonly tdata1: bigint;
  readonly tdata2: bigint;
  /** textra64: no trigger of this hart looks at contexts, so that it stays 0. */
  readonly tdata3: bigint;
}

export const TDATA1_TYPE_SHIFT = 60n;
export const TDATA1_DMODE = 1n << 59n;

/** tdata1.type */
export const TRIGGER_NONE = 0n;
export const TRIGGER_ICOUNT = 3n;
export const TRIGGER_MCONTROL6 = 6n;
export const TRIGGER_DISABLED = 15n;

export const MCONTROL6 = {
  load: 1n << 0n,
  store: 1n << 1n,
  execute: 1n << 2n,
  u: 1n << 3n,
  s: 1n << 4n,
  m: 1n << 6n,
  match: 0xfn << 7n,
  chain: 1n << 11n,
  action: 0xfn << 12n,
  size: 7n << 16n,
  select: 1n << 21n,
  hit0: 1n << 22n,
  vu: 1n << 23n,
  vs: 1n << 24n,
  hit1: 1n << 25n,
} as const;
export const MCONTROL6_MATCH_SHIFT = 7n;
export const MCONTROL6_SIZE_SHIFT = 16n;

/** mcontrol6.match */
export const MATCH = { equal: 0, napot: 1, notBelow: 2, below: 3 } as const;

export const ICOUNT = {
  action: 0x3fn << 0n,
  u: 1n << 6n,
  s: 1n << 7n,
  pending: 1n << 8n,
  m: 1n << 9n,
  count: 0x3fffn << 10n,
  hit: 1n << 24n,
  vu: 1n << 25n,
  vs: 1n << 26n,
} as const;
/** The lowest bit of icount.count. */
export const ICOUNT_ONE = 1n << 10n;

export function triggerType(tdata1: bigint): bigint {
  return tdata1 >> TDATA1_TYPE_SHIFT;
}
