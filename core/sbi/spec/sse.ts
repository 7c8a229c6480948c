/** Supervisor software events. Data only. [SBI 3.0 §17] */
import type { SbiArgument, SbiExtension } from '../types.ts';

const EVENT = { name: 'event_id', type: 'u32' } as const satisfies SbiArgument;
const ATTRIBUTES = [
  EVENT,
  { name: 'base_attr_id', type: 'u32' },
  { name: 'attr_count', type: 'u32' },
  { name: 'phys_lo', type: 'gpa-lo' },
  { name: 'phys_hi', type: 'gpa-hi' },
] as const satisfies readonly SbiArgument[];

export const SSE = {
  name: 'SSE',
  eid: [0x535345, 0x535345],
  title: 'Supervisor software events',
  says: 'Events that reach the supervisor even with interrupts off: memory errors, page faults of the host, counter overflow.',
  chapter: '17',
  since: '3.0',
  category: 'privilege',
  hot: 'As often as the event it is used for.',
  kvm: false,
  vmm: false,
  functions: {
    read_attrs: {
      fid: 0,
      since: '3.0',
      says: 'Reads attributes of an event into memory.',
      args: ATTRIBUTES,
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'BAD_RANGE', 'INVALID_ADDRESS', 'FAILED'],
    },
    write_attrs: {
      fid: 1,
      since: '3.0',
      says: 'Writes attributes of an event from memory.',
      args: ATTRIBUTES,
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_STATE', 'BAD_RANGE', 'INVALID_ADDRESS', 'DENIED', 'FAILED'],
    },
    register: {
      fid: 2,
      since: '3.0',
      says: 'Names the handler of an event.',
      args: [EVENT, { name: 'handler_entry_pc', type: 'gva' }, { name: 'handler_entry_arg', type: 'ulong' }],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_STATE'],
    },
    unregister: {
      fid: 3,
      since: '3.0',
      says: 'Withdraws the handler of an event.',
      args: [EVENT],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_STATE'],
    },
    enable: {
      fid: 4,
      since: '3.0',
      says: 'Lets a registered event happen.',
      args: [EVENT],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_STATE'],
    },
    disable: {
      fid: 5,
      since: '3.0',
      says: 'Holds an event back.',
      args: [EVENT],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_STATE'],
    },
    complete: {
      fid: 6,
      since: '3.0',
      says: 'Ends a handler and goes back to what it interrupted.',
      args: [],
      errors: [],
    },
    inject: {
      fid: 7,
      since: '3.0',
      says: 'Makes a software event happen on a hart.',
      args: [EVENT, { name: 'hart_id', type: 'hart' }],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'FAILED'],
    },
    hart_unmask: {
      fid: 8,
      since: '3.0',
      says: 'Lets events reach the calling hart.',
      args: [],
      errors: ['ALREADY_STARTED', 'FAILED'],
    },
    hart_mask: {
      fid: 9,
      since: '3.0',
      says: 'Keeps events from the calling hart.',
      args: [],
      errors: ['ALREADY_STOPPED', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
