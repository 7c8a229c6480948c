/** Steal-time accounting. Data only. [SBI 3.0 §16] */
import type { SbiExtension } from '../types.ts';
import { RESERVED_FLAGS, SHMEM_HI, SHMEM_LO } from './arguments.ts';

/** The 64-byte area of one hart; offsets and sizes in bytes. [SBI 3.0 §16.1] */
export const STA_AREA = {
  size: 64,
  sequence: { offset: 0, size: 4 },
  flags: { offset: 4, size: 4 },
  steal: { offset: 8, size: 8 },
  preempted: { offset: 16, size: 1 },
} as const;

export const STA = {
  name: 'STA',
  eid: [0x535441, 0x535441],
  title: 'Steal-time accounting',
  says: 'Tells each hart through shared memory how long it was ready to run while the host ran something else.',
  chapter: '16',
  since: '2.0',
  category: 'virtualization',
  hot: 'The call comes once per hart; the shared area is updated often.',
  kvm: true,
  vmm: true,
  functions: {
    steal_time_set_shmem: {
      fid: 0,
      since: '2.0',
      says: 'Names the 64-byte area of the calling hart, which is zeroed first; all ones in both halves stops reporting.',
      args: [SHMEM_LO, SHMEM_HI, RESERVED_FLAGS],
      errors: ['INVALID_PARAM', 'INVALID_ADDRESS', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
