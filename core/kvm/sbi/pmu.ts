/** PMU in KVM: finding, configuring, starting, stopping and reading counters, with the slips of Linux. [SBI 3.0 §11] */
import { viewOf } from '../../base/bytes.ts';
import { U64_MAX, u64 } from '../../base/u64.ts';
import { firmwareEvent, isFirmware } from '../../sbi/pmu-events.ts';
import { SBI } from '../../sbi/spec/index.ts';
import { PMU_EVENT_INFO, PMU_SNAPSHOT } from '../../sbi/spec/pmu.ts';
import { type Countable, FIRST_PROGRAMMABLE, fixedCounter, modesOf, sourceOf } from '../pmu/events.ts';
import { type Counter, type GuestPmu, MAX_COUNTERS, TIME_COUNTER } from '../pmu/pmu.ts';
import type { HostQuirks } from '../profiles/index.ts';
import { NO_ADDRESS, type VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { deviating, done, type Outcome } from './outcome.ts';

const CONFIG = SBI.PMU.functions.counter_config_matching.args[2].values;
const START = SBI.PMU.functions.counter_start.args[2].values;
const STOP = SBI.PMU.functions.counter_stop.args[2].values;
/** Entries of one event_get_info: far more than there are events. Linux looks at as many as it has memory for. */
const MAX_EVENT_ENTRIES = 0x10000n;

const isSet = (flags: bigint, bit: number): boolean => (flags & BigInt(bit)) !== 0n;

export const pmu: KernelExtension<'PMU'> = {
  num_counters: (cpu) => done('SUCCESS', BigInt(cpu.pmu.counters.length)),
  counter_get_info: (cpu, counter) => {
    const beyond = quirksOf(cpu).pmuLastCounter === 'one too many' ? MAX_COUNTERS + 1 : MAX_COUNTERS;
    if (counter >= BigInt(beyond) || counter === BigInt(TIME_COUNTER)) return done('INVALID_PARAM');
    return done('SUCCESS', cpu.pmu.describe(Number(counter)));
  },
  counter_config_matching: (cpu, base, mask, flags, event, data) => {
    if (!isValidSet(cpu, base, mask)) return done('INVALID_PARAM');
    if (isFirmware(event) && firmwareEvent(event) === undefined) return done('NOT_SUPPORTED');
    const counter = isSet(flags, CONFIG.SKIP_MATCH)
      ? selected(cpu.pmu, base, mask).find(() => true)
      : matching(cpu.pmu, base, mask, event);
    if (isSet(flags, CONFIG.SKIP_MATCH) && (counter === undefined || !cpu.pmu.inUse.has(counter.index))) {
      return deviating('FAILED');
    }
    if (counter === undefined || !configure(cpu, counter, flags, event, data)) return done('NOT_SUPPORTED');
    cpu.pmu.inUse.add(counter.index);
    counter.event = event;
    return done('SUCCESS', BigInt(counter.index));
  },
  counter_start: (cpu, base, mask, flags, initial) => {
    if (!isValidSet(cpu, base, mask)) return done('INVALID_PARAM');
    const fromSnapshot = isSet(flags, START.INIT_SNAPSHOT);
    if (fromSnapshot && cpu.pmu.snapshot === NO_ADDRESS) return done('NO_SHMEM');
    const values = fromSnapshot ? cpu.vm.readGuest(cpu.pmu.snapshot, PMU_SNAPSHOT.size) : null;
    if (fromSnapshot && values === null) return deviating('FAILED');
    let answer: 'SUCCESS' | 'INVALID_PARAM' | 'ALREADY_STARTED' = 'SUCCESS';
    for (const counter of selected(cpu.pmu, base, mask)) {
      if (!cpu.pmu.inUse.has(counter.index)) continue;
      cpu.pmu.overflown.delete(counter.index);
      if (isSet(flags, START.SET_INIT_VALUE)) counter.value = initial;
      else if (values !== null) counter.value = valueIn(values, counter.index - Number(base));
      answer = start(cpu.pmu, counter) ?? answer;
    }
    return done(answer);
  },
  counter_stop: (cpu, base, mask, flags) => {
    if (!isValidSet(cpu, base, mask)) return done('INVALID_PARAM');
    const takes = isSet(flags, STOP.TAKE_SNAPSHOT);
    if (takes && cpu.pmu.snapshot === NO_ADDRESS) return done('NO_SHMEM');
    return stopAll(cpu, base, selected(cpu.pmu, base, mask), isSet(flags, STOP.RESET), takes);
  },
  counter_fw_read: (cpu, index) => {
    const value = readCounter(cpu, index);
    return value === null ? done('INVALID_PARAM') : done('SUCCESS', value);
  },
  counter_fw_read_hi: () => done('SUCCESS'),
  snapshot_set_shmem: (cpu, low, high, flags) => {
    if (flags !== 0n) return done('INVALID_PARAM');
    if (low === U64_MAX && high === U64_MAX) {
      cpu.pmu.snapshot = NO_ADDRESS;
      return done('SUCCESS');
    }
    if (high !== 0n) return done('INVALID_ADDRESS');
    cpu.pmu.snapshot = NO_ADDRESS;
    if (!cpu.vm.writeGuest(low, new Uint8Array(PMU_SNAPSHOT.size))) return snapshotRefused(cpu, low);
    cpu.pmu.snapshot = low;
    return done('SUCCESS');
  },
  event_get_info: (cpu, low, high, count, flags) => {
    if (flags !== 0n || low % BigInt(PMU_EVENT_INFO.size) !== 0n || count === 0n) return done('INVALID_PARAM');
    if (high !== 0n) return done('INVALID_ADDRESS');
    const list = count > MAX_EVENT_ENTRIES ? null : cpu.vm.readGuest(low, Number(count) * PMU_EVENT_INFO.size);
    if (list === null) return done('FAILED');
    const view = viewOf(list);
    const countable = countableBy(cpu);
    for (let at = 0; at < list.length; at += PMU_EVENT_INFO.size) {
      const event = BigInt(view.getUint32(at + PMU_EVENT_INFO.event.offset, true));
      const data = view.getBigUint64(at + PMU_EVENT_INFO.data.offset, true);
      const known = isFirmware(event)
        ? firmwareEvent(event) !== undefined
        : sourceOf(event, data, countable) !== undefined;
      view.setUint32(at + PMU_EVENT_INFO.output.offset, known ? 1 : 0, true);
    }
    cpu.vm.writeGuest(low, list);
    return done('SUCCESS');
  },
};

/** Until Linux 6.18 only the page that the area begins in was looked at. */
function snapshotRefused(cpu: VcpuState, address: bigint): Outcome<'INVALID_ADDRESS' | 'FAILED'> {
  const begins = cpu.vm.readGuest(address, 1) !== null;
  return begins && quirksOf(cpu).pmuSnapshotEnd === 'FAILED' ? deviating('FAILED') : done('INVALID_ADDRESS');
}

/** The value of a counter, as counter_fw_read and the counter CSRs give it; null when it cannot be read. */
export function readCounter(cpu: VcpuState, index: bigint): bigint | null {
  const counter = index === BigInt(TIME_COUNTER) ? undefined : counterAt(cpu.pmu, index);
  if (counter === undefined) return null;
  if (!counter.firmware) return counter.perf === null ? null : cpu.pmu.read(counter);
  if (counter.event === null) return quirksOf(cpu).pmuUnconfigured === 'read beyond' ? 0n : null;
  const event = firmwareEvent(counter.event);
  return event === undefined ? null : cpu.pmu.firmwareState(event).value;
}

function quirksOf({ vm }: VcpuState): HostQuirks {
  return vm.options.profile.quirks;
}

function counterAt({ counters }: GuestPmu, index: bigint): Counter | undefined {
  return index < BigInt(counters.length) ? counters[Number(index)] : undefined;
}

/** SBI 3.0 brought raw events of version 2. The what-if accelerator has what our own harts have. */
function countableBy({ vm, specification }: VcpuState): Countable {
  return {
    rawV2: vm.accelerator || specification.version === '3.0',
    translationEvents: !vm.accelerator && vm.options.profile.hardware.translationEvents,
  };
}

/** Whether the highest bit of the mask names a counter. */
function isValidSet(cpu: VcpuState, base: bigint, mask: bigint): boolean {
  const count = BigInt(cpu.pmu.counters.length);
  const last = u64(base + BigInt(mask.toString(2).length - 1));
  return mask !== 0n && last < count && (base < count || quirksOf(cpu).pmuBase === 'wraps');
}

/** Bits of the mask that name no counter, which a base that wraps can have, select nothing. */
function selected({ counters }: GuestPmu, base: bigint, mask: bigint): readonly Counter[] {
  return counters.filter(({ index }) => ((mask >> u64(BigInt(index) - base)) & 1n) === 1n);
}

/** The counter for an event: the fixed one, or the first free one of its kind. */
function matching(counters: GuestPmu, base: bigint, mask: bigint, event: bigint): Counter | undefined {
  const fixed = fixedCounter(event);
  if (fixed !== undefined) return counters.counters[fixed];
  const firmware = isFirmware(event);
  return selected(counters, base, mask).find(
    ({ index, firmware: kind }) =>
      kind === firmware && (firmware || index >= FIRST_PROGRAMMABLE) && !counters.inUse.has(index),
  );
}

/** False when the host has no such event. */
function configure(cpu: VcpuState, counter: Counter, flags: bigint, event: bigint, data: bigint): boolean {
  const firmware = isFirmware(event) ? firmwareEvent(event) : undefined;
  if (firmware !== undefined) {
    if (isSet(flags, CONFIG.AUTO_START)) cpu.pmu.firmwareState(firmware).started = true;
    return true;
  }
  const source = sourceOf(event, data, countableBy(cpu));
  if (source === undefined) return false;
  const modes = modesOf(flags);
  if (isSet(flags, CONFIG.CLEAR_VALUE)) counter.value = 0n;
  cpu.pmu.create(counter, modes === null ? 'nothing' : source, modes ?? 'US');
  // Linux starts the event of the host and forgets that the counter runs.
  if (isSet(flags, CONFIG.AUTO_START)) cpu.pmu.enable(counter);
  return true;
}

/** Null when it was started. */
function start(counters: GuestPmu, counter: Counter): 'INVALID_PARAM' | 'ALREADY_STARTED' | null {
  if (counter.firmware) {
    const event = counter.event === null ? undefined : firmwareEvent(counter.event);
    if (event === undefined) return 'INVALID_PARAM';
    const state = counters.firmwareState(event);
    if (state.started) return 'ALREADY_STARTED';
    Object.assign(state, { started: true, value: counter.value });
    return null;
  }
  if (counter.perf === null) return 'INVALID_PARAM';
  if (counter.started) return 'ALREADY_STARTED';
  counters.enable(counter);
  counter.started = true;
  return null;
}

type Stopped = 'SUCCESS' | 'INVALID_PARAM' | 'ALREADY_STOPPED';

function stopAll(
  cpu: VcpuState,
  base: bigint,
  counters: readonly Counter[],
  resets: boolean,
  takes: boolean,
): Outcome<Stopped> {
  const page = takes ? cpu.vm.readGuest(cpu.pmu.snapshot, PMU_SNAPSHOT.size) : null;
  let answer: Stopped = 'SUCCESS';
  for (const counter of counters) {
    if (!cpu.pmu.inUse.has(counter.index)) continue;
    answer = stop(cpu.pmu, counter) ?? answer;
    if (page !== null && answer === 'SUCCESS') note(cpu.pmu, counter, page, counter.index - Number(base));
    if (resets) cpu.pmu.release(counter);
  }
  if (page !== null) cpu.vm.writeGuest(cpu.pmu.snapshot, page);
  return done(answer);
}

/** Null when it was stopped. */
function stop(counters: GuestPmu, counter: Counter): 'INVALID_PARAM' | 'ALREADY_STOPPED' | null {
  if (counter.firmware) {
    const event = counter.event === null ? undefined : firmwareEvent(counter.event);
    if (event === undefined) return 'INVALID_PARAM';
    const state = counters.firmwareState(event);
    if (!state.started) return 'ALREADY_STOPPED';
    state.started = false;
    counter.value = state.value;
    return null;
  }
  if (counter.perf === null) return 'INVALID_PARAM';
  if (!counter.started) return 'ALREADY_STOPPED';
  counters.disable(counter);
  counter.started = false;
  return null;
}

/** Puts a stopped counter into the snapshot, at its place after the base. */
function note(counters: GuestPmu, counter: Counter, page: Uint8Array, place: number): void {
  const view = viewOf(page);
  if (counters.overflown.has(counter.index))
    view.setBigUint64(0, view.getBigUint64(0, true) | (1n << BigInt(place)), true);
  const value = counter.firmware ? counter.value : counters.read(counter);
  view.setBigUint64(valueAt(place), value, true);
}

function valueIn(page: Uint8Array, place: number): bigint {
  return viewOf(page).getBigUint64(valueAt(place), true);
}

function valueAt(place: number): number {
  return PMU_SNAPSHOT.values.offset + PMU_SNAPSHOT.values.size * place;
}
