/**
 * The message channels of the machine that the VMM shows, each with a protocol of our own:
 *
 * Diagnostics (channel 1) answers ECHO with the data of the message; FAIL, whose data is a u32, with the error that it
 * names; and takes POST, a u32, as an event. Its events are 16 bytes: kind and value as u32, virtual ns as u64.
 * Clock (channel 2) answers GET_TIME, without data, with the virtual ns of the host as u64.
 *
 * No binding of a device tree is about these protocols, so the tree names the mailbox that they are channels of
 * (../device-tree.ts) and no client of it.
 *
 * A message whose data has another length fails. All numbers are little-endian. [SBI 3.0 §20]
 */
import { concat, fromLittleEndian, toLittleEndian } from '../../base/bytes.ts';
import { MPXY_CAPABILITIES, MPXY_PROTOCOL_ATTRIBUTES, MPXY_VENDOR_PROTOCOLS } from '../../sbi/spec/mpxy.ts';
import type { SbiError } from '../../sbi/types.ts';
import { ALL_EVENTS, EVENT_QUEUE_LENGTH, type MpxyEvent, type MpxySettings, type MpxyState } from './mpxy-state.ts';

type MessageError = Extract<SbiError, 'TIMEOUT' | 'IO' | 'FAILED'>;
/** Data of the response, empty for a message without one, or the error. */
type Delivered = Uint8Array | { readonly error: MessageError };

export interface Message {
  readonly responds: boolean;
  readonly deliver: (state: MpxyState, data: Uint8Array, now: number) => Delivered;
}

type WriteError = Extract<SbiError, 'INVALID_PARAM' | 'DENIED'>;

/** An attribute of the message protocol. */
export interface ProtocolAttribute {
  readonly read: (settings: MpxySettings) => number;
  /** The settings with the value in them, or why it cannot be written; missing where it is only read. */
  readonly write?: (settings: MpxySettings, value: number) => MpxySettings | { readonly error: WriteError };
}

export interface Channel {
  readonly id: number;
  readonly protocol: number;
  /** Major in the high, minor in the low half. */
  readonly version: number;
  /** Bytes of message data, either way. */
  readonly maxLength: number;
  readonly sendTimeoutUs: number;
  readonly completionTimeoutUs: number;
  readonly messages: ReadonlyMap<number, Message>;
  /** From attribute 0x80000000 on, without gaps. */
  readonly attributes: readonly ProtocolAttribute[];
  readonly notifies: boolean;
}

const FAULTS: readonly MessageError[] = ['FAILED', 'TIMEOUT', 'IO'];

const WRONG_LENGTH: Delivered = { error: 'FAILED' };
const NOTHING = new Uint8Array();

const u32 = (data: Uint8Array): number | null => (data.length === 4 ? Number(fromLittleEndian(data)) : null);

/** Messages of the diagnostics channel. */
export const DIAGNOSTICS_MESSAGES = { ECHO: 1, FAIL: 2, POST: 3 } as const;
/** Attributes of the diagnostics channel. */
export const DIAGNOSTICS_ATTRIBUTES = {
  /** Events that wait at most. */
  EVENT_QUEUE_LENGTH: MPXY_PROTOCOL_ATTRIBUTES,
  /** Events that are wanted: bit 0 console input, bit 1 what was posted. */
  EVENT_MASK: MPXY_PROTOCOL_ATTRIBUTES + 1,
  /** Bytes of console input that make an event, at least 1; only while no event is wanted. */
  INPUT_THRESHOLD: MPXY_PROTOCOL_ATTRIBUTES + 2,
} as const;

const DIAGNOSTICS: Channel = {
  id: 1,
  protocol: MPXY_VENDOR_PROTOCOLS + 1,
  version: 0x0001_0000,
  maxLength: 1024,
  sendTimeoutUs: 1000,
  completionTimeoutUs: 2000,
  messages: new Map<number, Message>([
    [DIAGNOSTICS_MESSAGES.ECHO, { responds: true, deliver: (_state, data) => data }],
    [
      DIAGNOSTICS_MESSAGES.FAIL,
      { responds: true, deliver: (_state, data) => ({ error: FAULTS[u32(data) ?? 0] ?? 'FAILED' }) },
    ],
    [
      DIAGNOSTICS_MESSAGES.POST,
      {
        responds: false,
        deliver(state, data) {
          const value = u32(data);
          if (value === null) return WRONG_LENGTH;
          state.post(value);
          return NOTHING;
        },
      },
    ],
  ]),
  attributes: [
    { read: () => EVENT_QUEUE_LENGTH },
    {
      read: ({ mask }) => mask,
      write: (settings, mask) => (mask > ALL_EVENTS ? { error: 'INVALID_PARAM' } : { ...settings, mask }),
    },
    {
      read: ({ threshold }) => threshold,
      write(settings, threshold) {
        if (threshold === 0) return { error: 'INVALID_PARAM' };
        return settings.mask === 0 ? { ...settings, threshold } : { error: 'DENIED' };
      },
    },
  ],
  notifies: true,
};

/** Message of the clock channel. */
export const CLOCK_MESSAGES = { GET_TIME: 1 } as const;

const CLOCK: Channel = {
  id: 2,
  protocol: MPXY_VENDOR_PROTOCOLS + 2,
  version: 0x0001_0000,
  maxLength: 8,
  sendTimeoutUs: 1000,
  completionTimeoutUs: 2000,
  messages: new Map<number, Message>([
    [
      CLOCK_MESSAGES.GET_TIME,
      {
        responds: true,
        deliver: (_state, data, now) => (data.length === 0 ? toLittleEndian(BigInt(Math.floor(now)), 8) : WRONG_LENGTH),
      },
    ],
  ]),
  attributes: [],
  notifies: false,
};

export const CHANNELS: readonly Channel[] = [DIAGNOSTICS, CLOCK];

/** CHANNEL_CAPABILITY. No interrupt controller of this machine takes an MSI, so events are polled for. */
export function capabilitiesOf({ messages, notifies }: Channel): number {
  const responds = [...messages.values()].map((message) => message.responds);
  return (
    (responds.includes(true) ? MPXY_CAPABILITIES.SEND_WITH_RESPONSE : 0) |
    (responds.includes(false) ? MPXY_CAPABILITIES.SEND_WITHOUT_RESPONSE : 0) |
    (notifies ? MPXY_CAPABILITIES.GET_NOTIFICATIONS | MPXY_CAPABILITIES.EVENTS_STATE : 0)
  );
}

/** Bytes of an event. */
export const EVENT_SIZE = 16;

export function eventBytes({ kind, value, time }: MpxyEvent): Uint8Array {
  return concat([toLittleEndian(BigInt(kind), 4), toLittleEndian(BigInt(value), 4), toLittleEndian(BigInt(time), 8)]);
}
