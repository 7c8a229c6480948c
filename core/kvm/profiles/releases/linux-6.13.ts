/** Linux 6.13: Svade, Svadu, Smnpm and Ssnpm; its first release, without the fixes that 6.12 got later. */

import type { Release } from '../types.ts';
import { LINUX_6_11 } from './linux-6.11.ts';

export const LINUX_6_13 = {
  ...LINUX_6_11,
  name: '6.13',
  linux: '6.13.0',
  isaExtCount: 66,
} as const satisfies Release;
