/** Attributes of an event by number: what is read, and what may be written when. [SBI 3.0 §17.4, §17.8] */
import { SSE_ATTRIBUTES, SSE_CONFIG_ONESHOT, SSE_FLAGS, type SseAttribute } from '../../../sbi/spec/sse.ts';
import type { Interrupted, SoftwareEvent } from './event.ts';

/** Who writes, and which harts there are. */
export interface Writer {
  readonly hart: number;
  isHart(id: bigint): boolean;
}

type Refusal = 'DENIED' | 'INVALID_STATE' | 'INVALID_PARAM';

interface Attribute {
  get(event: SoftwareEvent): bigint;
  /** Left out when nobody may write it. */
  readonly write?: {
    /** Null when it is writable at all and now. */
    refusal(event: SoftwareEvent, writer: Writer): Refusal | null;
    isLegal(value: bigint, writer: Writer): boolean;
    set(event: SoftwareEvent, value: bigint): void;
  };
}

const PRIORITY_MAX = 0xffff_ffffn;
const FLAGS = Object.values(SSE_FLAGS).reduce((all, flag) => all | flag, 0n);

const beforeEnabled = (event: SoftwareEvent): Refusal | null =>
  event.state === 'UNUSED' || event.state === 'REGISTERED' ? null : 'INVALID_STATE';

/** What a handler interrupted: changed only on the hart that runs it. */
function interrupted(key: keyof Interrupted, isLegal: (value: bigint) => boolean = () => true): Attribute {
  return {
    get: (event) => event.interrupted[key],
    write: {
      refusal: (event, { hart }) => (event.runningOn === hart ? null : 'INVALID_STATE'),
      isLegal,
      set: (event, value) => {
        event.interrupted = { ...event.interrupted, [key]: value };
      },
    },
  };
}

const ATTRIBUTES: Readonly<Record<SseAttribute, Attribute>> = {
  STATUS: { get: (event) => event.status },
  PRIORITY: {
    get: (event) => BigInt(event.priority),
    write: {
      refusal: beforeEnabled,
      isLegal: (value) => value <= PRIORITY_MAX,
      set: (event, value) => {
        event.priority = Number(value);
      },
    },
  },
  CONFIG: {
    get: (event) => event.config,
    write: {
      refusal: beforeEnabled,
      isLegal: (value) => (value & ~SSE_CONFIG_ONESHOT) === 0n,
      set: (event, value) => {
        event.oneShot = value === SSE_CONFIG_ONESHOT;
      },
    },
  },
  PREFERRED_HART: {
    get: (event) => BigInt(event.preferredHart),
    write: {
      refusal: (event) => (event.isGlobal ? beforeEnabled(event) : 'DENIED'),
      isLegal: (value, writer) => writer.isHart(value),
      set: (event, value) => {
        event.preferredHart = Number(value);
      },
    },
  },
  ENTRY_PC: { get: (event) => event.handler.pc },
  ENTRY_ARG: { get: (event) => event.handler.arg },
  INTERRUPTED_SEPC: interrupted('sepc'),
  // Flags of extensions that the harts lack can be written and have no effect.
  INTERRUPTED_FLAGS: interrupted('flags', (value) => (value & ~FLAGS) === 0n),
  INTERRUPTED_A6: interrupted('a6'),
  INTERRUPTED_A7: interrupted('a7'),
};

const BY_ID: readonly Attribute[] = (Object.keys(ATTRIBUTES) as SseAttribute[])
  .sort((a, b) => SSE_ATTRIBUTES[a] - SSE_ATTRIBUTES[b])
  .map((name) => ATTRIBUTES[name]);

/** Whether all attributes of a range exist. */
export function isRange(first: number, count: number): boolean {
  return first + count <= BY_ID.length;
}

export function readAttributes(event: SoftwareEvent, first: number, count: number): readonly bigint[] {
  return BY_ID.slice(first, first + count).map((attribute) => attribute.get(event));
}

/** Writes all or, when one is refused, none; the refusal of the first that is. */
export function writeAttributes(
  event: SoftwareEvent,
  first: number,
  values: readonly bigint[],
  writer: Writer,
): Refusal | null {
  for (const [index, value] of values.entries()) {
    const write = BY_ID[first + index]?.write;
    const refusal = write ? write.refusal(event, writer) : 'DENIED';
    if (refusal) return refusal;
    if (!write?.isLegal(value, writer)) return 'INVALID_PARAM';
  }
  for (const [index, value] of values.entries()) BY_ID[first + index]?.write?.set(event, value);
  return null;
}
