/** Linux 5.19: ISA_EXT registers; HFENCE calls succeed and do nothing. */

import type { Release } from '../types.ts';
import { LINUX_5_18 } from './linux-5.18.ts';

export const LINUX_5_19 = {
  ...LINUX_5_18,
  name: '5.19',
  linux: '5.19.0',
  sbiVersion: '1.0',
  isaExtCount: 7,
  quirks: { ...LINUX_5_18.quirks, hfence: 'SUCCESS' },
  capabilities: { ...LINUX_5_18.capabilities, 215: 1 },
} as const satisfies Release;
