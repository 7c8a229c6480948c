/** Linux 6.0: guests get Svpbmt and Sstc. */

import type { Release } from '../types.ts';
import { LINUX_5_19 } from './linux-5.19.ts';

export const LINUX_6_0 = {
  ...LINUX_5_19,
  name: '6.0',
  linux: '6.0.0',
  isaExtCount: 9,
} as const satisfies Release;
