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

/** The newest events since the last message; older ones that do not fit are counted as dropped. */
export class TraceFeed {
  #next = 0;

  constructor(
    readonly events: EventSink,
    readonly ring: TraceRing,
  ) {}

  flush(): void {
    const { total } = this.ring;
    if (total === this.#next) return;
    const batch = this.ring.from(Math.max(this.#next, total - TRACE_BATCH));
    const dropped = total - this.#next - batch.length;
    this.#next = total;
    const calls = batch.filter((event): event is CallEvent => event.kind === 'call');
    const ioctls = batch.filter((event): event is IoctlEvent => event.kind === 'ioctl');
    this.events.emit('trace', { calls, ioctls, dropped });
  }
}
