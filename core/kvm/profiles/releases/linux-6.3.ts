/** Linux 6.3: PMU; hart_get_status of an absent hart succeeds; illegal instructions no longer end KVM_RUN; counters but time trap. */
import { PMU } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_2 } from './linux-6.2.ts';

export const LINUX_6_3 = {
  ...LINUX_6_2,
  name: '6.3',
  linux: '6.3.0',
  extensions: { ...LINUX_6_2.extensions, PMU },
  lacks: { PMU: ['counter_fw_read_hi', 'snapshot_set_shmem', 'event_get_info'] },
  quirks: {
    ...LINUX_6_2.quirks,
    missingHart: 'STARTED',
    counters: 'time',
    illegal: 'redirected',
    exitsClearA1: false,
    aiaRegisters: 'zero',
  },
} as const satisfies Release;
