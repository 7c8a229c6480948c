/** Linux 6.15: Zaamo and Zalrsc. */

import type { Release } from '../types.ts';
import { LINUX_6_14 } from './linux-6.14.ts';

export const LINUX_6_15 = {
  ...LINUX_6_14,
  name: '6.15',
  linux: '6.15.0',
  isaExtCount: 71,
} as const satisfies Release;
