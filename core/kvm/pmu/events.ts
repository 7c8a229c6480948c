/**
 * What the counters of a guest can count: hardware events that the model knows exactly, events of its own by raw
 * code, and firmware events, which KVM counts as it carries calls out. [SBI 3.0 §11.2; Linux vcpu_pmu.c]
 */
import type { HartClock } from '../../hart/clock.ts';
import type { VcpuStats } from '../stats.ts';

/** Where the counts of a vcpu come from. */
export interface Counted {
  readonly clock: HartClock;
  readonly stats: VcpuStats;
}

/** Type of an event: bits 19 to 16 of its index. */
const TYPE = { HW: 0, CACHE: 1, RAW: 2, RAW_V2: 3, FW: 15 } as const;
const TYPE_SHIFT = 16n;
const TYPE_MASK = 0xfn;
const CODE_MASK = 0xffffn;

/** Firmware events in the order of their codes. [SBI 3.0 §11.2.3] */
export const FIRMWARE_EVENTS = [
  'MISALIGNED_LOAD',
  'MISALIGNED_STORE',
  'ACCESS_LOAD',
  'ACCESS_STORE',
  'ILLEGAL_INSN',
  'SET_TIMER',
  'IPI_SENT',
  'IPI_RECEIVED',
  'FENCE_I_SENT',
  'FENCE_I_RECEIVED',
  'SFENCE_VMA_SENT',
  'SFENCE_VMA_RECEIVED',
  'SFENCE_VMA_ASID_SENT',
  'SFENCE_VMA_ASID_RECEIVED',
  'HFENCE_GVMA_SENT',
  'HFENCE_GVMA_RECEIVED',
  'HFENCE_GVMA_VMID_SENT',
  'HFENCE_GVMA_VMID_RECEIVED',
  'HFENCE_VVMA_SENT',
  'HFENCE_VVMA_RECEIVED',
  'HFENCE_VVMA_ASID_SENT',
  'HFENCE_VVMA_ASID_RECEIVED',
] as const;
export type FirmwareEvent = (typeof FIRMWARE_EVENTS)[number];

/** What a hardware counter follows. `nothing`: a raw code that the hart has no event for. */
export const SOURCES = ['cycles', 'instructions', 'traps', 'exits', 'nothing'] as const;
export type Source = (typeof SOURCES)[number];

/** By code of a general hardware event; code 0, which the specification reserves, is taken for cycles by Linux. */
const GENERAL: Readonly<Record<number, Source>> = { 0: 'cycles', 1: 'cycles', 2: 'instructions' };
/** Raw codes of events that only this model has: traps to KVM, and returns of KVM_RUN to user space. */
const RAW: Readonly<Record<string, Source>> = { '4096': 'traps', '4097': 'exits' };
/** Bits of the data of a raw event that select it. [SBI 3.0 §11.2.4, §11.2.5] */
const RAW_DATA = { [TYPE.RAW]: (1n << 48n) - 1n, [TYPE.RAW_V2]: (1n << 56n) - 1n } as const;

export function typeOf(event: bigint): number {
  return Number((event >> TYPE_SHIFT) & TYPE_MASK);
}

export function codeOf(event: bigint): number {
  return Number(event & CODE_MASK);
}

export function isFirmware(event: bigint): boolean {
  return typeOf(event) === TYPE.FW;
}

/** The firmware event of a code; undefined for one that KVM does not count. */
export function firmwareEvent(event: bigint): FirmwareEvent | undefined {
  return FIRMWARE_EVENTS[codeOf(event)];
}

/** The counter that alone counts an event, or undefined: cycles and instructions have one each. */
export function fixedCounter(event: bigint): number | undefined {
  if (typeOf(event) !== TYPE.HW) return undefined;
  return ({ 1: 0, 2: 2 } as Readonly<Record<number, number>>)[codeOf(event)];
}

/** What to count for a hardware event; undefined when the host cannot. `rawV2`: whether the release knows type 3. */
export function sourceOf(event: bigint, data: bigint, rawV2: boolean): Source | undefined {
  const type = typeOf(event);
  switch (type) {
    case TYPE.HW:
      return GENERAL[codeOf(event)];
    case TYPE.RAW_V2:
      return rawV2 ? (RAW[String(data & RAW_DATA[type])] ?? 'nothing') : undefined;
    case TYPE.RAW:
      return RAW[String(data & RAW_DATA[type])] ?? 'nothing';
    default:
      return undefined;
  }
}

/** How often the event has happened on this vcpu. Every instruction takes one cycle here. */
export function occurrences({ clock, stats }: Counted, source: Source): number {
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
