/** What releases have in common. Data only. [measured on Linux 6.12.107 and 7.2.13] */
import { KVM_RISCV_SBI_EXT } from '../uapi.ts';
import type { ReleaseExtension, ReleaseProvenance } from './types.ts';

const KERNEL = { enabled: true, where: 'kernel' } as const;
const FORWARDED = { enabled: true, where: 'user' } as const;

/** Extensions since SBI 0.2. */
export const EXTENSIONS_5_17 = {
  V01: { index: KVM_RISCV_SBI_EXT.V01, ...KERNEL },
  TIME: { index: KVM_RISCV_SBI_EXT.TIME, ...KERNEL },
  IPI: { index: KVM_RISCV_SBI_EXT.IPI, ...KERNEL },
  RFENCE: { index: KVM_RISCV_SBI_EXT.RFENCE, ...KERNEL },
  HSM: { index: KVM_RISCV_SBI_EXT.HSM, ...KERNEL },
  EXPERIMENTAL: { index: KVM_RISCV_SBI_EXT.EXPERIMENTAL, ...FORWARDED },
  VENDOR: { index: KVM_RISCV_SBI_EXT.VENDOR, ...FORWARDED },
} as const satisfies Readonly<Record<string, ReleaseExtension>>;

export const SRST = { index: KVM_RISCV_SBI_EXT.SRST, ...KERNEL } as const satisfies ReleaseExtension;
export const PMU = { index: KVM_RISCV_SBI_EXT.PMU, ...KERNEL, needs: 'SSCOFPMF' } as const satisfies ReleaseExtension;
export const DBCN = { index: KVM_RISCV_SBI_EXT.DBCN, ...FORWARDED, enabled: false } as const satisfies ReleaseExtension;
export const STA = { index: KVM_RISCV_SBI_EXT.STA, ...KERNEL } as const satisfies ReleaseExtension;
export const SUSP = { index: KVM_RISCV_SBI_EXT.SUSP, ...FORWARDED, enabled: false } as const satisfies ReleaseExtension;
export const FWFT = { index: KVM_RISCV_SBI_EXT.FWFT, ...KERNEL } as const satisfies ReleaseExtension;
export const MPXY = { index: KVM_RISCV_SBI_EXT.MPXY, ...FORWARDED, enabled: false } as const satisfies ReleaseExtension;

/** KVM_CHECK_EXTENSION; KVM_CAP_NR_VCPUS counts the CPUs of the host and is not here. */
export const CAPABILITIES_5_17 = {
  3: 1,
  10: 32767,
  14: 1,
  15: 1,
  16: 1,
  21: 1,
  30: 1,
  36: 1,
  40: 1,
  66: 1024,
  70: 1,
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
} as const satisfies Readonly<Record<number, number>>;

/** Interrupt routing, irqfd and MSIs, which came with the AIA irqchip in 6.5. */
export const IRQCHIP = { 25: 4096, 32: 1, 77: 1 } as const satisfies Readonly<Record<number, number>>;

/** A release nobody measured: its extensions are told by the maintainers, the rest follows from the releases around it. */
export const UNMEASURED = {
  extensions: 'source',
  answers: 'inference',
  counters: 'inference',
  registers: 'inference',
  legacy: 'inference',
  timerState: 'inference',
} as const satisfies ReleaseProvenance;
