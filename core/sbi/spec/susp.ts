/** System suspend. Data only. [SBI 3.0 §13] */
import type { SbiExtension } from '../types.ts';
import { OPAQUE } from './arguments.ts';

export const SUSP = {
  name: 'SUSP',
  eid: [0x53555350, 0x53555350],
  title: 'System suspend',
  says: 'Puts the whole machine to sleep; every other hart has to be stopped.',
  chapter: '13',
  since: '2.0',
  category: 'platform',
  hot: null,
  kvm: true,
  vmm: true,
  functions: {
    system_suspend: {
      fid: 0,
      since: '2.0',
      says: 'Suspends and resumes at an address: MMU and interrupts off, hart id in a0.',
      args: [
        { name: 'sleep_type', type: 'u32', values: { SUSPEND_TO_RAM: 0 } },
        { name: 'resume_addr', type: 'gpa' },
        OPAQUE,
      ],
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'INVALID_ADDRESS', 'DENIED', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
