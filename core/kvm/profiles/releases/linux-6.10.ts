/** Linux 6.10: PMU snapshots and overflow; guest breakpoints for user space. */

import type { Release } from '../types.ts';
import { LINUX_6_9 } from './linux-6.9.ts';

export const LINUX_6_10 = {
  ...LINUX_6_9,
  name: '6.10',
  linux: '6.10.0',
  isaExtCount: 55,
  lacks: { PMU: ['event_get_info'] },
  quirks: { ...LINUX_6_9.quirks, sipMask: 0x6222n },
  capabilities: { ...LINUX_6_9.capabilities, 23: 1 },
} as const satisfies Release;
