/** Linux 6.1: guests get Svinval, Zihintpause and Zicbom. */

import type { Release } from '../types.ts';
import { LINUX_6_0 } from './linux-6.0.ts';

export const LINUX_6_1 = {
  ...LINUX_6_0,
  name: '6.1',
  linux: '6.1.0',
  isaExtCount: 12,
  blockSizes: ['ZICBOM'],
} as const satisfies Release;
