/**
 * MPXY in user space, over the channels of `mpxy-channels.ts`. A call is refused for the first of these: no shared
 * memory, no such channel, what the channel does not do, arguments, what they name. [SBI 3.0 §20]
 */
import { concat, toLittleEndian } from '../../base/bytes.ts';
import { U64_MAX } from '../../base/u64.ts';
import { MPXY, MPXY_CHANNEL_IDS, MPXY_EVENTS, MPXY_SHMEM_UNIT } from '../../sbi/spec/mpxy.ts';
import type { VmContext } from '../context.ts';
import { readRange, writeRange } from './mpxy-attributes.ts';
import { CHANNELS, type Channel, EVENT_SIZE, eventBytes } from './mpxy-channels.ts';
import { type Call, type Server, SUCCESS } from './server.ts';

const SHMEM_SIZE = MPXY_SHMEM_UNIT;
const ATTRIBUTE_SIZE = 4;
/** Events that one call hands over at most: half of those that can wait, so that software has to ask again. */
export const EVENTS_PER_CALL = 8;
const OVERWRITE = 0n;
const OVERWRITE_RETURN = BigInt(MPXY.functions.set_shmem.args[2].values.OVERWRITE_RETURN);

const NO_SHMEM = { error: 'NO_SHMEM' } as const;
const NOT_SUPPORTED = { error: 'NOT_SUPPORTED' } as const;
const INVALID_PARAM = { error: 'INVALID_PARAM' } as const;

const low32 = (value: bigint): number => Number(value & 0xffff_ffffn);
const word = (value: number): Uint8Array => toLittleEndian(BigInt(value), 4);
const channelOf = (id: bigint): Channel | undefined => CHANNELS.find((channel) => channel.id === low32(id));

export const mpxy: Server<'MPXY'> = {
  get_shmem_size: () => ({ value: BigInt(SHMEM_SIZE) }),

  set_shmem(vm, { shmem_phys_lo: lo, shmem_phys_hi: hi, flags }, { vcpu }) {
    if (flags !== OVERWRITE && flags !== OVERWRITE_RETURN) return INVALID_PARAM;
    const old = vm.sbi.MPXY.shmem(vcpu.id);
    if (lo === U64_MAX && hi === U64_MAX) {
      vm.sbi.MPXY.setShmem(vcpu.id, null);
      return SUCCESS;
    }
    if (lo % BigInt(MPXY_SHMEM_UNIT) !== 0n) return INVALID_PARAM;
    if (hi !== 0n || !vm.ram.contains(lo, BigInt(SHMEM_SIZE))) return { error: 'INVALID_ADDRESS' };
    vm.sbi.MPXY.setShmem(vcpu.id, lo);
    if (flags === OVERWRITE_RETURN) {
      const [oldLo, oldHi] = old === null ? [U64_MAX, U64_MAX] : [old, 0n];
      vm.ram.write(lo, concat([toLittleEndian(oldLo, 8), toLittleEndian(oldHi, 8)]));
    }
    return SUCCESS;
  },

  get_channel_ids(vm, { start_index }, { vcpu }) {
    const shmem = vm.sbi.MPXY.shmem(vcpu.id);
    if (shmem === null) return NO_SHMEM;
    const page = channelIds(
      CHANNELS.map(({ id }) => id),
      low32(start_index),
      SHMEM_SIZE,
    );
    if (!page) return INVALID_PARAM;
    vm.ram.write(shmem, page);
    return SUCCESS;
  },

  read_attributes(vm, { channel_id, base_attribute_id, attribute_count }, { vcpu }) {
    const shmem = vm.sbi.MPXY.shmem(vcpu.id);
    if (shmem === null) return NO_SHMEM;
    const channel = channelOf(channel_id);
    if (!channel) return NOT_SUPPORTED;
    const count = low32(attribute_count);
    if (!fits(count)) return INVALID_PARAM;
    const values = readRange(channel, vm.sbi.MPXY.settings, low32(base_attribute_id), count);
    if ('error' in values) return values;
    vm.ram.write(shmem, concat(values.map(word)));
    return SUCCESS;
  },

  write_attributes(vm, { channel_id, base_attribute_id, attribute_count }, { vcpu }) {
    const shmem = vm.sbi.MPXY.shmem(vcpu.id);
    if (shmem === null) return NO_SHMEM;
    const channel = channelOf(channel_id);
    if (!channel) return NOT_SUPPORTED;
    const [base, count] = [low32(base_attribute_id), low32(attribute_count)];
    if (!fits(count)) return INVALID_PARAM;
    const data = vm.ram.read(shmem, count * ATTRIBUTE_SIZE);
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const values = Array.from({ length: count }, (_, i) => view.getUint32(i * ATTRIBUTE_SIZE, true));
    const settings = writeRange(channel, vm.sbi.MPXY.settings, base, values);
    if ('error' in settings) return settings;
    vm.sbi.MPXY.settings = settings;
    return SUCCESS;
  },

  send_message_with_response: (vm, args, call) => send(vm, args, call, true),
  send_message_without_response: (vm, args, call) => send(vm, args, call, false),

  get_notification_events(vm, { channel_id }, { vcpu }) {
    const shmem = vm.sbi.MPXY.shmem(vcpu.id);
    if (shmem === null) return NO_SHMEM;
    if (!channelOf(channel_id)?.notifies) return NOT_SUPPORTED;
    const { events, remaining, lost } = vm.sbi.MPXY.take(EVENTS_PER_CALL);
    if (vm.sbi.MPXY.settings.reporting) {
      vm.ram.write(shmem + BigInt(MPXY_EVENTS.remaining), word(remaining));
      vm.ram.write(shmem + BigInt(MPXY_EVENTS.returned), word(events.length));
      vm.ram.write(shmem + BigInt(MPXY_EVENTS.lost), word(lost));
    }
    vm.ram.write(shmem + BigInt(MPXY_EVENTS.events), concat(events.map(eventBytes)));
    return { value: BigInt(events.length * EVENT_SIZE) };
  },
};

const fits = (count: number): boolean => count > 0 && count <= SHMEM_SIZE / ATTRIBUTE_SIZE;

interface MessageArguments {
  readonly channel_id: bigint;
  readonly message_id: bigint;
  readonly message_data_len: bigint;
}

function send(vm: VmContext, args: MessageArguments, { vcpu }: Call, responds: boolean) {
  const { channel_id, message_id, message_data_len: length } = args;
  const shmem = vm.sbi.MPXY.shmem(vcpu.id);
  if (shmem === null) return NO_SHMEM;
  const channel = channelOf(channel_id);
  const sends = channel && [...channel.messages.values()].some((message) => message.responds === responds);
  if (!channel || !sends) return NOT_SUPPORTED;
  if (length > BigInt(channel.maxLength)) return INVALID_PARAM;
  const message = channel.messages.get(low32(message_id));
  if (message?.responds !== responds) return NOT_SUPPORTED;
  const response = message.deliver(vm.sbi.MPXY, vm.ram.read(shmem, Number(length)), vm.options.now());
  if ('error' in response) return response;
  vm.ram.write(shmem, response);
  return { value: BigInt(response.length) };
}

/** What get_channel_ids writes into `room` bytes, or null when `start` lies beyond the ids. */
export function channelIds(ids: readonly number[], start: number, room: number): Uint8Array | null {
  if (start > ids.length) return null;
  const most = (room - MPXY_CHANNEL_IDS.ids) / 4;
  const returned = ids.slice(start, start + most);
  const remaining = ids.length - start - returned.length;
  return concat([remaining, returned.length, ...returned].map(word));
}
