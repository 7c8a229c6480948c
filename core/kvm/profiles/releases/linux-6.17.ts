/** Linux 6.17: illegal instructions go to the guest; the ring of dirty pages. */

import type { Release } from '../types.ts';
import { LINUX_6_16 } from './linux-6.16.ts';

export const LINUX_6_17 = {
  ...LINUX_6_16,
  name: '6.17',
  linux: '6.17.0',
  delegatesIllegal: true,
  capabilities: { ...LINUX_6_16.capabilities, 223: 1048576 },
} as const satisfies Release;
