/**
 * Performance of the harts as CPPC shows it: what software asks for, what the machine delivers, and the counters. It
 * looks at the request every transition latency, so that a change comes at most so much later. A hart that runs above
 * the guaranteed performance grows hot, has to cool below it, and says so in PerformanceLimited. Counters run whether
 * the hart works or sleeps, which the VMM cannot see; so does their ratio, from which software tells the performance.
 */
import { hex } from '../../base/bits.ts';
import * as plain from '../../schema/plain.ts';
import { BOOST_NS, COOLING_NS, COOLING_PERFORMANCE, COUNTS_PER_US, CPPC_CONSTANTS } from './cppc-platform.ts';
import type { ExtensionState } from './extension-state.ts';
import { PerHart } from './per-hart.ts';

const { HighestPerformance, NominalPerformance, LowestPerformance, GuaranteedPerformanceRegister } = CPPC_CONSTANTS;
const GUARANTEED = GuaranteedPerformanceRegister;
const LATENCY = CPPC_CONSTANTS.TransitionLatency;
const NS_PER_US = 1000n;
const ALL_ONES = 0xffff_ffff;

/** PerformanceLimited. [ACPI 6.5 §8.4.6.1.3.2] */
export const DESIRED_EXCURSION = 1;
export const MINIMUM_EXCURSION = 2;

const SETTING = plain.upTo(ALL_ONES);
/** Times are virtual ns. */
const HART = plain.record({
  desired: SETTING,
  minimum: SETTING,
  maximum: SETTING,
  limited: plain.upTo(DESIRED_EXCURSION | MINIMUM_EXCURSION),
  enabled: plain.flag,
  /** Up to where `delivered` has counted. */
  since: plain.count,
  /** What is delivered until the request is looked at the next time. */
  performance: plain.upTo(HighestPerformance),
  /** When a hart above the guaranteed performance is too hot; null while it is not above. */
  hotAt: plain.nullable(plain.count),
  /** Until when it cools; null while it does not. */
  coolAt: plain.nullable(plain.count),
  /** Performance times ns. */
  delivered: plain.hex64,
});
const SHAPE = plain.record({ harts: plain.listOf(HART) });

type Saved<S> = S extends plain.Shape<infer T> ? T : never;
type Hart = { -readonly [K in keyof Saved<typeof HART>]: K extends 'delivered' ? bigint : Saved<typeof HART>[K] };

export type CppcSetting = 'desired' | 'minimum' | 'maximum';

export interface CppcSettings {
  readonly harts: number;
  readonly now: () => number;
}

/** What software asks for before it has asked for anything. */
const AT_RESET = {
  desired: NominalPerformance,
  minimum: LowestPerformance,
  maximum: HighestPerformance,
  limited: 0,
  enabled: false,
};

export class CppcState implements ExtensionState {
  readonly #harts: PerHart<Hart>;

  constructor(private readonly settings: CppcSettings) {
    this.#harts = new PerHart(settings.harts, () => ({
      ...AT_RESET,
      since: 0,
      performance: NominalPerformance,
      hotAt: null,
      coolAt: null,
      delivered: 0n,
    }));
  }

  setting(hartid: number, name: CppcSetting): bigint {
    return BigInt(this.#upToNow(hartid)[name]);
  }

  /** False when the value is none that the register can hold. */
  set(hartid: number, name: CppcSetting, value: bigint): boolean {
    if (!isSetting(name, value)) return false;
    this.#upToNow(hartid)[name] = Number(value);
    return true;
  }

  isEnabled(hartid: number): boolean {
    return this.#upToNow(hartid).enabled;
  }

  enable(hartid: number, enabled: boolean): void {
    this.#upToNow(hartid).enabled = enabled;
  }

  limited(hartid: number): bigint {
    return BigInt(this.#upToNow(hartid).limited);
  }

  /** Bits that are set stay set until software clears them; it sets none. */
  clearLimited(hartid: number, keep: bigint): void {
    this.#upToNow(hartid).limited &= Number(keep & BigInt(DESIRED_EXCURSION | MINIMUM_EXCURSION));
  }

  /** Counts at the reference performance, of every hart since the machine started. */
  get reference(): bigint {
    return counts(BigInt(CPPC_CONSTANTS.ReferencePerformance) * BigInt(this.#now()));
  }

  delivered(hartid: number): bigint {
    return counts(this.#upToNow(hartid).delivered);
  }

  /** The requests are as at reset; the counters belong to the machine and go on. */
  resetHart(hartid: number): void {
    Object.assign(this.#upToNow(hartid), AT_RESET);
  }

  save(): unknown {
    return { harts: this.#harts.map((hart) => ({ ...hart, delivered: hex(hart.delivered) })) };
  }

  load(saved: unknown): void {
    const { harts } = plain.readPlain(SHAPE, saved);
    this.#harts.load(harts, (hart) => ({ ...hart, delivered: BigInt(hart.delivered) }));
  }

  #now(): number {
    return Math.floor(this.settings.now());
  }

  #upToNow(hartid: number): Hart {
    const hart = this.#harts.of(hartid);
    advance(hart, this.#now());
    return hart;
  }
}

const counts = (performanceTimesNs: bigint): bigint =>
  BigInt.asUintN(64, (performanceTimesNs * COUNTS_PER_US) / NS_PER_US);

/** Besides a performance, 0 is no lower limit and all ones no upper one. [ACPI 6.5 §8.4.6.1] */
function isSetting(name: CppcSetting, value: bigint): boolean {
  if (name === 'minimum' && value === 0n) return true;
  if (name === 'maximum' && value === BigInt(ALL_ONES)) return true;
  return value >= BigInt(LowestPerformance) && value <= BigInt(HighestPerformance);
}

/** What software asks for, within its own limits; the upper one wins over the lower. */
function wanted({ enabled, desired, minimum, maximum }: Hart): number {
  return enabled ? Math.min(Math.max(desired, minimum), maximum) : NominalPerformance;
}

/** Counts up to `now`, from one change of the performance to the next. Changes come at multiples of the latency. */
function advance(hart: Hart, now: number): void {
  let change = (Math.floor(hart.since / LATENCY) + 1) * LATENCY;
  while (now >= change) {
    count(hart, change);
    decide(hart);
    skipRounds(hart, now);
    change = hart.hotAt ?? hart.coolAt ?? Number.POSITIVE_INFINITY;
  }
  count(hart, now);
}

function count(hart: Hart, until: number): void {
  if (until <= hart.since) return;
  hart.delivered = BigInt.asUintN(64, hart.delivered + BigInt(hart.performance) * BigInt(until - hart.since));
  hart.since = until;
}

function decide(hart: Hart): void {
  const now = hart.since;
  if (hart.coolAt !== null && now >= hart.coolAt) hart.coolAt = null;
  if (hart.hotAt !== null && now >= hart.hotAt) {
    hart.hotAt = null;
    hart.coolAt = now + COOLING_NS;
  }
  const request = wanted(hart);
  hart.performance = hart.coolAt === null ? request : whileCooling(request);
  hart.hotAt = hart.performance > GUARANTEED ? (hart.hotAt ?? now + BOOST_NS) : null;
  if (hart.performance < Math.min(request, GUARANTEED)) hart.limited |= DESIRED_EXCURSION;
  if (hart.performance < request && hart.performance < hart.minimum) hart.limited |= MINIMUM_EXCURSION;
}

const whileCooling = (request: number): number => Math.min(request, COOLING_PERFORMANCE);

/** Whole rounds of growing hot and cooling, at the beginning of one: a machine may be left alone for days. */
function skipRounds(hart: Hart, now: number): void {
  const round = BOOST_NS + COOLING_NS;
  const rounds = Math.floor((now - hart.since) / round) - 1;
  if (hart.hotAt !== hart.since + BOOST_NS || rounds < 1) return;
  const each = hart.performance * BOOST_NS + whileCooling(wanted(hart)) * COOLING_NS;
  hart.delivered = BigInt.asUintN(64, hart.delivered + BigInt(rounds) * BigInt(each));
  hart.since += rounds * round;
  hart.hotAt += rounds * round;
}
