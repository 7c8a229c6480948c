/** Linux 6.11: Zimop, Zca, Zcb, Zcd, Zcf, Zcmop and Zawrs; a vcpu that sleeps long polls half as long the next time. */

import type { Release } from '../types.ts';
import { LINUX_6_10 } from './linux-6.10.ts';

export const LINUX_6_11 = {
  ...LINUX_6_10,
  name: '6.11',
  linux: '6.11.0',
  isaExtCount: 62,
  quirks: { ...LINUX_6_10.quirks, haltPollShrink: 2 },
} as const satisfies Release;
