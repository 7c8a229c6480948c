/** Linux 6.19: MPXY, and unknown functions of DBCN, for user space. */
import { MPXY } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_18 } from './linux-6.18.ts';

export const LINUX_6_19 = {
  ...LINUX_6_18,
  name: '6.19',
  linux: '6.19.0',
  extensions: { ...LINUX_6_18.extensions, MPXY },
  quirks: { ...LINUX_6_18.quirks, unknownDbcn: 'forwarded' },
} as const satisfies Release;
