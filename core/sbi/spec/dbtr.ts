/** Debug triggers. Data only. [SBI 3.0 §19] */
import type { SbiArgument, SbiExtension } from '../types.ts';
import { RESERVED_FLAGS, SHMEM_HI, SHMEM_LO } from './arguments.ts';

const INDEX_BASE = { name: 'trig_idx_base', type: 'ulong' } as const satisfies SbiArgument;
const INDEX_MASK = { name: 'trig_idx_mask', type: 'flags' } as const satisfies SbiArgument;
const COUNT = { name: 'trig_count', type: 'ulong' } as const satisfies SbiArgument;

/** Bits of trig_state, and from where on it has hw_trig_idx. [SBI 3.0 §19, table "Debug Trigger State Fields"] */
export const DBTR_STATE = {
  MAPPED: 0x01,
  U: 0x02,
  S: 0x04,
  VU: 0x08,
  VS: 0x10,
  HAVE_HW_TRIG: 0x20,
  HW_TRIG_IDX_SHIFT: 8,
} as const;

export const DBTR = {
  name: 'DBTR',
  eid: [0x44425452, 0x44425452],
  title: 'Debug triggers',
  says: 'Hardware breakpoints and watchpoints, whose registers belong to machine mode.',
  chapter: '19',
  since: '3.0',
  category: 'privilege',
  hot: null,
  kvm: false,
  vmm: true,
  functions: {
    num_triggers: {
      fid: 0,
      since: '3.0',
      says: 'Number of triggers that can do what tdata1 asks; 0 asks for all.',
      args: [{ name: 'trig_tdata1', type: 'ulong' }],
      returns: 'count',
      errors: [],
    },
    set_shmem: {
      fid: 1,
      since: '3.0',
      says: 'Names the memory through which trigger settings are handed over.',
      args: [SHMEM_LO, SHMEM_HI, RESERVED_FLAGS],
      errors: ['INVALID_PARAM', 'INVALID_ADDRESS', 'FAILED'],
    },
    read_triggers: {
      fid: 2,
      since: '3.0',
      says: 'Reads settings of triggers.',
      args: [INDEX_BASE, COUNT],
      errors: ['NO_SHMEM', 'BAD_RANGE'],
    },
    install_triggers: {
      fid: 3,
      since: '3.0',
      says: 'Finds triggers for settings and arms them.',
      args: [COUNT],
      errors: ['NO_SHMEM', 'BAD_RANGE', 'INVALID_PARAM', 'FAILED', 'NOT_SUPPORTED'],
    },
    update_triggers: {
      fid: 4,
      since: '3.0',
      says: 'Changes settings of installed triggers.',
      args: [COUNT],
      errors: ['NO_SHMEM', 'BAD_RANGE', 'INVALID_PARAM', 'FAILED', 'NOT_SUPPORTED'],
    },
    uninstall_triggers: {
      fid: 5,
      since: '3.0',
      says: 'Frees triggers.',
      args: [INDEX_BASE, INDEX_MASK],
      errors: ['INVALID_PARAM'],
    },
    enable_triggers: {
      fid: 6,
      since: '3.0',
      says: 'Arms triggers.',
      args: [INDEX_BASE, INDEX_MASK],
      errors: ['INVALID_PARAM'],
    },
    disable_triggers: {
      fid: 7,
      since: '3.0',
      says: 'Disarms triggers.',
      args: [INDEX_BASE, INDEX_MASK],
      errors: ['INVALID_PARAM'],
    },
  },
} as const satisfies SbiExtension;
