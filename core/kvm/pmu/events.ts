/**
 * What the counters of a guest can count: hardware events that the model knows exactly, events of its own by raw
 * code, and firmware events, which KVM counts as it carries calls out. Harts keep translations as an engine finds
 * useful, and no part of it is state: there is no cache or TLB whose misses could be counted. A host that counts misses of
 * its TLBs has the events, and they never happen; any other cache event is not there. [SBI 3.0 §11; Linux vcpu_pmu.c]
 */
import type { Privilege } from '../../hart/api.ts';
import type { HartClock } from '../../hart/clock.ts';
import { codeOf, typeOf } from '../../sbi/pmu-events.ts';
import { PMU, PMU_EVENT_TYPES, PMU_HARDWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import type { VcpuStats } from '../stats.ts';

/** Where the counts of a vcpu come from. */
export interface Counted {
  readonly clock: HartClock;
  readonly stats: VcpuStats;
  /** How many of its traps to KVM and exits to user space came from U-mode. */
  readonly fromUser: { readonly traps: number; readonly exits: number };
}

/** What a hardware counter follows. `nothing`: a raw code that the hart has no event for, or no mode to count in. */
export const SOURCES = ['cycles', 'instructions', 'traps', 'exits', 'nothing'] as const;
export type Source = (typeof SOURCES)[number];

/** In which modes a counter counts; the others are inhibited. */
export const COUNTING_MODES = ['US', 'U', 'S'] as const;
export type CountingModes = (typeof COUNTING_MODES)[number];

const FLAGS = PMU.functions.counter_config_matching.args[2].values;
const SET_UINH = BigInt(FLAGS.SET_UINH);
const SET_SINH = BigInt(FLAGS.SET_SINH);

/** Below lie cycles, time and instructions. */
export const FIRST_PROGRAMMABLE = 3;

/** By code of a general hardware event; code 0, which the specification reserves, is taken for cycles by Linux. */
const GENERAL: Readonly<Record<number, Source>> = {
  [PMU_HARDWARE_EVENTS.NO_EVENT]: 'cycles',
  [PMU_HARDWARE_EVENTS.CPU_CYCLES]: 'cycles',
  [PMU_HARDWARE_EVENTS.INSTRUCTIONS]: 'instructions',
};
const FIXED: Readonly<Record<number, number>> = {
  [PMU_HARDWARE_EVENTS.CPU_CYCLES]: 0,
  [PMU_HARDWARE_EVENTS.INSTRUCTIONS]: 2,
};
/** Raw codes of events that only this model has: traps to KVM, and returns of KVM_RUN to user space. */
const RAW: Readonly<Record<string, Source>> = { '4096': 'traps', '4097': 'exits' };
/** Bits of the data of a raw event that select it. [SBI 3.0 §11.3, §11.4; Linux RISCV_PMU_RAW_EVENT_V2_MASK] */
const RAW_DATA = { [PMU_EVENT_TYPES.RAW]: (1n << 48n) - 1n, [PMU_EVENT_TYPES.RAW_V2]: (1n << 56n) - 1n } as const;

/** The counter that alone counts an event, or undefined: cycles and instructions have one each. */
export function fixedCounter(event: bigint): number | undefined {
  return typeOf(event) === PMU_EVENT_TYPES.HW ? FIXED[codeOf(event)] : undefined;
}

/** Misses of the data TLB at loads and at stores, and of the instruction TLB. [SBI 3.0 §11.2; QEMU hw/riscv/virt: the pmu node] */
const TRANSLATION_MISSES: ReadonlySet<number> = new Set([0x19, 0x1b, 0x21]);

/** What the machine and its kernel can count beyond the general events. */
export interface Countable {
  /** Whether the release knows raw events of version 2. */
  readonly rawV2: boolean;
  readonly translationEvents: boolean;
}

/** What to count for a hardware event; undefined when the host cannot. */
export function sourceOf(event: bigint, data: bigint, { rawV2, translationEvents }: Countable): Source | undefined {
  const type = typeOf(event);
  switch (type) {
    case PMU_EVENT_TYPES.HW:
      return GENERAL[codeOf(event)];
    case PMU_EVENT_TYPES.RAW_V2:
      return rawV2 ? (RAW[String(data & RAW_DATA[type])] ?? 'nothing') : undefined;
    case PMU_EVENT_TYPES.RAW:
      return RAW[String(data & RAW_DATA[type])] ?? 'nothing';
    case PMU_EVENT_TYPES.CACHE:
      return translationEvents && TRANSLATION_MISSES.has(codeOf(event)) ? 'nothing' : undefined;
    default:
      return undefined;
  }
}

/** The modes that the flags of counter_config_matching leave, or null for none. Linux looks at these two alone. */
export function modesOf(flags: bigint): CountingModes | null {
  const [inUser, inSupervisor] = [(flags & SET_UINH) === 0n, (flags & SET_SINH) === 0n];
  if (inUser) return inSupervisor ? 'US' : 'U';
  return inSupervisor ? 'S' : null;
}

/** Whether a counter of these modes counts what happens at a level. */
export function countsAt(modes: CountingModes, level: Privilege): boolean {
  return modes.includes(level);
}

/** How often the event has happened on this vcpu in these modes. Every instruction takes one cycle here. */
export function occurrences(counted: Counted, source: Source, modes: CountingModes): number {
  switch (modes) {
    case 'US':
      return inAll(counted, source);
    case 'U':
      return inUser(counted, source);
    case 'S':
      return inAll(counted, source) - inUser(counted, source);
    default:
      return modes satisfies never;
  }
}

function inAll({ clock, stats }: Counted, source: Source): number {
  switch (source) {
    case 'cycles':
    case 'instructions':
      return clock.retired;
    case 'traps':
      return stats.value('exits');
    case 'exits':
      return stats.value('mmio_exit_user') + stats.value('ecall_exit_stat') + stats.value('csr_exit_user');
    case 'nothing':
      return 0;
    default:
      return source satisfies never;
  }
}

function inUser({ clock, fromUser }: Counted, source: Source): number {
  switch (source) {
    case 'cycles':
    case 'instructions':
      return clock.retiredInUser;
    case 'traps':
    case 'exits':
      return fromUser[source];
    case 'nothing':
      return 0;
    default:
      return source satisfies never;
  }
}
