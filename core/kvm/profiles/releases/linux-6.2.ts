/** Linux 6.2: the machine ids can be set. */

import type { Release } from '../types.ts';
import { LINUX_6_1 } from './linux-6.1.ts';

export const LINUX_6_2 = {
  ...LINUX_6_1,
  name: '6.2',
  linux: '6.2.0',
  quirks: { ...LINUX_6_1.quirks, identityRegisters: true },
} as const satisfies Release;
