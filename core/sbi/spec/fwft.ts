/** Firmware features. Data only. [SBI 3.0 §18] */
import type { SbiArgument, SbiExtension } from '../types.ts';

const FEATURE = {
  name: 'feature',
  type: 'u32',
  values: {
    MISALIGNED_EXC_DELEG: 0,
    LANDING_PAD: 1,
    SHADOW_STACK: 2,
    DOUBLE_TRAP: 3,
    PTE_AD_HW_UPDATING: 4,
    POINTER_MASKING_PMLEN: 5,
  },
} as const satisfies SbiArgument;

export const FWFT = {
  name: 'FWFT',
  eid: [0x46574654, 0x46574654],
  title: 'Firmware features',
  says: 'Switches of the hardware that only machine mode can reach, set per hart by the supervisor.',
  chapter: '18',
  since: '3.0',
  category: 'privilege',
  hot: null,
  kvm: true,
  vmm: true,
  functions: {
    set: {
      fid: 0,
      since: '3.0',
      says: 'Sets a feature, and may lock it until reset.',
      args: [FEATURE, { name: 'value', type: 'ulong' }, { name: 'flags', type: 'flags', values: { LOCK: 1 } }],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'DENIED', 'DENIED_LOCKED', 'FAILED'],
    },
    get: {
      fid: 1,
      since: '3.0',
      says: 'Reads a feature.',
      args: [FEATURE],
      returns: 'value',
      errors: ['NOT_SUPPORTED', 'DENIED', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
