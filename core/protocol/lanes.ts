/**
 * How each event travels. *Ordered* events are never lost, and their producer is told to wait while
 * too many are unread. Of *latest* events only the newest matters: one is under way, a newer one
 * replaces the one that waits. *Lossy* events are dropped while too many are unread, and counted; the
 * newest batch is kept, so that the end of a run always arrives.
 */
import type { EventName, Events } from './messages.ts';

interface Lossy<T> {
  readonly lane: 'lossy';
  /** Events in a batch. */
  size(batch: T): number;
  withDropped(batch: T, dropped: number): T;
}
type Lane<T> = { readonly lane: 'ordered' } | { readonly lane: 'latest' } | Lossy<T>;

export const LANES: { readonly [N in EventName]: Lane<Events[N]> } = {
  console: { lane: 'ordered' },
  log: { lane: 'ordered' },
  fault: { lane: 'ordered' },
  view: { lane: 'latest' },
  trace: {
    lane: 'lossy',
    size: (batch) => batch.calls.length + batch.ioctls.length + batch.dropped,
    withDropped: (batch, dropped) => ({ ...batch, dropped: batch.dropped + dropped }),
  },
};

/** Unread messages of an ordered lane at which the producer waits: some frames of output. */
export const ORDERED_CREDIT = 64;
/** Unread batches of a lossy lane: enough to hide one slow frame of the page. */
export const LOSSY_CREDIT = 4;

/** The sending side of one event: keeps to its lane. */
export class LaneSender<N extends EventName> {
  #unread = 0;
  #waiting: Events[N] | null = null;
  #dropped = 0;

  constructor(
    readonly lane: Lane<Events[N]>,
    readonly send: (payload: Events[N]) => void,
  ) {}

  get congested(): boolean {
    return this.lane.lane === 'ordered' && this.#unread >= ORDERED_CREDIT;
  }

  /** Whether an event would be sent at once: none waits, none is lost. */
  get room(): boolean {
    switch (this.lane.lane) {
      case 'ordered':
        return true;
      case 'latest':
        return this.#unread === 0;
      case 'lossy':
        return this.#unread < LOSSY_CREDIT;
      default:
        return this.lane satisfies never;
    }
  }

  emit(payload: Events[N]): void {
    switch (this.lane.lane) {
      case 'ordered':
        this.#pass(payload);
        return;
      case 'latest':
        if (this.#unread === 0) this.#pass(payload);
        else this.#waiting = payload;
        return;
      case 'lossy':
        if (this.#unread < LOSSY_CREDIT) {
          this.#pass(payload);
          return;
        }
        if (this.#waiting !== null) this.#dropped += this.lane.size(this.#waiting);
        this.#waiting = payload;
        return;
      default:
        this.lane satisfies never;
    }
  }

  acknowledge(): void {
    this.#unread = Math.max(0, this.#unread - 1);
    const next = this.#waiting;
    if (next === null) return;
    this.#waiting = null;
    this.#pass(this.lane.lane === 'lossy' ? this.lane.withDropped(next, this.#dropped) : next);
    this.#dropped = 0;
  }

  #pass(payload: Events[N]): void {
    this.#unread++;
    this.send(payload);
  }
}
