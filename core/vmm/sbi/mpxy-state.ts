/**
 * What the VMM keeps of MPXY: the shared memory of each hart, and the diagnostics channel with its attributes and the
 * events that nobody has fetched. Channels belong to the machine, so their state is one for all harts. [SBI 3.0 §20]
 */
import { hex } from '../../base/bits.ts';
import * as plain from '../../schema/plain.ts';
import type { ConsolePort } from '../api.ts';
import type { ExtensionState } from './extension-state.ts';

/** Events that wait at most; what comes then is lost. */
export const EVENT_QUEUE_LENGTH = 16;
const MAX_U32 = 0xffff_ffff;

/** Kinds of events, and their bits in the mask of those that are wanted. */
export const EVENTS = { INPUT: 1, POSTED: 2 } as const;
export const ALL_EVENTS = EVENTS.INPUT | EVENTS.POSTED;

const EVENT = plain.record({
  kind: plain.oneOf(EVENTS.INPUT, EVENTS.POSTED),
  /** INPUT: bytes that came since the event before it. POSTED: what was posted. */
  value: plain.upTo(MAX_U32),
  /** Virtual ns. */
  time: plain.count,
});
export type MpxyEvent = typeof EVENT extends plain.Shape<infer T> ? T : never;

const SHAPE = plain.record({
  /** Addresses of the shared memory; null for none. */
  shmem: plain.listOf(plain.nullable(plain.hex64)),
  /** Whether get_notification_events tells how many events remain, come and were lost. */
  reporting: plain.flag,
  /** Events that are wanted. */
  mask: plain.upTo(ALL_EVENTS),
  /** Input bytes that make an event. */
  threshold: plain.upTo(MAX_U32),
  events: plain.listOf(EVENT),
  /** Events lost since it was last told. */
  lost: plain.upTo(MAX_U32),
  /** Input bytes that events have told of. */
  told: plain.count,
});

/** Attributes of the diagnostics channel that can be written. */
export interface MpxySettings {
  readonly reporting: boolean;
  readonly mask: number;
  readonly threshold: number;
}

export interface MpxyMachine {
  readonly harts: number;
  readonly now: () => number;
  readonly console: Pick<ConsolePort, 'pending' | 'received'>;
}

export class MpxyState implements ExtensionState {
  readonly #shmem: (bigint | null)[];
  #settings: MpxySettings = { reporting: false, mask: 0, threshold: 1 };
  #events: MpxyEvent[] = [];
  #lost = 0;
  #told = 0;

  constructor(private readonly machine: MpxyMachine) {
    this.#shmem = Array.from({ length: machine.harts }, () => null);
  }

  /** Address of the shared memory of a hart, or null. */
  shmem(hartid: number): bigint | null {
    return this.#shmem[hartid] ?? null;
  }

  setShmem(hartid: number, address: bigint | null): void {
    this.#shmem[hartid] = address;
  }

  get settings(): MpxySettings {
    return this.#settings;
  }

  /** Input that waits unread when its events are first wanted makes an event too. */
  set settings(settings: MpxySettings) {
    this.#lookForInput();
    const { received, pending } = this.machine.console;
    const begins = (settings.mask & ~this.#settings.mask & EVENTS.INPUT) !== 0;
    if (begins) this.#told = received - pending;
    if (!settings.reporting) this.#lost = 0;
    this.#settings = settings;
  }

  post(value: number): void {
    this.#lookForInput();
    this.#raise(EVENTS.POSTED, value);
  }

  /** Takes the oldest events, at most `max`; how many remain, and how many were lost since the last time. */
  take(max: number): { readonly events: readonly MpxyEvent[]; readonly remaining: number; readonly lost: number } {
    this.#lookForInput();
    const events = this.#events.splice(0, max);
    const lost = this.#lost;
    this.#lost = 0;
    return { events, remaining: this.#events.length, lost };
  }

  resetHart(hartid: number): void {
    this.setShmem(hartid, null);
  }

  save(): unknown {
    return {
      shmem: this.#shmem.map((address) => (address === null ? null : hex(address))),
      ...this.#settings,
      events: this.#events,
      lost: this.#lost,
      told: this.#told,
    };
  }

  load(saved: unknown): void {
    const { shmem, events, lost, told, ...settings } = plain.readPlain(SHAPE, saved);
    if (shmem.length !== this.#shmem.length) {
      throw new plain.PlainError(
        'shmem',
        `there are ${shmem.length} where the machine has ${this.#shmem.length} harts`,
      );
    }
    if (events.length > EVENT_QUEUE_LENGTH) {
      throw new plain.PlainError('events', `there are ${events.length} where ${EVENT_QUEUE_LENGTH} have room`);
    }
    this.#shmem.splice(0, shmem.length, ...shmem.map((address) => (address === null ? null : BigInt(address))));
    this.#settings = settings;
    this.#events = [...events];
    this.#lost = lost;
    this.#told = told;
  }

  /** Nothing tells the VMM of input, so it looks whenever somebody looks at the channel. */
  #lookForInput(): void {
    const { mask, threshold } = this.#settings;
    const untold = this.machine.console.received - this.#told;
    if ((mask & EVENTS.INPUT) === 0 || untold < threshold) return;
    this.#told += untold;
    this.#raise(EVENTS.INPUT, Math.min(untold, MAX_U32));
  }

  #raise(kind: MpxyEvent['kind'], value: number): void {
    if ((this.#settings.mask & kind) === 0) return;
    const event = { kind, value, time: Math.floor(this.machine.now()) };
    if (this.#events.length < EVENT_QUEUE_LENGTH) this.#events.push(event);
    else if (this.#settings.reporting && this.#lost < MAX_U32) this.#lost++;
  }
}
