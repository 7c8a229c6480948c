/** Remote fences. Data only. [SBI 3.0 §8] */
import type { SbiExtension } from '../types.ts';
import { HART_MASK, HART_MASK_BASE, SIZE, START_ADDR } from './arguments.ts';

const GUEST_START = { name: 'start_addr', type: 'gpa' } as const;

export const RFENCE = {
  name: 'RFENCE',
  eid: [0x52464e43, 0x52464e43],
  title: 'Remote fence',
  says: 'Fences on other harts: instruction fetch, address translation, and the two stages of a hypervisor.',
  chapter: '8',
  since: '0.2',
  category: 'isa-gap',
  hot: 'Every change of a mapping or of code that other harts may have cached, unless IPIs through an IMSIC do it.',
  kvm: true,
  vmm: true,
  functions: {
    remote_fence_i: {
      fid: 0,
      since: '0.2',
      says: 'FENCE.I on the harts of the mask.',
      args: [HART_MASK, HART_MASK_BASE],
      errors: ['INVALID_PARAM', 'FAILED'],
    },
    remote_sfence_vma: {
      fid: 1,
      since: '0.2',
      says: 'SFENCE.VMA for a range, in all address spaces.',
      args: [HART_MASK, HART_MASK_BASE, START_ADDR, SIZE],
      errors: ['INVALID_ADDRESS', 'INVALID_PARAM', 'FAILED'],
    },
    remote_sfence_vma_asid: {
      fid: 2,
      since: '0.2',
      says: 'SFENCE.VMA for a range, in one address space.',
      args: [HART_MASK, HART_MASK_BASE, START_ADDR, SIZE, { name: 'asid', type: 'ulong' }],
      errors: ['INVALID_ADDRESS', 'INVALID_PARAM', 'FAILED'],
    },
    remote_hfence_gvma_vmid: {
      fid: 3,
      since: '0.2',
      says: 'HFENCE.GVMA for a guest-physical range, for one VMID. Needs the hypervisor extension.',
      args: [HART_MASK, HART_MASK_BASE, GUEST_START, SIZE, { name: 'vmid', type: 'ulong' }],
      errors: ['NOT_SUPPORTED', 'INVALID_ADDRESS', 'INVALID_PARAM', 'FAILED'],
    },
    remote_hfence_gvma: {
      fid: 4,
      since: '0.2',
      says: 'HFENCE.GVMA for a guest-physical range, for all VMIDs. Needs the hypervisor extension.',
      args: [HART_MASK, HART_MASK_BASE, GUEST_START, SIZE],
      errors: ['NOT_SUPPORTED', 'INVALID_ADDRESS', 'INVALID_PARAM', 'FAILED'],
    },
    remote_hfence_vvma_asid: {
      fid: 5,
      since: '0.2',
      says: 'HFENCE.VVMA for a range of the current VMID, in one address space. Needs the hypervisor extension.',
      args: [HART_MASK, HART_MASK_BASE, START_ADDR, SIZE, { name: 'asid', type: 'ulong' }],
      errors: ['NOT_SUPPORTED', 'INVALID_ADDRESS', 'INVALID_PARAM', 'FAILED'],
    },
    remote_hfence_vvma: {
      fid: 6,
      since: '0.2',
      says: 'HFENCE.VVMA for a range of the current VMID, in all address spaces. Needs the hypervisor extension.',
      args: [HART_MASK, HART_MASK_BASE, START_ADDR, SIZE],
      errors: ['NOT_SUPPORTED', 'INVALID_ADDRESS', 'INVALID_PARAM', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
