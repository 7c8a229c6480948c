/** Linux 6.2: the machine ids can be set; its first release, without the fixes that 6.1 got later. */

import { UNMEASURED } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_0 } from './linux-6.0.ts';
import { LINUX_6_1 } from './linux-6.1.ts';

export const LINUX_6_2 = {
  ...LINUX_6_1,
  name: '6.2',
  linux: '6.2.0',
  quirks: { ...LINUX_6_0.quirks, identityRegisters: true },
  provenance: UNMEASURED,
} as const satisfies Release;
