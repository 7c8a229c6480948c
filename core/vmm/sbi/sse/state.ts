/**
 * What the VMM keeps of software events: the local ones of each hart, the global ones, who has masked them, and which
 * harts it has interrupted to deliver one. [SBI 3.0 §17]
 */

import { SSE_EVENT_PLATFORM, SSE_EVENTS, SSE_PLATFORM_EVENTS } from '../../../sbi/spec/sse.ts';
import { at, PlainError, readPlain } from '../../../schema/plain.ts';
import type { VmmSettings } from '../../api.ts';
import type { ExtensionState } from '../extension-state.ts';
import { isGlobal, SoftwareEvent } from './event.ts';
import { type EventSnapshot, loadEvent, SSE_SHAPE, type SseSnapshot, saveEvent } from './snapshot.ts';

const STANDARD: ReadonlySet<number> = new Set(Object.values(SSE_EVENTS));
const GLOBAL: readonly number[] = [SSE_EVENTS.GLOBAL_SOFTWARE, SSE_PLATFORM_EVENTS.CONSOLE_INPUT];

class HartEvents {
  /** As after reset. */
  masked = true;
  readonly local = new Map<number, SoftwareEvent>();

  constructor(
    readonly hart: number,
    private readonly ids: Iterable<number>,
  ) {
    this.reset();
  }

  reset(): void {
    this.masked = true;
    for (const id of this.ids) this.local.set(id, new SoftwareEvent(id, this.hart));
  }
}

export class SseEvents implements ExtensionState {
  readonly global = new Map<number, SoftwareEvent>();
  readonly #localIds = new Set<number>([SSE_EVENTS.LOCAL_SOFTWARE]);
  readonly #harts: readonly HartEvents[];
  /** Harts that were signalled to take an event and have not looked since, with the virtual ns of the signal. */
  readonly #signals = new Map<number, number>();

  constructor({ harts }: Pick<VmmSettings, 'harts'>) {
    this.#harts = Array.from({ length: harts }, (_, hart) => new HartEvents(hart, this.#localIds));
    for (const id of GLOBAL) this.global.set(id, new SoftwareEvent(id, 0));
  }

  /** Says, when the VM is made, that there is a source of a local event, so that it is supported. */
  offer(id: number): void {
    this.#localIds.add(id);
    for (const { hart, local } of this.#harts) local.set(id, new SoftwareEvent(id, hart));
  }

  /** An event as a hart sees it: its own of a local one. Ids are 32 bits wide. */
  find(id: bigint, hart: number): SoftwareEvent | { readonly error: 'INVALID_PARAM' | 'NOT_SUPPORTED' } {
    const number = Number(BigInt.asUintN(32, id));
    const event = isGlobal(number) ? this.global.get(number) : this.#harts[hart]?.local.get(number);
    if (event) return event;
    // One that the platform does not define is not valid; a standard one lacks its source.
    const isValid = (id & SSE_EVENT_PLATFORM) === 0n && STANDARD.has(number);
    return { error: isValid ? 'NOT_SUPPORTED' : 'INVALID_PARAM' };
  }

  isMasked(hart: number): boolean {
    return this.#harts[hart]?.masked ?? true;
  }

  setMasked(hart: number, masked: boolean): void {
    const events = this.#harts[hart];
    if (events) events.masked = masked;
  }

  /** The local events of a hart. */
  local(hart: number): Iterable<SoftwareEvent> {
    return this.#harts[hart]?.local.values() ?? [];
  }

  /** Every event that can reach a hart. */
  *of(hart: number): Iterable<SoftwareEvent> {
    yield* this.local(hart);
    yield* this.global.values();
  }

  /** Virtual ns at which a hart was signalled, or null. */
  signalledAt(hart: number): number | null {
    return this.#signals.size === 0 ? null : (this.#signals.get(hart) ?? null);
  }

  /** A hart that was signalled before stays so. */
  signal(hart: number, now: number): void {
    if (!this.#signals.has(hart)) this.#signals.set(hart, now);
  }

  /** The signal has reached the hart. */
  heard(hart: number): void {
    this.#signals.delete(hart);
  }

  /** A handler that was running on the hart counts as ended, for what it interrupted is gone. */
  resetHart(hart: number): void {
    this.#harts[hart]?.reset();
    this.#signals.delete(hart);
    for (const event of this.global.values()) if (event.runningOn === hart) event.end();
  }

  save(): SseSnapshot {
    return {
      harts: this.#harts.map(({ masked, local }) => ({ masked, local: [...local.values()].map(saveEvent) })),
      global: [...this.global.values()].map(saveEvent),
      signals: [...this.#signals].map(([hart, time]) => ({ hart, time })),
    };
  }

  /** Throws PlainError when it is not of such a VM. */
  load(saved: unknown): void {
    const { harts, global, signals } = readPlain(SSE_SHAPE, saved);
    if (harts.length !== this.#harts.length) {
      throw new PlainError('harts', `there are ${harts.length} where the VM has ${this.#harts.length}`);
    }
    for (const [index, { masked, local }] of harts.entries()) {
      const own = this.#harts[index];
      if (!own) continue;
      own.masked = masked;
      at(`harts.${index}.local`, () => this.#loadEvents(own.local, local));
    }
    at('global', () => this.#loadEvents(this.global, global));
    for (const [index, { hart, time }] of signals.entries()) {
      if (hart >= harts.length) throw new PlainError(`signals.${index}.hart`, `there is no hart ${hart}`);
      this.#signals.set(hart, time);
    }
  }

  #loadEvents(own: ReadonlyMap<number, SoftwareEvent>, saved: readonly EventSnapshot[]): void {
    if (saved.length !== own.size) {
      throw new PlainError('', `there are ${saved.length} events where the VM has ${own.size}`);
    }
    for (const [index, event] of [...own.values()].entries()) {
      const its = saved[index];
      if (its) at(`${index}`, () => loadEvent(event, its, this.#harts.length));
    }
  }
}
