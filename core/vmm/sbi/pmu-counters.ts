/**
 * The counters of one hart as the VMM serves them: hardware counters through the what-if ioctl of the accelerator, none
 * without it, and firmware counters of its own behind them. [SBI 3.0 §11]
 */
import type { KvmPmuAnswer, KvmPmuCommand, KvmVcpu } from '../../kvm/uapi.ts';
import { codeOf, firmwareEvent, isEventIndex, isFirmware, typeOf } from '../../sbi/pmu-events.ts';
import { PMU, PMU_EVENT_TYPES, PMU_FIRMWARE_EVENTS, PMU_HARDWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import { ioctlFailed, type VmContext } from '../context.ts';
import { firmwareRefusal, occurrences } from './pmu-firmware.ts';
import type { HartPmu, PmuCounter } from './pmu-state.ts';

const FLAGS = PMU.functions.counter_config_matching.args[2].values;
const INHIBITS = BigInt(FLAGS.SET_UINH | FLAGS.SET_SINH);
/** counter_info of a firmware counter; CSR and width are to be ignored. [SBI 3.0 §11.8] */
const FIRMWARE_INFO = 1n << 63n;
const VALUE_BITS = 64;
/** Counter CSRs that there can be: cycle to hpmcounter31. */
const MAX_HARDWARE = 32;
/** Between cycle and instret lies the time CSR, which is no counter. */
const TIME = 1;
/** Events of these types alone have data. */
const RAW_TYPES: readonly number[] = [PMU_EVENT_TYPES.RAW, PMU_EVENT_TYPES.RAW_V2];

/** What the VMM wants to count. */
export interface WantedEvent {
  readonly event: bigint;
  readonly data: bigint;
}

export class HartCounters {
  readonly #hart: HartPmu;
  readonly #hardware: readonly (bigint | null)[];

  constructor(
    private readonly vm: VmContext,
    private readonly vcpu: KvmVcpu,
  ) {
    this.#hart = vm.sbi.PMU.hart(vcpu.id);
    this.#hardware = hardwareOf(vm, vcpu);
  }

  get snapshot(): bigint {
    return this.#hart.snapshot;
  }

  set snapshot(area: bigint) {
    this.#hart.snapshot = area;
  }

  get count(): number {
    return this.#hardware.length + PMU_FIRMWARE_EVENTS.length;
  }

  /** counter_info, or null for a number of no counter. */
  info(index: bigint): bigint | null {
    if (index >= BigInt(this.count)) return null;
    return this.isFirmware(Number(index)) ? FIRMWARE_INFO : (this.#hardware[Number(index)] ?? null);
  }

  isFirmware(index: number): boolean {
    return index >= this.#hardware.length;
  }

  /** The numbers of a set, or null when one of them is no counter or there is none. */
  select(base: bigint, mask: bigint): readonly number[] | null {
    const found: number[] = [];
    for (let bit = 0n; mask >> bit !== 0n; bit++) {
      if (((mask >> bit) & 1n) === 0n) continue;
      if (this.info(base + bit) === null) return null;
      found.push(Number(base + bit));
    }
    return found.length === 0 ? null : found;
  }

  counter(index: number): PmuCounter {
    return this.vm.sbi.PMU.counter(this.vcpu.id, index);
  }

  /** Why the machine cannot count an event on any counter, in words for the log; null when it can. */
  refusal(wanted: WantedEvent): string | null {
    const { event, data } = wanted;
    const shown = `event 0x${event.toString(16)}`;
    if (!isEventIndex(event) || (data !== 0n && !RAW_TYPES.includes(typeOf(event)))) return `${shown} is reserved`;
    if (isFirmware(event)) {
      const firmware = firmwareEvent(event);
      return firmware === undefined ? `firmware ${shown} is not known` : firmwareRefusal(this.vm, firmware);
    }
    if (this.#hardware.length === 0) {
      return `hardware ${shown} cannot be counted: this KVM interface has no ioctl that programs a counter of a vcpu`;
    }
    if (isReserved(event)) return `${shown} is reserved`;
    const { errno } = this.vcpu.pmu({ op: 'check', event, data });
    return errno === 0 ? null : `${shown}: ${ioctlFailed('PMU_COUNTER check', this.vcpu, errno)}`;
  }

  /** Lays an event on a counter; false when that counter cannot count it, or runs. */
  configure(index: number, { event, data }: WantedEvent, flags: bigint, clears: boolean): boolean {
    const counter = this.counter(index);
    if (counter.started || this.isFirmware(index) !== isFirmware(event)) return false;
    if (this.isFirmware(index)) {
      if (clears) counter.value = 0n;
    } else {
      const value = clears ? 0n : null;
      const command = { op: 'configure', counter: index, event, data, flags: flags & INHIBITS, value } as const;
      if (this.vcpu.pmu(command).errno !== 0) return false;
    }
    counter.event = event;
    return true;
  }

  /** Starts a counter that has an event and stands, from `value` or, when null, from where it stands. */
  start(index: number, value: bigint | null): void {
    const counter = this.counter(index);
    if (this.isFirmware(index)) {
      counter.value = value ?? counter.value;
      counter.since = this.#happened(counter);
    } else {
      this.#ioctl({ op: 'start', counter: index, value });
    }
    counter.started = true;
  }

  stop(index: number): void {
    const counter = this.counter(index);
    if (this.isFirmware(index)) counter.value = this.read(index);
    else this.#ioctl({ op: 'stop', counter: index });
    counter.started = false;
  }

  /** Takes the event of a counter that stands away. */
  release(index: number): void {
    const counter = this.counter(index);
    if (counter.event !== null && !this.isFirmware(index)) this.#ioctl({ op: 'release', counter: index });
    counter.event = null;
  }

  read(index: number): bigint {
    const counter = this.counter(index);
    if (!this.isFirmware(index)) return this.#ioctl({ op: 'read', counter: index }).value;
    if (!counter.started) return counter.value;
    return BigInt.asUintN(VALUE_BITS, counter.value + this.#happened(counter) - counter.since);
  }

  /** Whether a hardware counter has overflown since it was started. */
  hasOverflown(index: number): boolean {
    return !this.isFirmware(index) && this.#ioctl({ op: 'read', counter: index }).overflown;
  }

  #happened({ event }: PmuCounter): bigint {
    const firmware = event === null ? undefined : firmwareEvent(event);
    return firmware === undefined ? 0n : occurrences(this.vm, this.vcpu, firmware);
  }

  /** One that cannot fail unless the VMM is wrong about the counter. */
  #ioctl(command: KvmPmuCommand): KvmPmuAnswer {
    const answer = this.vcpu.pmu(command);
    if (answer.errno !== 0) this.vm.say(`PMU: ${ioctlFailed(`PMU_COUNTER ${command.op}`, this.vcpu, answer.errno)}`);
    return answer;
  }
}

/** Asks KVM for the hardware counters, once in the life of the machine: all vcpus have the same. */
function hardwareOf(vm: VmContext, vcpu: KvmVcpu): readonly (bigint | null)[] {
  const { PMU: state } = vm.sbi;
  if (state.hardware !== null) return state.hardware;
  const found: (bigint | null)[] = [];
  for (let counter = 0; counter < MAX_HARDWARE; counter++) {
    const { errno, value } = vcpu.pmu({ op: 'info', counter });
    if (errno !== 0 && counter !== TIME) {
      if (counter === 0) vm.say(`PMU: ${ioctlFailed('PMU_COUNTER', vcpu, errno)}; there are firmware counters alone`);
      break;
    }
    found.push(errno === 0 ? value : null);
  }
  state.hardware = found.length > TIME ? found : [];
  return state.hardware;
}

/** Takes the events of a hart's hardware counters away: the hart is reset. */
export function releaseCounters(vm: VmContext, vcpu: KvmVcpu): void {
  const { hardware } = vm.sbi.PMU;
  if (hardware === null) return;
  for (const [index, counter] of vm.sbi.PMU.hart(vcpu.id).counters) {
    if (counter.event === null || index >= hardware.length) continue;
    const { errno } = vcpu.pmu({ op: 'release', counter: index });
    if (errno !== 0) vm.say(`PMU: ${ioctlFailed('PMU_COUNTER release', vcpu, errno)}`);
  }
}

/** Indices that no event has, whatever a host makes of them. */
function isReserved(event: bigint): boolean {
  const isRaw = RAW_TYPES.includes(typeOf(event));
  return event === BigInt(PMU_HARDWARE_EVENTS.NO_EVENT) || (isRaw && codeOf(event) !== 0);
}
