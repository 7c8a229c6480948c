/** Message proxy. Data only. [SBI 3.0 §20] */
import type { SbiArgument, SbiExtension } from '../types.ts';
import { SHMEM_HI, SHMEM_LO } from './arguments.ts';

/** The address of shared memory is a multiple of it, and so is its size. [SBI 3.0 §20.5, §20.6] */
export const MPXY_SHMEM_UNIT = 4096;

/** Attributes that every channel has; they are 32 bits wide. [SBI 3.0 §20.3] */
export const MPXY_ATTRIBUTES = {
  MSG_PROT_ID: { id: 0x0, access: 'read' },
  MSG_PROT_VERSION: { id: 0x1, access: 'read' },
  MSG_DATA_MAX_LEN: { id: 0x2, access: 'read' },
  MSG_SEND_TIMEOUT: { id: 0x3, access: 'read' },
  MSG_COMPLETION_TIMEOUT: { id: 0x4, access: 'read' },
  CHANNEL_CAPABILITY: { id: 0x5, access: 'read' },
  SSE_EVENT_ID: { id: 0x6, access: 'read' },
  MSI_CONTROL: { id: 0x7, access: 'read-write' },
  MSI_ADDR_LOW: { id: 0x8, access: 'read-write' },
  MSI_ADDR_HIGH: { id: 0x9, access: 'read-write' },
  MSI_DATA: { id: 0xa, access: 'read-write' },
  EVENTS_STATE_CONTROL: { id: 0xb, access: 'read-write' },
} as const;

/** From here on attributes belong to the message protocol; those between are reserved. [SBI 3.0 §20.3] */
export const MPXY_PROTOCOL_ATTRIBUTES = 0x8000_0000;
/** From here on message protocols are a vendor's own. [SBI 3.0 §20.4] */
export const MPXY_VENDOR_PROTOCOLS = 0x8000_0000;

/** Bits of CHANNEL_CAPABILITY. [SBI 3.0 §20.3] */
export const MPXY_CAPABILITIES = {
  MSI: 1 << 0,
  SSE: 1 << 1,
  EVENTS_STATE: 1 << 2,
  SEND_WITH_RESPONSE: 1 << 3,
  SEND_WITHOUT_RESPONSE: 1 << 4,
  GET_NOTIFICATIONS: 1 << 5,
} as const;

/** What get_channel_ids writes: two counts, then the ids, 4 bytes each. [SBI 3.0 §20.7] */
export const MPXY_CHANNEL_IDS = { remaining: 0, returned: 4, ids: 8 } as const;
/** What get_notification_events writes: three counts when they are enabled, then the events. [SBI 3.0 §20.12] */
export const MPXY_EVENTS = { remaining: 0, returned: 4, lost: 8, events: 16 } as const;

const CHANNEL = { name: 'channel_id', type: 'u32' } as const satisfies SbiArgument;
const ATTRIBUTES = [
  CHANNEL,
  { name: 'base_attribute_id', type: 'u32' },
  { name: 'attribute_count', type: 'u32' },
] as const satisfies readonly SbiArgument[];
const MESSAGE = [
  CHANNEL,
  { name: 'message_id', type: 'u32' },
  { name: 'message_data_len', type: 'bytes' },
] as const satisfies readonly SbiArgument[];

const SHMEM_FLAGS = {
  name: 'flags',
  type: 'flags',
  says: 'What comes of the old area: 0 forgets it, 1 writes its address to the new one.',
  values: { OVERWRITE_RETURN: 1 },
} as const satisfies SbiArgument;

export const MPXY = {
  name: 'MPXY',
  eid: [0x4d505859, 0x4d505859],
  title: 'Message proxy',
  says: 'Channels to platform controllers, for messages of protocols such as RPMI.',
  chapter: '20',
  since: '3.0',
  category: 'platform',
  hot: 'Warm: the drivers that talk over its channels.',
  kvm: false,
  vmm: true,
  functions: {
    get_shmem_size: {
      fid: 0,
      since: '3.0',
      says: 'Size of the shared memory of a hart.',
      args: [],
      returns: 'size in bytes',
      errors: [],
    },
    set_shmem: {
      fid: 1,
      since: '3.0',
      says: 'Names the shared memory of the calling hart; on request the address of the old one is written to it.',
      args: [SHMEM_LO, SHMEM_HI, SHMEM_FLAGS],
      errors: ['INVALID_PARAM', 'INVALID_ADDRESS', 'FAILED'],
    },
    get_channel_ids: {
      fid: 2,
      since: '3.0',
      says: 'Lists the channels into shared memory.',
      args: [{ name: 'start_index', type: 'u32' }],
      errors: ['INVALID_PARAM', 'NO_SHMEM', 'DENIED', 'FAILED'],
    },
    read_attributes: {
      fid: 3,
      since: '3.0',
      says: 'Reads attributes of a channel.',
      args: ATTRIBUTES,
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'BAD_RANGE', 'NO_SHMEM', 'FAILED'],
    },
    write_attributes: {
      fid: 4,
      since: '3.0',
      says: 'Writes attributes of a channel.',
      args: ATTRIBUTES,
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'BAD_RANGE', 'NO_SHMEM', 'DENIED', 'FAILED'],
    },
    send_message_with_response: {
      fid: 5,
      since: '3.0',
      says: 'Sends a message and waits for its response.',
      args: MESSAGE,
      returns: 'length of the response',
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'NO_SHMEM', 'TIMEOUT', 'IO', 'FAILED'],
    },
    send_message_without_response: {
      fid: 6,
      since: '3.0',
      says: 'Sends a message that has no response.',
      args: MESSAGE,
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'NO_SHMEM', 'TIMEOUT', 'IO', 'FAILED'],
    },
    get_notification_events: {
      fid: 7,
      since: '3.0',
      says: 'Fetches notifications of a channel into shared memory.',
      args: [CHANNEL],
      returns: 'bytes of events',
      errors: ['NOT_SUPPORTED', 'NO_SHMEM', 'IO', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
