/** Linux 6.9: Ztso and Zacas. */

import type { Release } from '../types.ts';
import { LINUX_6_8 } from './linux-6.8.ts';

export const LINUX_6_9 = {
  ...LINUX_6_8,
  name: '6.9',
  linux: '6.9.0',
  isaExtCount: 54,
} as const satisfies Release;
