/** Message proxy. Data only. [SBI 3.0 §20] */
import type { SbiArgument, SbiExtension } from '../types.ts';
import { RESERVED_FLAGS, SHMEM_HI, SHMEM_LO } from './arguments.ts';

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
  vmm: false,
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
      says: 'Names the shared memory of the calling hart.',
      args: [SHMEM_LO, SHMEM_HI, RESERVED_FLAGS],
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
