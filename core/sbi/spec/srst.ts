/** System reset. Data only. [SBI 3.0 §10] */
import type { SbiExtension } from '../types.ts';

export const SRST = {
  name: 'SRST',
  eid: [0x53525354, 0x53525354],
  title: 'System reset',
  says: 'Powers the whole machine off or restarts it.',
  chapter: '10',
  since: '0.3',
  category: 'platform',
  hot: null,
  kvm: true,
  vmm: true,
  functions: {
    system_reset: {
      fid: 0,
      since: '0.3',
      says: 'Shuts down or reboots; it comes back only when it refuses.',
      args: [
        {
          name: 'reset_type',
          type: 'u32',
          values: { SHUTDOWN: 0, COLD_REBOOT: 1, WARM_REBOOT: 2 },
        },
        {
          name: 'reset_reason',
          type: 'u32',
          values: { NONE: 0, SYSTEM_FAILURE: 1 },
        },
      ],
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'FAILED'],
      noReturn: true,
    },
  },
} as const satisfies SbiExtension;
