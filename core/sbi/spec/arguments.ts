/** Arguments that several SBI functions share. Data only. [SBI 3.0 §3.1, §3.2] */
import type { SbiArgument } from '../types.ts';

export const HART_MASK = {
  name: 'hart_mask',
  type: 'hart-mask',
  says: 'Bit i selects hart hart_mask_base + i.',
} as const satisfies SbiArgument;

export const HART_MASK_BASE = {
  name: 'hart_mask_base',
  type: 'hart-base',
  says: 'First hart of the mask; all ones selects every hart and ignores the mask.',
} as const satisfies SbiArgument;

export const HARTID = { name: 'hartid', type: 'hart' } as const satisfies SbiArgument;

export const START_ADDR = {
  name: 'start_addr',
  type: 'gva',
  says: 'First virtual address; 0 together with size 0 means the whole address space.',
} as const satisfies SbiArgument;

export const SIZE = {
  name: 'size',
  type: 'bytes',
  says: 'Length of the range; all ones means the whole address space.',
} as const satisfies SbiArgument;

export const OPAQUE = { name: 'opaque', type: 'ulong', says: 'Handed over in a1.' } as const satisfies SbiArgument;

export const SHMEM_LO = {
  name: 'shmem_phys_lo',
  type: 'gpa-lo',
  says: 'Low 64 bits of the physical address; all ones in both halves withdraws the area.',
} as const satisfies SbiArgument;

export const SHMEM_HI = {
  name: 'shmem_phys_hi',
  type: 'gpa-hi',
  says: 'High bits of the physical address, 0 for every address that RV64 can have.',
} as const satisfies SbiArgument;

export const RESERVED_FLAGS = { name: 'flags', type: 'flags', says: 'Reserved, 0.' } as const satisfies SbiArgument;

export const BASE_ADDR_LO = { name: 'base_addr_lo', type: 'gpa-lo' } as const satisfies SbiArgument;
export const BASE_ADDR_HI = { name: 'base_addr_hi', type: 'gpa-hi' } as const satisfies SbiArgument;
