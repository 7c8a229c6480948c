/** Linux 6.12.107 as Debian builds it: without CONFIG_RISCV_SBI_V01. */
import { LINUX_6_12 } from './linux-6.12.ts';
import type { HostProfile } from './types.ts';

export const LINUX_6_12_NOV01 = {
  ...LINUX_6_12,
  name: 'linux-6.12-nov01',
  label: 'Linux 6.12 without legacy calls',
  sbiV01: false,
} as const satisfies HostProfile;
