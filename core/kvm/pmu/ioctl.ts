/** WHAT-IF: the counters of a vcpu as a VMM that serves PMU programs them. */
import { U64_MAX } from '../../base/u64.ts';
import { PMU_FIRMWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import { readCounter } from '../sbi/pmu.ts';
import type { VcpuState } from '../state.ts';
import { EBUSY, EINVAL, ENODEV, ENOENT, type KvmPmuAnswer, type KvmPmuCommand } from '../uapi.ts';
import { type Countable, FIRST_PROGRAMMABLE, fixedCounter, modesOf, sourceOf } from './events.ts';
import { type Counter, TIME_COUNTER } from './pmu.ts';

const answer = (errno: number, value = 0n, overflown = false): KvmPmuAnswer => ({ errno, value, overflown });
const DONE = answer(0);
const COUNTABLE: Countable = { rawV2: true, translationEvents: false };

export function pmuCommand(cpu: VcpuState, command: KvmPmuCommand): KvmPmuAnswer {
  switch (command.op) {
    case 'check':
      return sourceOf(command.event, command.data, COUNTABLE) === undefined ? answer(ENOENT) : DONE;
    case 'firmware': {
      const event = PMU_FIRMWARE_EVENTS[command.code];
      return event === undefined ? answer(EINVAL) : answer(0, BigInt(cpu.pmu.happened.get(event) ?? 0));
    }
    case 'overflow':
      if (!cpu.hasOverflow) return answer(ENODEV);
      cpu.pmu.routeOverflow(command.exits);
      return DONE;
    default: {
      const counter = hardwareCounter(cpu, command.counter);
      return counter === null ? answer(EINVAL) : onCounter(cpu, counter, command);
    }
  }
}

function hardwareCounter({ pmu }: VcpuState, index: number): Counter | null {
  const counter = index === TIME_COUNTER ? undefined : pmu.counters[index];
  return counter === undefined || counter.firmware ? null : counter;
}

type OnCounter = Extract<KvmPmuCommand, { readonly counter: number }>;

function onCounter(cpu: VcpuState, counter: Counter, command: OnCounter): KvmPmuAnswer {
  const { pmu } = cpu;
  switch (command.op) {
    case 'info':
      return answer(0, pmu.describe(counter.index));
    case 'configure':
      return answer(configure(cpu, counter, command));
    case 'start':
      if (counter.perf === null) return answer(ENOENT);
      if (counter.started) return answer(EBUSY);
      pmu.overflown.delete(counter.index);
      settle(cpu, counter, command.value);
      pmu.enable(counter);
      counter.started = true;
      return DONE;
    case 'stop':
      if (counter.perf === null) return answer(ENOENT);
      pmu.disable(counter);
      counter.started = false;
      return DONE;
    case 'release':
      settle(cpu, counter, null);
      counter.started = false;
      pmu.release(counter);
      return DONE;
    case 'read':
      return answer(0, readCounter(cpu, BigInt(counter.index)) ?? counter.value, pmu.overflown.has(counter.index));
    default:
      return command satisfies never;
  }
}

/** 0 or an errno. Cycles and instructions have a counter each; the others take every other event. */
function configure(
  cpu: VcpuState,
  counter: Counter,
  { event, data, flags, value }: Extract<KvmPmuCommand, { readonly op: 'configure' }>,
): number {
  if (counter.started) return EBUSY;
  const source = sourceOf(event, data, COUNTABLE);
  const fixed = fixedCounter(event);
  const fits = fixed === undefined ? counter.index >= FIRST_PROGRAMMABLE : counter.index === fixed;
  if (source === undefined || !fits) return ENOENT;
  const modes = modesOf(flags);
  settle(cpu, counter, value);
  cpu.pmu.create(counter, modes === null ? 'nothing' : source, modes ?? 'US');
  cpu.pmu.inUse.add(counter.index);
  counter.event = event;
  return 0;
}

/** Makes `value`, or what it shows now, that from which a counter that stands goes on. */
function settle({ pmu }: VcpuState, counter: Counter, value: bigint | null): void {
  pmu.disable(counter);
  counter.value = (value ?? pmu.read(counter)) & U64_MAX;
  if (counter.perf !== null) counter.perf.total = 0;
}
