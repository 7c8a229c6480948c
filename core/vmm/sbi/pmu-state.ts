/**
 * What the VMM keeps of PMU: for each hart the snapshot area, what its counters count, and how often the VMM did itself
 * what a firmware event counts. Values of hardware counters are KVM's; a firmware counter holds what it stood at when it
 * was started, and what its event had come to by then. Counters are known by the number that the guest gives them.
 */
import { hex } from '../../base/bits.ts';
import { U64_MAX } from '../../base/u64.ts';
import { type FirmwareEvent, PMU_FIRMWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import * as plain from '../../schema/plain.ts';
import type { ExtensionState } from './extension-state.ts';
import { PerHart } from './per-hart.ts';

/** No snapshot area. */
export const NO_AREA = U64_MAX;

export interface PmuCounter {
  /** Null: not configured. */
  event: bigint | null;
  started: boolean;
  /** Of a firmware counter: when it was last started or stopped. */
  value: bigint;
  /** Of a firmware counter that runs: what its event had come to when it was started. */
  since: bigint;
}

export interface HartPmu {
  snapshot: bigint;
  readonly counters: Map<number, PmuCounter>;
  /** Since the hart was reset. */
  readonly happened: Map<FirmwareEvent, number>;
}

const COUNTER = plain.record({
  index: plain.upTo(63),
  event: plain.nullable(plain.hex64),
  started: plain.flag,
  value: plain.hex64,
  since: plain.hex64,
});
const HART = plain.record({
  snapshot: plain.hex64,
  counters: plain.listOf(COUNTER),
  happened: plain.named(plain.count),
});
const SHAPE = plain.record({
  /** counter_info by number, null for the time CSR between two counters; null while KVM has not been asked. */
  hardware: plain.nullable(plain.listOf(plain.nullable(plain.hex64))),
  harts: plain.listOf(HART),
});

export class PmuState implements ExtensionState {
  /** counter_info of the hardware counters that KVM gives the vcpus; null while it has not been asked. */
  hardware: readonly (bigint | null)[] | null = null;
  readonly #harts: PerHart<HartPmu>;

  constructor(settings: { readonly harts: number }) {
    this.#harts = new PerHart(settings.harts, fresh);
  }

  hart(hartid: number): HartPmu {
    return this.#harts.of(hartid);
  }

  /** The counter of a number that the guest may use. */
  counter(hartid: number, index: number): PmuCounter {
    const { counters } = this.hart(hartid);
    const known = counters.get(index);
    if (known !== undefined) return known;
    const made = { event: null, started: false, value: 0n, since: 0n };
    counters.set(index, made);
    return made;
  }

  /** The VMM did what a firmware event counts. */
  count(hartid: number, event: FirmwareEvent): void {
    const { happened } = this.hart(hartid);
    happened.set(event, (happened.get(event) ?? 0) + 1);
  }

  resetHart(hartid: number): void {
    this.#harts.reset(hartid);
  }

  save(): unknown {
    return {
      hardware: this.hardware?.map((info) => (info === null ? null : hex(info))) ?? null,
      harts: this.#harts.map(({ snapshot, counters, happened }) => ({
        snapshot: hex(snapshot),
        counters: [...counters].map(([index, { event, started, value, since }]) => ({
          index,
          event: event === null ? null : hex(event),
          started,
          value: hex(value),
          since: hex(since),
        })),
        happened: Object.fromEntries(happened),
      })),
    };
  }

  load(saved: unknown): void {
    const { hardware, harts } = plain.readPlain(SHAPE, saved);
    this.#harts.load(harts, ({ snapshot, counters, happened }, hartid) => ({
      snapshot: BigInt(snapshot),
      counters: new Map(
        counters.map(({ index, event, started, value, since }) => [
          index,
          { event: event === null ? null : BigInt(event), started, value: BigInt(value), since: BigInt(since) },
        ]),
      ),
      happened: new Map(
        Object.entries(happened).map(([name, count]) => [named(`harts.${hartid}.happened`, name), count]),
      ),
    }));
    this.hardware = hardware?.map((info) => (info === null ? null : BigInt(info))) ?? null;
  }
}

function fresh(): HartPmu {
  return { snapshot: NO_AREA, counters: new Map(), happened: new Map() };
}

function named(place: string, name: string): FirmwareEvent {
  const event = PMU_FIRMWARE_EVENTS.find((known) => known === name);
  if (event === undefined) throw new plain.PlainError(`${place}.${name}`, 'is no firmware event');
  return event;
}
