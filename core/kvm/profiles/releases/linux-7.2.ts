/** Linux 7.2 (the figures are those of 7.2.13, measured with the legacy calls and without them). */

import type { Release } from '../types.ts';
import { LINUX_7_1 } from './linux-7.1.ts';

export const LINUX_7_2 = {
  ...LINUX_7_1,
  name: '7.2',
  linux: '7.2.13',
  quirks: {
    ...LINUX_7_1.quirks,
    missingHart: 'INVALID_PARAM',
    fetchOutside: 'access-fault',
    absentBlockSize: 'zero',
  },
  capabilities: { ...LINUX_7_1.capabilities, 168: 3 },
  enables: { ...LINUX_7_1.enables, 207: 'EBUSY' },
  provenance: {
    extensions: 'measured',
    answers: 'measured',
    counters: 'measured',
    registers: 'measured',
    legacy: 'measured',
    timerState: 'source',
  },
} as const satisfies Release;
