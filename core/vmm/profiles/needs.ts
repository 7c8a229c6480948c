/** Capabilities that VMMs ask for: they are there with an interrupt controller in the kernel. [Linux uapi linux/kvm.h] */
import type { NeededCapability } from './types.ts';

const since = 'Linux 6.5, on machines with AIA';

export const KVM_CAP_IRQCHIP = { capability: 0, name: 'KVM_CAP_IRQCHIP', since } as const satisfies NeededCapability;
