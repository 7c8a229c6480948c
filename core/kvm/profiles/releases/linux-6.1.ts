/** Linux 6.1 (long-term; the figures are those of 6.1.192): guests get Svinval, Zihintpause and Zicbom; HFENCE calls are refused, as since 6.16. */

import type { Release } from '../types.ts';
import { LINUX_6_0 } from './linux-6.0.ts';

export const LINUX_6_1 = {
  ...LINUX_6_0,
  name: '6.1',
  linux: '6.1.192',
  isaExtCount: 12,
  blockSizes: ['ZICBOM'],
  quirks: { ...LINUX_6_0.quirks, hfence: 'NOT_SUPPORTED' },
  provenance: {
    extensions: 'measured',
    answers: 'measured',
    registers: 'measured',
    legacy: 'measured',
    timerState: 'source',
    counters: 'source',
  },
} as const satisfies Release;
