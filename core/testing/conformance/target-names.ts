/** What the cases are run on. */
import { FIRMWARE_NAMES, type FirmwareName } from '../firmware.ts';

/** Ecall with the extension in KVM, in the VMM over each interface that can, and nowhere. */
export const ECALL_TARGETS = ['kvm', 'vmm', 'vmm-userspace', 'absent'] as const;
export type EcallTarget = (typeof ECALL_TARGETS)[number];
export type TargetName = EcallTarget | FirmwareName;
export const TARGETS: readonly TargetName[] = [...ECALL_TARGETS, ...FIRMWARE_NAMES];

export function isEcall(target: TargetName): target is EcallTarget {
  return (ECALL_TARGETS as readonly string[]).includes(target);
}
