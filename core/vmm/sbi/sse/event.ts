/** One software event: its state and the attributes that the supervisor sees. [SBI 3.0 §17.2 to §17.4] */
import {
  SSE_CONFIG_ONESHOT,
  SSE_EVENT_GLOBAL,
  SSE_EVENTS,
  SSE_STATES,
  SSE_STATUS_INJECTABLE,
  SSE_STATUS_PENDING,
  type SseState,
} from '../../../sbi/spec/sse.ts';

/** What a handler interrupted, in the encoding of the attributes. */
export interface Interrupted {
  readonly sepc: bigint;
  readonly flags: bigint;
  readonly a6: bigint;
  readonly a7: bigint;
}

export interface Handler {
  readonly pc: bigint;
  readonly arg: bigint;
}

const INJECTABLE: ReadonlySet<number> = new Set([SSE_EVENTS.LOCAL_SOFTWARE, SSE_EVENTS.GLOBAL_SOFTWARE]);

export class SoftwareEvent {
  state: SseState = 'UNUSED';
  pending = false;
  priority = 0;
  oneShot = false;
  handler: Handler = { pc: 0n, arg: 0n };
  interrupted: Interrupted = { sepc: 0n, flags: 0n, a6: 0n, a7: 0n };
  /** The hart that runs the handler, while the state is RUNNING. */
  runningOn: number | null = null;

  constructor(
    readonly id: number,
    /** Of a local event the hart that it is local to. */
    public preferredHart: number,
  ) {}

  get isGlobal(): boolean {
    return isGlobal(this.id);
  }

  /** Whether the supervisor may inject it; its own source makes any other. */
  get isInjectable(): boolean {
    return INJECTABLE.has(this.id);
  }

  get status(): bigint {
    const flags = (this.pending ? SSE_STATUS_PENDING : 0n) | (this.isInjectable ? SSE_STATUS_INJECTABLE : 0n);
    return BigInt(SSE_STATES[this.state]) | flags;
  }

  get config(): bigint {
    return this.oneShot ? SSE_CONFIG_ONESHOT : 0n;
  }

  /** Whether it is delivered before another: by priority, and by id where that is the same. [SBI 3.0 §17.3] */
  isBefore(other: SoftwareEvent): boolean {
    return this.priority < other.priority || (this.priority === other.priority && this.id < other.id);
  }

  begin(hart: number, interrupted: Interrupted): void {
    this.state = 'RUNNING';
    this.pending = false;
    this.runningOn = hart;
    this.interrupted = interrupted;
  }

  end(): void {
    this.state = this.oneShot ? 'REGISTERED' : 'ENABLED';
    this.runningOn = null;
  }
}

export function isGlobal(id: number): boolean {
  return (BigInt(id) & SSE_EVENT_GLOBAL) !== 0n;
}

/** The first of some events that is to be delivered or completed. */
export function mostUrgent(events: Iterable<SoftwareEvent>): SoftwareEvent | undefined {
  let first: SoftwareEvent | undefined;
  for (const event of events) if (!first || event.isBefore(first)) first = event;
  return first;
}
