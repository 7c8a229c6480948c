/** Linux 6.4: registers that switch SBI extensions; Zicboz, Zbb and Ssaia. */

import type { Release } from '../types.ts';
import { LINUX_6_3 } from './linux-6.3.ts';

export const LINUX_6_4 = {
  ...LINUX_6_3,
  name: '6.4',
  linux: '6.4.0',
  isaExtCount: 15,
  blockSizes: ['ZICBOM', 'ZICBOZ'],
  quirks: { ...LINUX_6_3.quirks, sbiRegisters: 'present' },
} as const satisfies Release;
