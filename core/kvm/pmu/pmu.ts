/**
 * The counters that KVM gives a guest: hardware counters on events of the host, and firmware counters. Which of
 * them are in use, started and overflown is kept as the kernel keeps it. [Linux arch/riscv/kvm/vcpu_pmu.c]
 */

import { U64_MAX } from '../../base/u64.ts';
import { IRQ_LCOF, type Privilege } from '../../hart/api.ts';
import { type FirmwareEvent, PMU_FIRMWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import { type Counted, type CountingModes, countsAt, occurrences, type Source } from './events.ts';

/** The vcpu that the counters belong to. */
export interface PmuOwner extends Omit<Counted, 'fromUser'> {
  readonly privilege: Privilege;
  /** Whether the harts have Sscofpmf. */
  readonly hasOverflow: boolean;
  /** WHAT-IF: reads are not added up. */
  readonly readsOnce: boolean;
  raise(irq: typeof IRQ_LCOF): void;
  /** Whether it was pending. */
  withdraw(irq: typeof IRQ_LCOF): boolean;
}

/** No snapshot area. */
const NO_AREA = U64_MAX;

/** Of KVM: ids of counters are below it. */
export const MAX_COUNTERS = 64;
/** The TIME CSR lies between cycle and instret and is no counter. */
export const TIME_COUNTER = 1;
const WIDTH_LESS_ONE = 63n;
const WIDTH_SHIFT = 12n;
const FIRMWARE_BIT = 1n << 63n;
const CSR_CYCLE = 0xc00;
const VALUE_BITS = 64;

/** An event of the host that a counter counts by. */
interface PerfEvent {
  readonly source: Source;
  readonly modes: CountingModes;
  /** Counted up to the last stop. */
  total: number;
  /** What `occurrences` gave when it was enabled; null while it is not. */
  since: number | null;
}

export interface Counter {
  readonly index: number;
  readonly firmware: boolean;
  /** Null: not configured. */
  event: bigint | null;
  value: bigint;
  started: boolean;
  perf: PerfEvent | null;
  /** Number of occurrences at which the value passes 2^64; Infinity when that is out of reach. */
  overflowAt: number;
}

export class GuestPmu {
  readonly counters: readonly Counter[];
  readonly inUse = new Set<number>();
  readonly overflown = new Set<number>();
  /** By firmware event. */
  readonly firmware = new Map<FirmwareEvent, { started: boolean; value: bigint }>();
  /** Firmware events since the last reset, whether a counter follows them or not. */
  readonly happened = new Map<FirmwareEvent, number>();
  /** How many of the traps and exits came from U-mode, ever. */
  readonly fromUser = { traps: 0, exits: 0 };
  snapshot = NO_AREA;
  /** WHAT-IF: overflows go to user space, not to the guest; and whether there is one that it has not been told of. */
  overflowExits = false;
  untold = false;

  constructor(
    private readonly cpu: PmuOwner,
    readonly hardwareCounters: number,
  ) {
    const count = hardwareCounters + PMU_FIRMWARE_EVENTS.length;
    this.counters = Array.from({ length: count }, (_, index) => unused(index, index >= hardwareCounters));
  }

  /** As counter_get_info says it: CSR, width less one, and a bit for firmware counters; 0 for none of this guest. */
  describe(index: number): bigint {
    const counter = this.counters[index];
    if (counter === undefined) return 0n;
    const width = WIDTH_LESS_ONE << WIDTH_SHIFT;
    return counter.firmware ? FIRMWARE_BIT | width : width | BigInt(CSR_CYCLE + index);
  }

  reset(): void {
    for (const counter of this.counters) Object.assign(counter, unused(counter.index, counter.firmware));
    this.inUse.clear();
    this.overflown.clear();
    this.firmware.clear();
    this.happened.clear();
    this.snapshot = NO_AREA;
    this.untold = false;
  }

  /** An overflow that is on its way goes the new way too. */
  routeOverflow(exits: boolean): void {
    if (exits === this.overflowExits) return;
    this.overflowExits = exits;
    if (exits) {
      this.untold = this.cpu.withdraw(IRQ_LCOF);
    } else if (this.untold) {
      this.untold = false;
      this.cpu.raise(IRQ_LCOF);
    }
  }

  /** A firmware event happened. */
  count(event: FirmwareEvent): void {
    this.happened.set(event, (this.happened.get(event) ?? 0) + 1);
    const state = this.firmware.get(event);
    if (state?.started === true) state.value++;
  }

  firmwareState(event: FirmwareEvent): { started: boolean; value: bigint } {
    const known = this.firmware.get(event);
    if (known !== undefined) return known;
    const fresh = { started: false, value: 0n };
    this.firmware.set(event, fresh);
    return fresh;
  }

  create(counter: Counter, source: Source, modes: CountingModes): void {
    counter.perf = { source, modes, total: 0, since: null };
    counter.overflowAt = Number.POSITIVE_INFINITY;
  }

  enable(counter: Counter): void {
    const { perf } = counter;
    if (perf === null || perf.since !== null) return;
    perf.since = this.occurrences(perf);
    this.arm(counter);
  }

  /** What counter_stop with RESET leaves. */
  release(counter: Counter): void {
    Object.assign(counter, { perf: null, event: null, overflowAt: Number.POSITIVE_INFINITY });
    this.inUse.delete(counter.index);
    this.overflown.delete(counter.index);
  }

  disable(counter: Counter): void {
    const { perf } = counter;
    if (perf === null || perf.since === null) return;
    perf.total = this.counted(perf);
    perf.since = null;
    counter.overflowAt = Number.POSITIVE_INFINITY;
  }

  /**
   * What the guest reads. Linux adds the whole count of the host's event at every read to what it gave before; only
   * the what-if accelerator does not.
   */
  read(counter: Counter): bigint {
    const counted = counter.perf === null ? 0n : BigInt(this.counted(counter.perf));
    const value = BigInt.asUintN(VALUE_BITS, counter.value + counted);
    if (!this.cpu.readsOnce) counter.value = value;
    return value;
  }

  /** Instructions that the guest may retire, at the level it is at, before a counter overflows. */
  get instructionsLeft(): number {
    let left = Number.POSITIVE_INFINITY;
    this.forArmed((counter, perf) => {
      if (countsAt(perf.modes, this.cpu.privilege)) left = Math.min(left, counter.overflowAt - this.occurrences(perf));
    });
    return Math.max(left, 1);
  }

  /** Whether `instructionsLeft` is another at each level. */
  get watchesModes(): boolean {
    let watches = false;
    this.forArmed((_, { modes }) => {
      watches ||= modes !== 'US';
    });
    return watches;
  }

  /** Tells the guest, or user space, of counters that have overflown: after it ran. */
  overflow(): void {
    this.forArmed((counter, perf) => {
      if (counter.overflowAt > this.occurrences(perf)) return;
      counter.overflowAt = Number.POSITIVE_INFINITY;
      this.overflown.add(counter.index);
      if (this.overflowExits) this.untold = true;
      else this.cpu.raise(IRQ_LCOF);
    });
  }

  private forArmed(act: (counter: Counter, perf: PerfEvent) => void): void {
    for (const index of this.inUse) {
      const counter = this.counters[index];
      if (counter === undefined || counter.perf === null || counter.overflowAt === Number.POSITIVE_INFINITY) continue;
      act(counter, counter.perf);
    }
  }

  private occurrences({ source, modes }: PerfEvent): number {
    const { clock, stats } = this.cpu;
    return occurrences({ clock, stats, fromUser: this.fromUser }, source, modes);
  }

  private counted(perf: PerfEvent): number {
    const { total, since } = perf;
    return since === null ? total : total + this.occurrences(perf) - since;
  }

  /** Overflow needs Sscofpmf, and the events of the model are too rare to be worth an interrupt. */
  private arm(counter: Counter): void {
    const { perf, value } = counter;
    const follows = perf !== null && (perf.source === 'cycles' || perf.source === 'instructions');
    if (!follows || value === 0n || !this.cpu.hasOverflow) return;
    const left = (1n << BigInt(VALUE_BITS)) - value;
    const at = this.occurrences(perf) + Number(left);
    counter.overflowAt = Number.isSafeInteger(at) ? at : Number.POSITIVE_INFINITY;
  }
}

function unused(index: number, firmware: boolean): Counter {
  return {
    index,
    firmware,
    event: null,
    value: 0n,
    started: false,
    perf: null,
    overflowAt: Number.POSITIVE_INFINITY,
  };
}
