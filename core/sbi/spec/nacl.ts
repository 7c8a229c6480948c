/** Nested acceleration. Data only. [SBI 3.0 §15] */
import type { SbiExtension } from '../types.ts';
import { RESERVED_FLAGS, SHMEM_HI, SHMEM_LO } from './arguments.ts';

export const NACL = {
  name: 'NACL',
  eid: [0x4e41434c, 0x4e41434c],
  title: 'Nested acceleration',
  says: 'Lets a hypervisor inside a guest batch its accesses to hypervisor CSRs and its fences through shared memory.',
  chapter: '15',
  since: '2.0',
  category: 'virtualization',
  hot: 'Every entry into and exit from a nested guest.',
  caller:
    'Its caller is a hypervisor that is itself a guest: KVM calls it since Linux 6.13, where it finds it, and provides it to no guest of its own [Linux arch/riscv/kvm/nacl.c].',
  kvm: false,
  vmm: false,
  functions: {
    probe_feature: {
      fid: 0,
      since: '2.0',
      says: 'Whether a feature is there.',
      args: [
        {
          name: 'feature_id',
          type: 'u32',
          values: { SYNC_CSR: 0, SYNC_HFENCE: 1, SYNC_SRET: 2, AUTOSWAP_CSR: 3 },
        },
      ],
      returns: '1 when it is there',
      errors: [],
    },
    set_shmem: {
      fid: 1,
      since: '2.0',
      says: 'Names the memory shared with this hart.',
      args: [SHMEM_LO, SHMEM_HI, RESERVED_FLAGS],
      errors: ['INVALID_PARAM', 'INVALID_ADDRESS', 'FAILED'],
    },
    sync_csr: {
      fid: 2,
      since: '2.0',
      says: 'Carries CSR values over from the shared memory; all ones means every CSR.',
      args: [{ name: 'csr_num', type: 'ulong' }],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'NO_SHMEM'],
    },
    sync_hfence: {
      fid: 3,
      since: '2.0',
      says: 'Carries out fences listed in the shared memory; all ones means every entry.',
      args: [{ name: 'entry_index', type: 'ulong' }],
      errors: ['NOT_SUPPORTED', 'INVALID_PARAM', 'NO_SHMEM'],
    },
    sync_sret: {
      fid: 4,
      since: '2.0',
      says: 'Synchronizes everything and enters the nested guest.',
      args: [],
      errors: ['NOT_SUPPORTED', 'NO_SHMEM'],
      noReturn: true,
    },
  },
} as const satisfies SbiExtension;
