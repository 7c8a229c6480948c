/** What releases have in common. Data only. [measured on Linux 6.12.107 and 7.2.13] */
import { KVM_RISCV_SBI_EXT } from '../uapi.ts';
import type { ReleaseExtension } from './types.ts';

const KERNEL = { enabled: true, where: 'kernel' } as const;
const FORWARDED = { enabled: true, where: 'user' } as const;

/** SBI_EXT registers that every release since 6.8 has. */
export const EXTENSIONS_6_8 = {
  V01: { index: KVM_RISCV_SBI_EXT.V01, ...KERNEL },
  TIME: { index: KVM_RISCV_SBI_EXT.TIME, ...KERNEL },
  IPI: { index: KVM_RISCV_SBI_EXT.IPI, ...KERNEL },
  RFENCE: { index: KVM_RISCV_SBI_EXT.RFENCE, ...KERNEL },
  SRST: { index: KVM_RISCV_SBI_EXT.SRST, ...KERNEL },
  HSM: { index: KVM_RISCV_SBI_EXT.HSM, ...KERNEL },
  PMU: { index: KVM_RISCV_SBI_EXT.PMU, ...KERNEL, needs: 'SSCOFPMF' },
  EXPERIMENTAL: { index: KVM_RISCV_SBI_EXT.EXPERIMENTAL, ...FORWARDED },
  VENDOR: { index: KVM_RISCV_SBI_EXT.VENDOR, ...FORWARDED },
  DBCN: { index: KVM_RISCV_SBI_EXT.DBCN, ...FORWARDED, enabled: false },
  STA: { index: KVM_RISCV_SBI_EXT.STA, ...KERNEL },
} as const satisfies Readonly<Record<string, ReleaseExtension>>;

/** KVM_CHECK_EXTENSION on 6.12; KVM_CAP_NR_VCPUS counts the CPUs of the host. */
export const CAPABILITIES_6_12 = {
  3: 1,
  10: 32767,
  14: 1,
  15: 1,
  16: 1,
  21: 1,
  23: 1,
  25: 4096,
  30: 1,
  32: 1,
  36: 1,
  40: 1,
  66: 1024,
  70: 1,
  77: 1,
  81: 1,
  89: 1,
  98: 1,
  105: 1,
  122: 1,
  136: 1,
  162: 1,
  168: 1,
  182: 1,
  203: 1,
  207: 59,
  215: 1,
  231: 1,
} as const satisfies Readonly<Record<number, number>>;
