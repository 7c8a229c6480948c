/** The events of the current run: calls, ioctls and console output, kept outside the store. */
import type { CallEvent, IoctlEvent } from '../../core/trace/events.ts';
import { ConsoleLog } from './console-log.ts';
import { EventRing } from './event-ring.ts';

/** As many rows as the trace table shows; older ones are in the counts only. */
export const CALLS_KEPT = 100_000;
export const IOCTLS_KEPT = 20_000;

export class Rings {
  readonly calls = new EventRing<CallEvent>(CALLS_KEPT);
  readonly ioctls = new EventRing<IoctlEvent>(IOCTLS_KEPT);
  readonly console = new ConsoleLog();
  /** The newest call made by each instruction, by guest-virtual pc. */
  readonly lastAt = new Map<bigint, CallEvent>();
  /** How often each instruction called. */
  readonly timesAt = new Map<bigint, number>();

  addCall(call: CallEvent): void {
    this.calls.push(call);
    this.lastAt.set(call.pc, call);
    this.timesAt.set(call.pc, (this.timesAt.get(call.pc) ?? 0) + 1);
  }

  clear(): void {
    this.calls.clear();
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
 * What the VMM did for a call that exited: its ioctls between the return of KVM_RUN on the caller's
 * vcpu and the end of the call. The first entry is that KVM_RUN.
 */
export function ioctlsOf(ioctls: EventRing<IoctlEvent>, call: CallEvent): readonly IoctlEvent[] {
  if (!call.exited) return [];
  const found: IoctlEvent[] = [];
  for (let position = ioctls.end - 1; position >= ioctls.first; position--) {
    const ioctl = ioctls.at(position);
    if (ioctl === undefined || ioctl.seq > call.seq) continue;
    found.push(ioctl);
    if (ioctl.name === 'KVM_RUN' && ioctl.fd === `vcpu ${call.hart}` && ioctl.exit !== undefined)
      return found.reverse();
    if (found.length >= IOCTLS_OF_A_CALL) break;
  }
  return [];
}
/** A VMM answers a call in a handful of ioctls; a longer search means that its KVM_RUN left the ring. */
const IOCTLS_OF_A_CALL = 64;
