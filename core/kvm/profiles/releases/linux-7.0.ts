/** Linux 7.0: Zclsd, Zilsd and Zalasr; AIA and Smstateen registers are absent where the hardware is. */

import type { Release } from '../types.ts';
import { LINUX_6_19 } from './linux-6.19.ts';

export const LINUX_7_0 = {
  ...LINUX_6_19,
  name: '7.0',
  linux: '7.0.0',
  isaExtCount: 78,
  quirks: { ...LINUX_6_19.quirks, aiaRegisters: 'absent', smstateenErrno: 'ENOENT', sipMask: 0x2222n },
} as const satisfies Release;
