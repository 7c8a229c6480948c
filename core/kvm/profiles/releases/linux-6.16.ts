/** Linux 6.16: user space can reset a vcpu; scounteren starts at 0; HFENCE calls are refused again; misaligned accesses are asked of the firmware. */

import type { Release } from '../types.ts';
import { LINUX_6_15 } from './linux-6.15.ts';

export const LINUX_6_16 = {
  ...LINUX_6_15,
  name: '6.16',
  linux: '6.16.0',
  scounteren: 0n,
  enables: { ...LINUX_6_15.enables, 242: 0 },
  quirks: { ...LINUX_6_15.quirks, startedHartId: 'own', hfence: 'NOT_SUPPORTED', takesMisaligned: true },
} as const satisfies Release;
