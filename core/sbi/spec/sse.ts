/** Supervisor software events. Data only. [SBI 3.0 §17] */
import type { SbiArgument, SbiExtension } from '../types.ts';

/** The standard events. Other ids with bit 14 clear are reserved. [SBI 3.0 §17.1] */
export const SSE_EVENTS = {
  LOCAL_HIGH_PRIO_RAS: 0x0000_0000,
  LOCAL_DOUBLE_TRAP: 0x0000_0001,
  GLOBAL_HIGH_PRIO_RAS: 0x0000_8000,
  LOCAL_PMU_OVERFLOW: 0x0001_0000,
  LOCAL_LOW_PRIO_RAS: 0x0010_0000,
  GLOBAL_LOW_PRIO_RAS: 0x0010_8000,
  LOCAL_SOFTWARE: 0xffff_0000,
  GLOBAL_SOFTWARE: 0xffff_8000,
} as const;
export const SSE_EVENT_PLATFORM = 1n << 14n;
export const SSE_EVENT_GLOBAL = 1n << 15n;

/** Events of the platform that the VMM of Ecall makes, in the range that is least urgent. */
export const SSE_PLATFORM_EVENTS = {
  CONSOLE_INPUT: 0xffff_c000,
} as const;

/** By id, each XLEN bits wide. [SBI 3.0 §17.4] */
export const SSE_ATTRIBUTES = {
  STATUS: 0,
  PRIORITY: 1,
  CONFIG: 2,
  PREFERRED_HART: 3,
  ENTRY_PC: 4,
  ENTRY_ARG: 5,
  INTERRUPTED_SEPC: 6,
  INTERRUPTED_FLAGS: 7,
  INTERRUPTED_A6: 8,
  INTERRUPTED_A7: 9,
} as const;
export type SseAttribute = keyof typeof SSE_ATTRIBUTES;

/** STATUS bits 1:0. [SBI 3.0 §17.2, §17.4] */
export const SSE_STATES = { UNUSED: 0, REGISTERED: 1, ENABLED: 2, RUNNING: 3 } as const;
export type SseState = keyof typeof SSE_STATES;
export const SSE_STATUS_PENDING = 1n << 2n;
export const SSE_STATUS_INJECTABLE = 1n << 3n;
export const SSE_CONFIG_ONESHOT = 1n << 0n;
/** INTERRUPTED_FLAGS: bits of sstatus and hstatus before the event. */
export const SSE_FLAGS = {
  SPP: 1n << 0n,
  SPIE: 1n << 1n,
  SPV: 1n << 2n,
  SPVP: 1n << 3n,
  SPELP: 1n << 4n,
  SDT: 1n << 5n,
} as const;

const EVENT = {
  name: 'event_id',
  type: 'u32',
  says: 'Bit 14: an event of the platform. Bit 15: global, one for all harts.',
  values: { ...SSE_EVENTS, ...SSE_PLATFORM_EVENTS },
} as const satisfies SbiArgument;
const FIRST = { name: 'base_attr_id', type: 'u32', values: SSE_ATTRIBUTES } as const satisfies SbiArgument;
const COUNT = { name: 'attr_count', type: 'u32' } as const satisfies SbiArgument;

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
  vmm: true,
  functions: {
    read_attrs: {
      fid: 0,
      since: '3.0',
      says: 'Reads attributes of an event into memory.',
      args: [
        EVENT,
        FIRST,
        COUNT,
        { name: 'output_phys_lo', type: 'gpa-lo', says: 'Eight bytes for each attribute, aligned to eight.' },
        { name: 'output_phys_hi', type: 'gpa-hi' },
      ],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'BAD_RANGE', 'INVALID_ADDRESS', 'FAILED'],
    },
    write_attrs: {
      fid: 1,
      since: '3.0',
      says: 'Writes attributes of an event from memory.',
      args: [
        EVENT,
        FIRST,
        COUNT,
        { name: 'input_phys_lo', type: 'gpa-lo', says: 'Eight bytes for each attribute, aligned to eight.' },
        { name: 'input_phys_hi', type: 'gpa-hi' },
      ],
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
      resumes: true,
    },
    inject: {
      fid: 7,
      since: '3.0',
      says: 'Makes an event happen, where it can be injected: a local one on a hart, a global one on some hart.',
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
