/** Linux 6.12 (long-term; the figures are those of 6.12.107, which has fixes of 6.14 and 6.16). */

import type { Release } from '../types.ts';
import { LINUX_6_11 } from './linux-6.11.ts';

export const LINUX_6_12 = {
  ...LINUX_6_11,
  name: '6.12',
  linux: '6.12.107',
  quirks: {
    ...LINUX_6_11.quirks,
    ipiToAbsent: 'INVALID_PARAM',
    unknownTimeIpi: 'NOT_SUPPORTED',
    hfence: 'NOT_SUPPORTED',
    hartSuspend: 'low 32 bits',
    suspendedStatus: 'SUSPENDED',
  },
  fixes: [{ since: '6.12.112', quirks: { missingHart: 'INVALID_PARAM' } }],
  provenance: {
    extensions: 'measured',
    answers: 'measured',
    counters: 'measured',
    registers: 'measured',
    legacy: 'measured',
    timerState: 'source',
  },
} as const satisfies Release;
