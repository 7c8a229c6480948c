/**
 * PMU in user space. Firmware counters are the VMM's own; a hardware counter has to be programmed by KVM, for which Linux
 * has no ioctl, so that under its interface there are none, and the log says so. Unlike KVM's, sets with a counter that
 * does not exist are refused as a whole, and so are reserved flags. [SBI 3.0 §11]
 */
import { viewOf } from '../../base/bytes.ts';
import { U64_MAX } from '../../base/u64.ts';
import { conformsToEncoding } from '../../sbi/pmu-events.ts';
import { PMU, PMU_EVENT_INFO, PMU_SNAPSHOT } from '../../sbi/spec/pmu.ts';
import type { VmContext } from '../context.ts';
import { HartCounters, type WantedEvent } from './pmu-counters.ts';
import { NO_AREA } from './pmu-state.ts';
import { type Call, type Server, SUCCESS } from './server.ts';

const CONFIG = PMU.functions.counter_config_matching.args[2].values;
const START = PMU.functions.counter_start.args[2].values;
const STOP = PMU.functions.counter_stop.args[2].values;
const bits = (values: Readonly<Record<string, number>>): bigint =>
  Object.values(values).reduce((all, bit) => all | BigInt(bit), 0n);
const [CONFIG_FLAGS, START_FLAGS, STOP_FLAGS] = [bits(CONFIG), bits(START), bits(STOP)] as const;
/** Entries of one event_get_info: far more than there are events; bounds what a call costs. */
const MAX_ENTRIES = 4096n;

const has = (flags: bigint, bit: number): boolean => (flags & BigInt(bit)) !== 0n;
const countersOf = (vm: VmContext, { vcpu }: Call): HartCounters => new HartCounters(vm, vcpu);

export const pmu: Server<'PMU'> = {
  num_counters: (vm, _args, call) => ({ value: BigInt(countersOf(vm, call).count) }),
  counter_get_info(vm, { counter_idx }, call) {
    const info = countersOf(vm, call).info(counter_idx);
    return info === null ? { error: 'INVALID_PARAM' } : { value: info };
  },
  counter_config_matching(vm, { counter_idx_base, counter_idx_mask, config_flags, event_idx, event_data }, call) {
    const counters = countersOf(vm, call);
    const set = counters.select(counter_idx_base, counter_idx_mask);
    if (!set || (config_flags & ~CONFIG_FLAGS) !== 0n) return { error: 'INVALID_PARAM' };
    const wanted = { event: event_idx, data: event_data };
    const refusal = counters.refusal(wanted);
    const chosen = refusal === null ? configure(counters, set, wanted, config_flags) : undefined;
    if (refusal !== null) vm.say(`PMU: ${refusal}`);
    if (chosen === undefined) return { error: 'NOT_SUPPORTED' };
    if (has(config_flags, CONFIG.AUTO_START)) counters.start(chosen, null);
    return { value: BigInt(chosen) };
  },
  counter_start(vm, { counter_idx_base, counter_idx_mask, start_flags, initial_value }, call) {
    const counters = countersOf(vm, call);
    const set = counters.select(counter_idx_base, counter_idx_mask);
    const [sets, fromArea] = [has(start_flags, START.SET_INIT_VALUE), has(start_flags, START.INIT_SNAPSHOT)];
    if (!set || (start_flags & ~START_FLAGS) !== 0n || (sets && fromArea)) return { error: 'INVALID_PARAM' };
    if (fromArea && counters.snapshot === NO_AREA) return { error: 'NO_SHMEM' };
    // One that counts nothing is no valid counter to start.
    if (set.some((index) => counters.counter(index).event === null)) return { error: 'INVALID_PARAM' };
    const area = fromArea ? vm.ram.read(counters.snapshot, PMU_SNAPSHOT.size) : null;
    const standing = set.filter((index) => !counters.counter(index).started);
    for (const index of standing) {
      const place = index - Number(counter_idx_base);
      counters.start(index, area ? valueIn(area, place) : sets ? initial_value : null);
    }
    return standing.length === set.length ? SUCCESS : { error: 'ALREADY_STARTED' };
  },
  counter_stop(vm, { counter_idx_base, counter_idx_mask, stop_flags }, call) {
    const counters = countersOf(vm, call);
    const set = counters.select(counter_idx_base, counter_idx_mask);
    if (!set || (stop_flags & ~STOP_FLAGS) !== 0n) return { error: 'INVALID_PARAM' };
    const takes = has(stop_flags, STOP.TAKE_SNAPSHOT);
    if (takes && counters.snapshot === NO_AREA) return { error: 'NO_SHMEM' };
    const running = set.filter((index) => counters.counter(index).started);
    for (const index of running) counters.stop(index);
    if (takes) takeSnapshot(vm, counters, set, Number(counter_idx_base));
    if (has(stop_flags, STOP.RESET)) for (const index of set) counters.release(index);
    return running.length === set.length ? SUCCESS : { error: 'ALREADY_STOPPED' };
  },
  counter_fw_read(vm, { counter_idx }, call) {
    const counters = countersOf(vm, call);
    if (!isFirmwareCounter(counters, counter_idx)) return { error: 'INVALID_PARAM' };
    return { value: counters.read(Number(counter_idx)) };
  },
  counter_fw_read_hi: (vm, { counter_idx }, call) =>
    isFirmwareCounter(countersOf(vm, call), counter_idx) ? SUCCESS : { error: 'INVALID_PARAM' },
  snapshot_set_shmem(vm, { shmem_phys_lo, shmem_phys_hi, flags }, call) {
    const counters = countersOf(vm, call);
    if (flags !== 0n) return { error: 'INVALID_PARAM' };
    if (shmem_phys_lo === U64_MAX && shmem_phys_hi === U64_MAX) {
      counters.snapshot = NO_AREA;
      return SUCCESS;
    }
    if (shmem_phys_lo % BigInt(PMU_SNAPSHOT.size) !== 0n) return { error: 'INVALID_PARAM' };
    if (shmem_phys_hi !== 0n || !vm.ram.contains(shmem_phys_lo, BigInt(PMU_SNAPSHOT.size))) {
      return { error: 'INVALID_ADDRESS' };
    }
    counters.snapshot = shmem_phys_lo;
    return SUCCESS;
  },
  event_get_info(vm, { shmem_phys_lo, shmem_phys_hi, num_entries, flags }, call) {
    // An empty list is not said to be wrong; Linux and OpenSBI refuse it.
    if (flags !== 0n || shmem_phys_lo % BigInt(PMU_EVENT_INFO.size) !== 0n || num_entries === 0n) {
      return { error: 'INVALID_PARAM' };
    }
    const size = num_entries * BigInt(PMU_EVENT_INFO.size);
    if (shmem_phys_hi !== 0n || !vm.ram.contains(shmem_phys_lo, size)) return { error: 'INVALID_ADDRESS' };
    if (num_entries > MAX_ENTRIES) {
      vm.say(`event_get_info: the VMM looks at ${MAX_ENTRIES} events in a call, and the guest asks about more`);
      return { error: 'FAILED' };
    }
    const list = vm.ram.read(shmem_phys_lo, Number(size));
    if (!writeSupport(countersOf(vm, call), list)) return { error: 'INVALID_PARAM' };
    vm.ram.write(shmem_phys_lo, list);
    return SUCCESS;
  },
};

/** The counter that took the event: one without an event before one that only stands, and with SKIP_MATCH the first alone. */
function configure(
  counters: HartCounters,
  set: readonly number[],
  wanted: WantedEvent,
  flags: bigint,
): number | undefined {
  const clears = has(flags, CONFIG.CLEAR_VALUE);
  const takes = (index: number): boolean => counters.configure(index, wanted, flags, clears);
  if (has(flags, CONFIG.SKIP_MATCH)) return set.slice(0, 1).find(takes);
  const isFree = (index: number): boolean => counters.counter(index).event === null;
  return set.filter(isFree).find(takes) ?? set.filter((index) => !isFree(index)).find(takes);
}

function isFirmwareCounter(counters: HartCounters, index: bigint): boolean {
  return counters.info(index) !== null && counters.isFirmware(Number(index));
}

/** Values and overflow bits of the counters of the set that count something; all else stays as it is. */
function takeSnapshot(vm: VmContext, counters: HartCounters, set: readonly number[], base: number): void {
  const area = vm.ram.read(counters.snapshot, PMU_SNAPSHOT.size);
  const view = viewOf(area);
  let overflown = view.getBigUint64(PMU_SNAPSHOT.overflow.offset, true);
  for (const index of set) {
    if (counters.counter(index).event === null) continue;
    const bit = 1n << BigInt(index - base);
    overflown = counters.hasOverflown(index) ? overflown | bit : overflown & ~bit;
    view.setBigUint64(valueAt(index - base), counters.read(index), true);
  }
  view.setBigUint64(PMU_SNAPSHOT.overflow.offset, overflown, true);
  vm.ram.write(counters.snapshot, area);
}

function valueIn(area: Uint8Array, place: number): bigint {
  return viewOf(area).getBigUint64(valueAt(place), true);
}

function valueAt(place: number): number {
  return PMU_SNAPSHOT.values.offset + PMU_SNAPSHOT.values.size * place;
}

/** Fills the output words of a list in; false when an index is none that the specification could have, and nothing is told. */
function writeSupport(counters: HartCounters, list: Uint8Array): boolean {
  const view = viewOf(list);
  for (let at = 0; at < list.length; at += PMU_EVENT_INFO.size) {
    const event = BigInt(view.getUint32(at + PMU_EVENT_INFO.event.offset, true));
    if (!conformsToEncoding(event)) return false;
    const data = view.getBigUint64(at + PMU_EVENT_INFO.data.offset, true);
    view.setUint32(at + PMU_EVENT_INFO.output.offset, counters.refusal({ event, data }) === null ? 1 : 0, true);
  }
  return true;
}
