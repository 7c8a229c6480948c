/** The fields of a PMU event index: a type in bits 19 to 16, a code below. [SBI 3.0 §11] */
import { type FirmwareEvent, PMU_EVENT_TYPES, PMU_FIRMWARE_EVENTS } from './spec/pmu.ts';

const TYPE_SHIFT = 16n;
const TYPE_MASK = 0xfn;
const CODE_MASK = 0xffffn;
const EVENT_MASK = 0xf_ffffn;

export function typeOf(event: bigint): number {
  return Number((event >> TYPE_SHIFT) & TYPE_MASK);
}

export function codeOf(event: bigint): number {
  return Number(event & CODE_MASK);
}

/** Whether the bits above the type are 0. */
export function isEventIndex(event: bigint): boolean {
  return (event & ~EVENT_MASK) === 0n;
}

export function isFirmware(event: bigint): boolean {
  return typeOf(event) === PMU_EVENT_TYPES.FW;
}

/** The firmware event of a code; undefined for one that the specification does not name. */
export function firmwareEvent(event: bigint): FirmwareEvent | undefined {
  return PMU_FIRMWARE_EVENTS[codeOf(event)];
}
