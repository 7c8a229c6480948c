/** Linux 6.7: SBI 2.0 with DBCN for user space; Smstateen and Zicond. */
import { DBCN } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_6 } from './linux-6.6.ts';

export const LINUX_6_7 = {
  ...LINUX_6_6,
  name: '6.7',
  linux: '6.7.0',
  sbiVersion: '2.0',
  isaExtCount: 25,
  extensions: { ...LINUX_6_6.extensions, DBCN },
  quirks: { ...LINUX_6_6.quirks, senvcfgRegister: true },
} as const satisfies Release;
