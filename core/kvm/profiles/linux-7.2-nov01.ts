/** Linux 7.2.13 as Debian builds it: without CONFIG_RISCV_SBI_V01. */
import { LINUX_7_2 } from './linux-7.2.ts';
import type { HostProfile } from './types.ts';

export const LINUX_7_2_NOV01 = {
  ...LINUX_7_2,
  name: 'linux-7.2-nov01',
  label: 'Linux 7.2 without legacy calls',
  sbiV01: false,
  provenance: { ...LINUX_7_2.provenance, legacy: 'measured' },
} as const satisfies HostProfile;
