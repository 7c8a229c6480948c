/** Linux 5.18: SBI 0.3, SRST, hart_suspend. */
import { SRST } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_5_17 } from './linux-5.17.ts';

export const LINUX_5_18 = {
  ...LINUX_5_17,
  name: '5.18',
  linux: '5.18.0',
  sbiVersion: '0.3',
  extensions: { ...LINUX_5_17.extensions, SRST },
  lacks: {},
} as const satisfies Release;
