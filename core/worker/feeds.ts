/** What flows to the page while a machine runs: console bytes and trace events, gathered into messages of bounded size. */
import { concat } from '../base/bytes.ts';
import type { EventSink } from '../protocol/index.ts';
import type { CallEvent, IoctlEvent } from '../trace/events.ts';
import type { TraceRing } from '../trace/ring.ts';

/** Events in one message: what the page's list takes in a frame without dropping it. */
export const TRACE_BATCH = 2_000;
/** Console bytes that are gathered before a message is sent in the middle of a slice. */
const CONSOLE_CHUNK = 16 * 1024;

/** Console output in order, one message for each stretch by the same layer. */
export class ConsoleFeed {
  #parts: Uint8Array[] = [];
  #length = 0;
  #by: 'kvm' | 'vmm' = 'vmm';

  constructor(readonly events: EventSink) {}

  write(bytes: Uint8Array, by: 'kvm' | 'vmm'): void {
    if (by !== this.#by) this.flush();
    this.#by = by;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= CONSOLE_CHUNK) this.flush();
  }

  flush(): void {
    if (this.#length === 0) return;
    this.events.emit('console', { bytes: concat(this.#parts), by: this.#by });
    this.#parts = [];
    this.#length = 0;
  }
}

/**
 * The trace in its order, as fast as the page takes it. A run may be far ahead; what leaves the ring
 * before its turn is counted as dropped, so that the page ends with all that the ring still has.
 */
export class TraceFeed {
  #next: number;

  /** Events that a restored machine had before are not sent, and not counted as dropped. */
  constructor(
    readonly events: EventSink,
    readonly ring: TraceRing,
  ) {
    this.#next = ring.dropped;
  }

  /** Sends one batch if there is room for it; true while more waits. */
  flush(): boolean {
    if (this.#next === this.ring.total) return false;
    if (!this.events.room('trace')) return true;
    const first = Math.max(this.#next, this.ring.dropped);
    const batch = this.ring.from(first, TRACE_BATCH);
    const dropped = first - this.#next;
    this.#next = first + batch.length;
    const calls = batch.filter((event): event is CallEvent => event.kind === 'call');
    const ioctls = batch.filter((event): event is IoctlEvent => event.kind === 'ioctl');
    this.events.emit('trace', { calls, ioctls, dropped });
    return this.#next < this.ring.total;
  }
}
