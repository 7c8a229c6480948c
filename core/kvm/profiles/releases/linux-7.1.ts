/** Linux 7.1: PMU calls check what they index with. */

import type { Release } from '../types.ts';
import { LINUX_7_0 } from './linux-7.0.ts';

export const LINUX_7_1 = {
  ...LINUX_7_0,
  name: '7.1',
  linux: '7.1.0',
  quirks: { ...LINUX_7_0.quirks, pmuUnconfigured: 'INVALID_PARAM', pmuBase: 'checked' },
} as const satisfies Release;
