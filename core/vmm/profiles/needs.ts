/**
 * What VMMs do not start without. Both are there where KVM has an interrupt controller of its own, which
 * KVM_CHECK_EXTENSION of KVM_CAP_IRQCHIP tells. [Linux uapi linux/kvm.h, arch/riscv/kvm/aia.c kvm_riscv_aia_init]
 */
import type { Need } from './types.ts';

const irqchip = { capability: 0, since: 'Linux 6.5, on machines with AIA' };

/** Asked for by KVM_CHECK_EXTENSION. */
export const KVM_CAP_IRQCHIP = { ...irqchip, name: 'KVM_CAP_IRQCHIP' } as const satisfies Need;

/** Made by KVM_CREATE_DEVICE, which answers ENODEV where it is not. */
export const KVM_DEV_TYPE_RISCV_AIA = { ...irqchip, name: 'KVM_DEV_TYPE_RISCV_AIA' } as const satisfies Need;
