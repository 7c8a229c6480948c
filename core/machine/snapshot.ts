/**
 * A whole machine between two turns, as named plain data: configuration, harts, KVM, VMM, scheduler and clocks, input,
 * exact counts and memory. A run that goes on from it equals one that was never left, on either engine. What can be
 * made anew is no part of it: predecoded code, TLBs, the list of trace events, what the console printed.
 *
 * A change of the form raises `SNAPSHOT_VERSION` and adds the upgrader that makes the old one into the new.
 */
import type { Segment } from '../guests/elf.ts';
import { KVM_SHAPE } from '../kvm/index.ts';
import type { KvmSnapshot } from '../kvm/snapshot.ts';
import { versioned } from '../schema/index.ts';
import * as plain from '../schema/plain.ts';
import { TRACE_SHAPE, type TraceSnapshot } from '../trace/recorder.ts';
import type { StopReason } from '../trace/views.ts';
import { VMM_SHAPE, type VmmSnapshot } from '../vmm/snapshot.ts';
import { INPUT_SHAPE, type InputSnapshot } from './input.ts';
import type { MemorySnapshot } from './pages.ts';
import { SCHEDULER_SHAPE, type SchedulerSnapshot } from './scheduler.ts';
import { toVersion2, toVersion3 } from './upgrade.ts';

export const SNAPSHOT_FORMAT = 'ecall-state';
export const SNAPSHOT_VERSION = 3;

/** Everything but what is of bytes: JSON holds it as it is. */
export interface StateSnapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly version: typeof SNAPSHOT_VERSION;
  /** The configuration as a file has it; an image is only named. */
  readonly config: unknown;
  /** Why the machine can never run again; null while it can. */
  readonly ended: StopReason | null;
  /** The latest tick that a hart has read from `time`. */
  readonly latestTick: number;
  readonly scheduler: SchedulerSnapshot;
  readonly input: InputSnapshot;
  readonly kvm: KvmSnapshot;
  readonly vmm: VmmSnapshot;
  readonly trace: TraceSnapshot;
}

export interface MachineSnapshot extends StateSnapshot {
  readonly memory: MemorySnapshot;
  /** What a VMM that boots the VM again after a reset loads then; null for others, and before version 3. */
  readonly loaded: readonly Segment[] | null;
}

const STOP_CODES: Readonly<Record<StopReason['code'], true>> = {
  'powered-off': true,
  'guest-failed': true,
  reset: true,
  limit: true,
  'vmm-error': true,
  'unhandled-exit': true,
  'idle-forever': true,
  paused: true,
  stepped: true,
  'reached-call': true,
  'reached-exit': true,
  'machine-error': true,
};

const SHAPE: plain.Shape<StateSnapshot> = plain.record({
  format: plain.oneOf(SNAPSHOT_FORMAT),
  version: plain.oneOf(SNAPSHOT_VERSION),
  config: plain.anything,
  ended: plain.nullable(
    plain.record({ code: plain.oneOf(...(Object.keys(STOP_CODES) as StopReason['code'][])), words: plain.text }),
  ),
  latestTick: plain.count,
  scheduler: SCHEDULER_SHAPE,
  input: INPUT_SHAPE,
  kvm: KVM_SHAPE,
  vmm: VMM_SHAPE,
  trace: TRACE_SHAPE,
});

type Stored = Readonly<Record<string, unknown>>;

const versions = versioned<Stored>(SNAPSHOT_VERSION, { 1: toVersion2, 2: toVersion3 });

/** Reads what `Machine.save` gave, without its memory, of this or an older version. Throws PlainError. */
export function readState(data: unknown): StateSnapshot {
  if (typeof data !== 'object' || data === null) throw new plain.PlainError('', 'is not the state of a machine');
  const stored = data as Stored;
  const { format, version } = stored;
  if (format !== SNAPSHOT_FORMAT) throw new plain.PlainError('format', `is not ${SNAPSHOT_FORMAT}`);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new plain.PlainError('version', 'is not a version');
  }
  if (version > SNAPSHOT_VERSION) {
    throw new plain.PlainError('version', `is ${version}, and this Ecall reads versions up to ${SNAPSHOT_VERSION}`);
  }
  return plain.readPlain(SHAPE, versions.upgrade(version, stored));
}
