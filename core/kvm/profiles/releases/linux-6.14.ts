/** Linux 6.14: SUSP for user space; error codes of TIME, IPI and HSM as the specification has them; redirected traps counted. */
import { SUSP } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_13 } from './linux-6.13.ts';

export const LINUX_6_14 = {
  ...LINUX_6_13,
  name: '6.14',
  linux: '6.14.0',
  isaExtCount: 69,
  extensions: { ...LINUX_6_13.extensions, SUSP },
  quirks: {
    ...LINUX_6_13.quirks,
    ipiToAbsent: 'INVALID_PARAM',
    unknownTimeIpi: 'NOT_SUPPORTED',
    countsRedirected: true,
    hartSuspend: 'low 32 bits',
    suspendedStatus: 'SUSPENDED',
  },
} as const satisfies Release;
