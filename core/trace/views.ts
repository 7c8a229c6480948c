/** What can be seen of a machine between two slices of its run. Plain data; times are virtual nanoseconds. */
import type { RunCounts } from './events.ts';

export type RunState = 'empty' | 'ready' | 'running' | 'paused' | 'stopped';
export type StopUntil = 'forever' | 'call' | 'exit';

/** Why the machine is not running; `words` is for people, `code` for tests and exit codes. */
export interface StopReason {
  readonly code:
    | 'powered-off'
    | 'guest-failed'
    | 'reset'
    | 'limit'
    | 'vmm-error'
    | 'unhandled-exit'
    | 'idle-forever'
    | 'paused'
    | 'stepped'
    | 'reached-call'
    | 'reached-exit'
    | 'machine-error';
  readonly words: string;
}

export interface HartView {
  readonly id: number;
  readonly pc: bigint;
  readonly privilege: 'U' | 'S';
  readonly x: readonly bigint[];
  /** f0 to f31, all 64 bits, and fcsr; null for a hart without F. */
  readonly float: { readonly f: readonly bigint[]; readonly fcsr: number } | null;
  readonly csrs: readonly { readonly name: string; readonly value: bigint }[];
  /** HSM state in the specification's words: STARTED, STOPPED, SUSPENDED, ... */
  readonly hsm: string;
  readonly activity: 'running' | 'waiting' | 'stopped';
  readonly retired: number;
  /** Virtual ns. */
  readonly time: number;
}

export interface MachineView {
  readonly state: RunState;
  readonly stop: StopReason | null;
  /** Virtual ns. */
  readonly time: number;
  readonly instructions: number;
  /** Wall milliseconds spent running. */
  readonly wall: number;
  readonly harts: readonly HartView[];
  readonly counts: RunCounts;
}

export interface ProbeRow {
  readonly name: string;
  readonly configured: string;
  readonly guestSees: string;
  readonly agrees: boolean;
}
/** What a probe guest run on this configuration found out, beside what was configured. */
export interface ProbeReport {
  readonly rows: readonly ProbeRow[];
  readonly output: string;
}
