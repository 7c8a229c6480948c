/** Performance monitoring. Data only. [SBI 3.0 §11] */
import type { SbiArgument, SbiExtension } from '../types.ts';
import { RESERVED_FLAGS, SHMEM_HI, SHMEM_LO } from './arguments.ts';

/** By the type field of an event index. [SBI 3.0 §11.1 to §11.6] */
export const PMU_EVENT_TYPES = { HW: 0, CACHE: 1, RAW: 2, RAW_V2: 3, FW: 15 } as const;

/** Codes of general hardware events that are named here. [SBI 3.0 §11.1] */
export const PMU_HARDWARE_EVENTS = { NO_EVENT: 0, CPU_CYCLES: 1, INSTRUCTIONS: 2 } as const;

/** Firmware events in the order of their codes, from 0. [SBI 3.0 §11.6] */
export const PMU_FIRMWARE_EVENTS = [
  'MISALIGNED_LOAD',
  'MISALIGNED_STORE',
  'ACCESS_LOAD',
  'ACCESS_STORE',
  'ILLEGAL_INSN',
  'SET_TIMER',
  'IPI_SENT',
  'IPI_RECEIVED',
  'FENCE_I_SENT',
  'FENCE_I_RECEIVED',
  'SFENCE_VMA_SENT',
  'SFENCE_VMA_RECEIVED',
  'SFENCE_VMA_ASID_SENT',
  'SFENCE_VMA_ASID_RECEIVED',
  'HFENCE_GVMA_SENT',
  'HFENCE_GVMA_RECEIVED',
  'HFENCE_GVMA_VMID_SENT',
  'HFENCE_GVMA_VMID_RECEIVED',
  'HFENCE_VVMA_SENT',
  'HFENCE_VVMA_RECEIVED',
  'HFENCE_VVMA_ASID_SENT',
  'HFENCE_VVMA_ASID_RECEIVED',
] as const;
export type FirmwareEvent = (typeof PMU_FIRMWARE_EVENTS)[number];

/** The snapshot page; offsets and sizes in bytes. [SBI 3.0 §11.14] */
export const PMU_SNAPSHOT = {
  size: 4096,
  /** Bit i belongs to counter counter_idx_base + i. */
  overflow: { offset: 0, size: 8 },
  /** 64 values, in the same order. */
  values: { offset: 8, size: 8 },
} as const;

/** An entry of the list of event_get_info; offsets and sizes in bytes. [SBI 3.0 §11.15] */
export const PMU_EVENT_INFO = {
  size: 16,
  event: { offset: 0, size: 4 },
  output: { offset: 4, size: 4 },
  data: { offset: 8, size: 8 },
} as const;

const COUNTER = { name: 'counter_idx', type: 'ulong' } as const satisfies SbiArgument;
const COUNTER_BASE = { name: 'counter_idx_base', type: 'ulong' } as const satisfies SbiArgument;
const COUNTER_MASK = {
  name: 'counter_idx_mask',
  type: 'flags',
  says: 'Bit i selects counter counter_idx_base + i.',
} as const satisfies SbiArgument;

export const PMU = {
  name: 'PMU',
  eid: [0x504d55, 0x504d55],
  title: 'Performance monitoring unit',
  says: 'Hardware and firmware counters, whose event selectors belong to machine mode.',
  chapter: '11',
  since: '0.3',
  category: 'privilege',
  hot: 'Warm while a profiler runs: context switches and samples.',
  kvm: true,
  vmm: true,
  functions: {
    num_counters: {
      fid: 0,
      since: '0.3',
      says: 'Number of counters of both kinds.',
      args: [],
      returns: 'count',
      errors: [],
    },
    counter_get_info: {
      fid: 1,
      since: '0.3',
      says: 'What a counter is: bits 11:0 CSR number, 17:12 width less one, top bit set for a firmware counter.',
      args: [COUNTER],
      returns: 'description',
      errors: ['INVALID_PARAM'],
    },
    counter_config_matching: {
      fid: 2,
      since: '0.3',
      says: 'Finds and configures a counter of a set for an event.',
      args: [
        COUNTER_BASE,
        COUNTER_MASK,
        {
          name: 'config_flags',
          type: 'flags',
          values: {
            SKIP_MATCH: 1,
            CLEAR_VALUE: 2,
            AUTO_START: 4,
            SET_VUINH: 8,
            SET_VSINH: 16,
            SET_UINH: 32,
            SET_SINH: 64,
            SET_MINH: 128,
          },
        },
        { name: 'event_idx', type: 'ulong' },
        { name: 'event_data', type: 'u64' },
      ],
      returns: 'index of the counter',
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED'],
    },
    counter_start: {
      fid: 3,
      since: '0.3',
      says: 'Starts a set of counters.',
      args: [
        COUNTER_BASE,
        COUNTER_MASK,
        { name: 'start_flags', type: 'flags', values: { SET_INIT_VALUE: 1, INIT_SNAPSHOT: 2 } },
        { name: 'initial_value', type: 'u64' },
      ],
      errors: ['INVALID_PARAM', 'ALREADY_STARTED', 'NO_SHMEM'],
    },
    counter_stop: {
      fid: 4,
      since: '0.3',
      says: 'Stops a set of counters.',
      args: [COUNTER_BASE, COUNTER_MASK, { name: 'stop_flags', type: 'flags', values: { RESET: 1, TAKE_SNAPSHOT: 2 } }],
      errors: ['INVALID_PARAM', 'ALREADY_STOPPED', 'NO_SHMEM'],
    },
    counter_fw_read: {
      fid: 5,
      since: '0.3',
      says: 'Value of a firmware counter.',
      args: [COUNTER],
      returns: 'value',
      errors: ['INVALID_PARAM'],
    },
    counter_fw_read_hi: {
      fid: 6,
      since: '2.0',
      says: 'High half of a firmware counter on RV32; 0 on RV64.',
      args: [COUNTER],
      returns: 'high half',
      errors: ['INVALID_PARAM'],
    },
    snapshot_set_shmem: {
      fid: 7,
      since: '2.0',
      says: 'Names a page in which counter values are handed over.',
      args: [SHMEM_LO, SHMEM_HI, RESERVED_FLAGS],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_ADDRESS', 'FAILED'],
    },
    event_get_info: {
      fid: 8,
      since: '3.0',
      says: 'Says for a list of events in memory which of them can be counted.',
      args: [SHMEM_LO, SHMEM_HI, { name: 'num_entries', type: 'ulong' }, RESERVED_FLAGS],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'INVALID_ADDRESS', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
