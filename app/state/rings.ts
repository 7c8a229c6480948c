/** The events of the current run: calls, ioctls and console output, kept outside the store. */
import type { CallEvent, IoctlEvent } from '../../core/trace/events.ts';
import { ConsoleLog } from './console-log.ts';
import { EventRing } from './event-ring.ts';

/** Lines of the VMM's own log, and characters of one. */
const LOG_LINES_KEPT = 500;
const LOG_LINE_LENGTH = 1000;
/** Addresses that calls are remembered of; a guest that makes up code could call from any number. */
const CALLERS_KEPT = 10_000;

/** As many rows as the trace table shows; older ones are in the counts only. */
export const CALLS_KEPT = 100_000;
export const IOCTLS_KEPT = 20_000;

export class Rings {
  readonly calls = new EventRing<CallEvent>(CALLS_KEPT);
  readonly ioctls = new EventRing<IoctlEvent>(IOCTLS_KEPT);
  readonly console = new ConsoleLog();
  /** What the VMM said. */
  readonly log = new EventRing<string>(LOG_LINES_KEPT);
  /** The newest call made by each instruction, by guest-virtual pc. */
  readonly lastAt = new Map<bigint, CallEvent>();
  /** How often each instruction called. */
  readonly timesAt = new Map<bigint, number>();

  addCall(call: CallEvent): void {
    this.calls.push(call);
    if (this.lastAt.size >= CALLERS_KEPT && !this.lastAt.has(call.pc)) return;
    this.lastAt.set(call.pc, call);
    this.timesAt.set(call.pc, (this.timesAt.get(call.pc) ?? 0) + 1);
  }

  addLog(words: string): void {
    this.log.push(words.slice(0, LOG_LINE_LENGTH));
  }

  clear(): void {
    this.calls.clear();
    this.log.clear();
    this.ioctls.clear();
    this.lastAt.clear();
    this.timesAt.clear();
    this.console.clear();
  }
}

/** The call with this running number; calls are ordered by it. */
export function callBySeq(calls: EventRing<CallEvent>, seq: number): CallEvent | undefined {
  let low = calls.first;
  let high = calls.end - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const call = calls.at(middle);
    if (call === undefined || call.seq === seq) return call;
    if (call.seq < seq) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/**
 * What the VMM did for a call that exited: the return of KVM_RUN on the caller's vcpu, and its ioctls
 * from there to the end of the call. A call that does not return ends before its KVM_RUN does.
 */
export function ioctlsOf(ioctls: EventRing<IoctlEvent>, call: CallEvent): readonly IoctlEvent[] {
  if (!call.exited) return [];
  const after = firstAfter(ioctls, call.seq);
  const found: IoctlEvent[] = [];
  for (let position = after - 1; position >= ioctls.first && found.length < IOCTLS_OF_A_CALL; position--) {
    const ioctl = ioctls.at(position);
    if (ioctl === undefined) break;
    const exit = isExitOf(ioctl, call);
    if (exit && ioctl.time < call.time) break;
    found.push(ioctl);
    if (exit) return found.reverse();
  }
  for (let position = after; position < Math.min(ioctls.end, after + IOCTLS_OF_A_CALL); position++) {
    const ioctl = ioctls.at(position);
    if (ioctl !== undefined && isExitOf(ioctl, call)) return [ioctl];
  }
  return [];
}
/** A VMM answers a call in a handful of ioctls; a longer search means that its KVM_RUN left the ring. */
const IOCTLS_OF_A_CALL = 64;

function isExitOf(ioctl: IoctlEvent, call: CallEvent): boolean {
  return ioctl.name === 'KVM_RUN' && ioctl.fd === `vcpu ${call.hart}` && ioctl.exit !== undefined;
}

/** Position of the first event with a greater running number. */
function firstAfter(events: EventRing<IoctlEvent>, seq: number): number {
  let low = events.first;
  let high = events.end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events.at(middle)?.seq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
