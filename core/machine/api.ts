/** The composed machine as the worker and the command line see it. */
import type { Config } from '../config/index.ts';
import type { RunCounts, TraceEvent } from '../trace/events.ts';
import type { TraceRing } from '../trace/ring.ts';
import type { HartView, StopReason, StopUntil } from '../trace/views.ts';
import type { InputEvent } from './input.ts';
import type { EngineName } from './platform.ts';
import type { MachineSnapshot } from './snapshot.ts';

export interface MachineHooks {
  /** Console output, in order, and which layer's console took it. */
  console(bytes: Uint8Array, by: 'kvm' | 'vmm'): void;
  /** A line of the VMM's own log. */
  log?(words: string): void;
  /** Every event of the trace, also those that the ring will forget. */
  event?(event: TraceEvent): void;
}

export interface MachineOptions {
  readonly config: Config;
  /** ELF, Linux Image or flat binary. */
  readonly image: Uint8Array;
  readonly initrd?: Uint8Array;
  /** Default: the interpreter. */
  readonly engine?: EngineName;
  /** Version of the host's Linux, where it is another of the same release than the figures stand for. It is not saved. */
  readonly linux?: string;
  /** Input log of an earlier run to be replayed, instead of `config.input`. */
  readonly replay?: readonly InputEvent[];
  readonly hooks: MachineHooks;
}

export interface RestoreOptions {
  /** What `Machine.save` gave, or data that a file held in its place: read strictly. */
  readonly snapshot: MachineSnapshot;
  /** Default: the interpreter; it may be another than that of the machine that was saved. */
  readonly engine?: EngineName;
  readonly hooks: MachineHooks;
}

export interface MachineFailure {
  /** `image`, `memory`, `ioctl`, `snapshot`, or `machine` when something in Ecall itself broke. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export type MachineResult =
  | { readonly ok: true; readonly machine: Machine }
  | { readonly ok: false; readonly failure: MachineFailure };

export interface RunOptions {
  readonly until: StopUntil;
  /** At most so many instructions, of all harts together. */
  readonly instructions?: number;
  /** Asked after each turn of a hart; true returns `yielded`. */
  readonly shouldYield?: () => boolean;
  /** Virtual ns up to which idle time is skipped; Infinity, the default, does not pace. */
  readonly idleUntil?: number;
  /** Whether input may still come: then a machine in which all sleep is idle, else it has stopped. */
  readonly live?: boolean;
}

export type RunStatus =
  /** Call `run` again to go on as if it had not been left. */
  | { readonly kind: 'yielded' }
  /** Idle until this virtual time in ns. */
  | { readonly kind: 'waiting'; readonly until: number }
  /** Only input can wake it. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'stopped'; readonly stop: StopReason };

/**
 * A machine with its guest loaded. No method throws because of what the guest does; an error of Ecall
 * itself stops the machine with code `machine-error`.
 */
export interface Machine {
  readonly entry: bigint;
  run(options: RunOptions): RunStatus;
  /** One instruction of a hart, with the exits that it causes; what comes next in the machine when the hart sleeps. */
  step(hart: number): StopReason;
  /** Set once the machine can never run again. */
  readonly ended: StopReason | null;
  /** Input at the current virtual time, or at `time` ns when that is later. */
  addInput(bytes: Uint8Array, time?: number): void;
  readonly inputLog: readonly InputEvent[];
  /** Whether there is input that the guest has not read. */
  readonly hasUnreadInput: boolean;
  /** Virtual ns that the farthest hart has reached. */
  readonly time: number;
  readonly instructions: number;
  harts(): readonly HartView[];
  counts(): RunCounts;
  readonly trace: TraceRing;
  /** The machine as it stands, as plain data; never inside of `run`. */
  save(): MachineSnapshot;
  /** Memory at a guest-virtual address of a hart; shorter where it is not mapped to RAM. */
  readMemory(hart: number, address: bigint, length: number): Uint8Array;
}
