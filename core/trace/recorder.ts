/** Takes what the kernel model reports, numbers it, keeps the newest and counts everything. */

import { extensionKey } from '../sbi/codec.ts';
import * as plain from '../schema/plain.ts';
import {
  type Answerer,
  type CallEvent,
  type IoctlEvent,
  type IoctlForm,
  ioctlEvent,
  type KernelObserver,
  type RunCounts,
  type TraceEvent,
} from './events.ts';
import { TRACE_CAPACITY, TraceRing, type Unnumbered } from './ring.ts';

/** Told at once of what happens; must not change the machine. */
export interface TraceListener {
  call?(call: Unnumbered<CallEvent>): void;
  exit?(hart: number, reason: string): void;
  /** Every event, numbered; makes an object of each, so leave it out where it is not needed. */
  event?(event: TraceEvent): void;
}

/** Key in `RunCounts.calls`. The guest's own stimecmp stands for what would be a TIME call. */
export function countKey(call: Pick<CallEvent, 'by' | 'eid'>): string {
  return call.by === 'guest' ? 'TIME' : extensionKey(call.eid);
}

export class TraceRecorder implements KernelObserver {
  readonly ring: TraceRing;
  readonly #listener: TraceListener;
  readonly #calls = new Map<string, Record<Answerer, number>>();
  /** Guests repeat calls: the counts of the last one's extension, and its id. */
  #lastCounts = noCalls();
  #lastId: bigint | null = null;
  readonly #traps = new Map<string, number>();
  readonly #exits = new Map<string, number>();

  constructor(listener: TraceListener = {}, capacity: number = TRACE_CAPACITY) {
    this.#listener = listener;
    this.ring = new TraceRing(capacity);
  }

  call(event: Unnumbered<CallEvent>): void {
    if (event.eid !== this.#lastId || event.by === 'guest') this.#lastCounts = this.#countsOf(countKey(event));
    this.#lastId = event.by === 'guest' ? null : event.eid;
    this.#lastCounts[event.by]++;
    const seq = this.ring.pushCall(event);
    this.#listener.call?.(event);
    this.#listener.event?.({ ...event, seq });
  }

  #countsOf(key: string): Record<Answerer, number> {
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    const counts = noCalls();
    this.#calls.set(key, counts);
    return counts;
  }

  ioctl(event: Unnumbered<IoctlEvent>): void {
    const seq = this.ring.pushIoctl(event);
    this.#listener.event?.({ ...event, seq });
  }

  ioctlAs(form: IoctlForm, time: number, ret: number, a: bigint, b: bigint, c: bigint): void {
    const seq = this.ring.pushIoctlAs(form, time, ret, a, b, c);
    this.#listener.event?.({ ...ioctlEvent(form, time, ret, a, b, c), seq });
  }

  trap(_hart: number, cause: string): void {
    this.#traps.set(cause, (this.#traps.get(cause) ?? 0) + 1);
  }

  exit(hart: number, reason: string): void {
    this.#exits.set(reason, (this.#exits.get(reason) ?? 0) + 1);
    this.#listener.exit?.(hart, reason);
  }

  save(): TraceSnapshot {
    const calls = [...this.#calls].map(([key, counts]) => [key, { ...counts }] as const);
    return {
      events: this.ring.total,
      calls: Object.fromEntries(calls),
      traps: Object.fromEntries(this.#traps),
      exits: Object.fromEntries(this.#exits),
    };
  }

  /** Counts on from there, with an empty ring. */
  load(saved: TraceSnapshot): void {
    this.#lastId = null;
    refill(this.#calls, saved.calls, (counts) => ({ ...counts }));
    refill(this.#traps, saved.traps, (count) => count);
    refill(this.#exits, saved.exits, (count) => count);
    this.ring.restart(saved.events);
  }

  /** A copy: later events do not change it. */
  counts(): RunCounts {
    return {
      calls: Object.fromEntries([...this.#calls].map(([key, counts]) => [key, { ...counts }])),
      traps: Object.fromEntries(this.#traps),
      exits: Object.fromEntries(this.#exits),
      dropped: this.ring.dropped,
    };
  }
}

function refill<T>(map: Map<string, T>, saved: Readonly<Record<string, T>>, copy: (value: T) => T): void {
  map.clear();
  for (const [key, value] of Object.entries(saved)) map.set(key, copy(value));
}

export const TRACE_SHAPE = plain.record({
  /** How many events there were; they themselves are not kept. */
  events: plain.count,
  calls: plain.named(plain.record({ guest: plain.count, kvm: plain.count, vmm: plain.count, none: plain.count })),
  traps: plain.named(plain.count),
  exits: plain.named(plain.count),
});
/** Exact counts of a run up to a point, as plain data. */
export type TraceSnapshot = typeof TRACE_SHAPE extends plain.Shape<infer T> ? T : never;

function noCalls(): Record<Answerer, number> {
  return { guest: 0, kvm: 0, vmm: 0, none: 0 };
}
