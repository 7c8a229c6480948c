/**
 * Attributes of MPXY channels: which exist, what they hold, and writing several of them, which happens whole or not at
 * all. A value that an attribute cannot have is INVALID_PARAM, as in OpenSBI; the specification names no error for it.
 * [SBI 3.0 §20.3, §20.8, §20.9]
 */
import { MPXY_ATTRIBUTES, MPXY_PROTOCOL_ATTRIBUTES } from '../../sbi/spec/mpxy.ts';
import { type Channel, capabilitiesOf, type ProtocolAttribute } from './mpxy-channels.ts';
import type { MpxySettings } from './mpxy-state.ts';

type AttributeError = 'INVALID_PARAM' | 'BAD_RANGE';

/** An attribute of a channel that is there. */
interface Attribute {
  readonly read: (settings: MpxySettings) => number;
  readonly write?: ProtocolAttribute['write'];
}

/** No channel can send an MSI: reads 0, and what is written is ignored. */
const NO_MSI: Attribute = { read: () => 0, write: (settings) => settings };

function standard(channel: Channel): Readonly<Record<keyof typeof MPXY_ATTRIBUTES, Attribute>> {
  const eventsState: Attribute = {
    read: ({ reporting }) => Number(channel.notifies && reporting),
    write(settings, value) {
      if (!channel.notifies) return settings;
      return value > 1 ? { error: 'INVALID_PARAM' } : { ...settings, reporting: value === 1 };
    },
  };
  return {
    MSG_PROT_ID: { read: () => channel.protocol },
    MSG_PROT_VERSION: { read: () => channel.version },
    MSG_DATA_MAX_LEN: { read: () => channel.maxLength },
    MSG_SEND_TIMEOUT: { read: () => channel.sendTimeoutUs },
    MSG_COMPLETION_TIMEOUT: { read: () => channel.completionTimeoutUs },
    CHANNEL_CAPABILITY: { read: () => capabilitiesOf(channel) },
    SSE_EVENT_ID: { read: () => 0 },
    MSI_CONTROL: NO_MSI,
    MSI_ADDR_LOW: NO_MSI,
    MSI_ADDR_HIGH: NO_MSI,
    MSI_DATA: NO_MSI,
    EVENTS_STATE_CONTROL: eventsState,
  };
}

/** The attributes of a range in order, or why it is none. */
function rangeOf(
  channel: Channel,
  base: number,
  count: number,
): readonly Attribute[] | { readonly error: AttributeError } {
  const isProtocol = base >= MPXY_PROTOCOL_ATTRIBUTES;
  const all: readonly Attribute[] = isProtocol
    ? channel.attributes
    : Object.entries(standard(channel))
        .sort(([a], [b]) => idOf(a) - idOf(b))
        .map(([, attribute]) => attribute);
  const first = isProtocol ? base - MPXY_PROTOCOL_ATTRIBUTES : base;
  if (!isProtocol && first >= all.length) return { error: 'INVALID_PARAM' };
  return first + count > all.length ? { error: 'BAD_RANGE' } : all.slice(first, first + count);
}

const idOf = (name: string): number => MPXY_ATTRIBUTES[name as keyof typeof MPXY_ATTRIBUTES].id;

export function readRange(channel: Channel, settings: MpxySettings, base: number, count: number) {
  const range = rangeOf(channel, base, count);
  return 'error' in range ? range : range.map((attribute) => attribute.read(settings));
}

/** The settings with the values in them, written in order, or the error of the first that cannot be written. */
export function writeRange(
  channel: Channel,
  settings: MpxySettings,
  base: number,
  values: readonly number[],
): MpxySettings | { readonly error: 'INVALID_PARAM' | 'DENIED' | 'BAD_RANGE' } {
  const range = rangeOf(channel, base, values.length);
  if ('error' in range) return range;
  if (range.some(({ write }) => write === undefined)) return { error: 'BAD_RANGE' };
  let result = settings;
  for (const [index, { write }] of range.entries()) {
    const written = write?.(result, values[index] ?? 0) ?? result;
    if ('error' in written) return written;
    result = written;
  }
  return result;
}
