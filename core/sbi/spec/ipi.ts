/** Inter-processor interrupts. Data only. [SBI 3.0 §7] */
import type { SbiExtension } from '../types.ts';
import { HART_MASK, HART_MASK_BASE } from './arguments.ts';

export const IPI = {
  name: 'IPI',
  eid: [0x735049, 0x735049],
  title: 'Inter-processor interrupt',
  says: 'Raises the supervisor software interrupt of other harts.',
  chapter: '7',
  since: '0.2',
  category: 'isa-gap',
  hot: 'Every kick of another hart, unless an IMSIC takes them.',
  kvm: true,
  vmm: true,
  functions: {
    send_ipi: {
      fid: 0,
      since: '0.2',
      says: 'Raises sip.SSIP on the harts of the mask.',
      args: [HART_MASK, HART_MASK_BASE],
      errors: ['INVALID_PARAM', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
