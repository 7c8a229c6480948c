/**
 * Messages between the page and the machine's worker. Client methods and the server's handlers are
 * mapped types over these two tables, so a message without a handler does not compile. Everything is
 * structured-cloneable plain data.
 */
import type { Choice } from '../config/combination.ts';
import type { Config, Platform } from '../config/types.ts';
import type { RecordedHost } from '../replay/recordings.ts';
import type { RunReport } from '../replay/report.ts';
import type { CallEvent, IoctlEvent } from '../trace/events.ts';
import type { TraceFormat } from '../trace/formats.ts';
import type { Survey } from '../trace/survey.ts';
import type { MachineView, ProbeReport, StopUntil } from '../trace/views.ts';

export const PROTOCOL_VERSION = 1;

/** A problem in assembly source; line and column are 1-based, `length` in characters. */
export interface Diagnostic {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

export interface ImageSymbol {
  readonly name: string;
  readonly address: bigint;
}
/** Source line (1-based) of the instruction or data at an address. */
export interface LineEntry {
  readonly address: bigint;
  readonly line: number;
  readonly length: number;
}

export interface AssembleReport {
  readonly diagnostics: readonly Diagnostic[];
  readonly symbols: readonly ImageSymbol[];
  readonly lines: readonly LineEntry[];
  readonly bytes: number;
  /** The bytes themselves from their address on; left out when they are too many to be sent at each pause of typing. */
  readonly code?: { readonly base: bigint; readonly bytes: Uint8Array };
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly field?: string;
}

export type LoadReport =
  | {
      readonly ok: true;
      readonly assembled: AssembleReport | null;
      readonly entry: bigint;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly failure: Failure; readonly assembled: AssembleReport | null };

/** A machine that came from a state file, with the configuration that it brought. */
export type StateReport =
  | {
      readonly ok: true;
      readonly config: Config;
      /** Of a guest that the configuration holds as source. */
      readonly assembled: AssembleReport | null;
      readonly entry: bigint;
    }
  | { readonly ok: false; readonly failure: Failure };

export type { Finding, Survey } from '../trace/survey.ts';
export type {
  HartView,
  MachineView,
  ProbeReport,
  ProbeRow,
  RunState,
  StopReason,
  StopUntil,
} from '../trace/views.ts';

export interface TraceQuery {
  readonly from: number;
  readonly count: number;
}

/** [request, response] of each command. */
export interface Commands {
  hello: [{ version: number }, { version: number }];
  /** Builds a machine; `image` carries an uploaded ELF, Image or flat binary. */
  load: [{ config: Config; image?: Uint8Array; initrd?: Uint8Array }, LoadReport];
  run: [{ until: StopUntil }, null];
  pause: [null, null];
  step: [{ hart: number }, null];
  reset: [null, LoadReport];
  /** Console input bytes, logged at the virtual time of arrival. */
  input: [{ bytes: Uint8Array }, null];
  assemble: [{ source: string; isa: readonly string[] }, AssembleReport];
  /** Guest memory at a guest-virtual address of a hart; shorter where unmapped. */
  readMemory: [{ hart: number; address: bigint; length: number }, Uint8Array];
  probe: [{ config: Config }, ProbeReport];
  /** What a guest meets on a combination: some guests are run, beside the machine. */
  survey: [{ platform: Platform; choice: Choice }, Survey];
  /** Runs again what was recorded on a real kernel, beside the machine; `script` is the text of its `runs.sh`. */
  replay: [{ host: RecordedHost; script: string; payload: Uint8Array; run: string }, RunReport];
  /** Ends the replay that is under way: its answer is then a failure with code `stopped`. */
  stopReplay: [null, null];
  /** The trace as `ecall run --trace` writes it in that format. */
  exportTrace: [{ format: TraceFormat }, string];
  exportInputLog: [null, string];
  /** The whole machine as a state file; it may be running. */
  saveState: [null, string];
  /** Puts the machine of a state file in place of the one there is. A file that is refused changes nothing. */
  loadState: [{ text: string }, StateReport];
  /** Whether idle time is paced by the wall clock. */
  setPacing: [{ paced: boolean }, null];
}
export type CommandName = keyof Commands;

export interface Events {
  /** Ordered, never lost. */
  console: { readonly bytes: Uint8Array; readonly by: 'kvm' | 'vmm' };
  /** A line of the VMM's own log, e.g. why it could not carry out a forwarded call. Ordered. */
  log: { readonly words: string };
  /** Lossy but counted: `dropped` events were skipped before this batch. */
  trace: { readonly calls: readonly CallEvent[]; readonly ioctls: readonly IoctlEvent[]; readonly dropped: number };
  /** Latest only, at most 30 a second and once at each stop. */
  view: MachineView;
  /** The worker itself failed: the page offers a restart. */
  fault: Failure;
}
export type EventName = keyof Events;
