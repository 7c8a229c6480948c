/** The fields of a PMU event index: a type in bits 19 to 16, a code below. [SBI 3.0 §11] */
import { type FirmwareEvent, PMU_EVENT_TYPES, PMU_FIRMWARE_EVENTS } from './spec/pmu.ts';

const TYPE_SHIFT = 16n;
const TYPE_MASK = 0xfn;
const CODE_MASK = 0xffffn;
const EVENT_MASK = 0xf_ffffn;
/** Cache events: bit 0 the result, bits 2 and 1 the operation, above them the cache. [SBI 3.0 §11.2] */
const CACHE_OPERATIONS = 3;
const CACHES = 7;

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

/** Whether an index is built as the specification says, be there such an event or not. [SBI 3.0 §11.1 to §11.6] */
export function conformsToEncoding(event: bigint): boolean {
  if (!isEventIndex(event)) return false;
  const code = codeOf(event);
  switch (typeOf(event)) {
    case PMU_EVENT_TYPES.HW:
    case PMU_EVENT_TYPES.FW:
      return true;
    case PMU_EVENT_TYPES.CACHE:
      return code >> 3 < CACHES && ((code >> 1) & 3) < CACHE_OPERATIONS;
    case PMU_EVENT_TYPES.RAW:
    case PMU_EVENT_TYPES.RAW_V2:
      return code === 0;
    default:
      return false;
  }
}
