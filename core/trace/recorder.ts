/** Takes what the kernel model reports, numbers it, keeps the newest and counts everything. */
import { extensionKey } from '../sbi/codec.ts';
import type { Answerer, CallEvent, IoctlEvent, KernelObserver, RunCounts, TraceEvent } from './events.ts';
import { Ring, TRACE_CAPACITY } from './ring.ts';

/** Told at once of what happens; must not change the machine. */
export interface TraceListener {
  event?(event: TraceEvent): void;
  exit?(hart: number, reason: string): void;
}

const NO_CALLS: Readonly<Record<Answerer, number>> = { guest: 0, kvm: 0, vmm: 0, none: 0 };

/** Key in `RunCounts.calls`. The guest's own stimecmp stands for what would be a TIME call. */
export function countKey(call: Pick<CallEvent, 'by' | 'eid'>): string {
  return call.by === 'guest' ? 'TIME' : extensionKey(call.eid);
}

export class TraceRecorder implements KernelObserver {
  readonly ring: Ring<TraceEvent>;
  readonly #listener: TraceListener;
  readonly #calls = new Map<string, Record<Answerer, number>>();
  readonly #traps = new Map<string, number>();
  readonly #exits = new Map<string, number>();

  constructor(listener: TraceListener = {}, capacity: number = TRACE_CAPACITY) {
    this.#listener = listener;
    this.ring = new Ring(capacity);
  }

  call(event: Omit<CallEvent, 'seq'>): void {
    const key = countKey(event);
    let counts = this.#calls.get(key);
    if (counts === undefined) {
      counts = { ...NO_CALLS };
      this.#calls.set(key, counts);
    }
    counts[event.by]++;
    this.#push({ ...event, seq: this.ring.total });
  }

  ioctl(event: Omit<IoctlEvent, 'seq'>): void {
    this.#push({ ...event, seq: this.ring.total });
  }

  trap(_hart: number, cause: string): void {
    this.#traps.set(cause, (this.#traps.get(cause) ?? 0) + 1);
  }

  exit(hart: number, reason: string): void {
    this.#exits.set(reason, (this.#exits.get(reason) ?? 0) + 1);
    this.#listener.exit?.(hart, reason);
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

  #push(event: TraceEvent): void {
    this.ring.push(event);
    this.#listener.event?.(event);
  }
}
