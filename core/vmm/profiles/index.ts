/** The VMMs: the only list, and the entry point of this folder. Data and pure functions only. */
import type { SbiName } from '../../sbi/types.ts';
import { CLOUD_HYPERVISOR } from './cloud-hypervisor.ts';
import { CROSVM } from './crosvm.ts';
import { ECALL } from './ecall.ts';
import { KVMTOOL } from './kvmtool.ts';
import { QEMU } from './qemu.ts';
import type { VmmName, VmmProfile } from './types.ts';

export { ECALL } from './ecall.ts';
export { KVMTOOL } from './kvmtool.ts';
export { QEMU } from './qemu.ts';
export { VMM_NAMES, type VmmName, type VmmProfile } from './types.ts';

const PROFILES: Readonly<Record<VmmName, VmmProfile>> = {
  ecall: ECALL,
  qemu: QEMU,
  kvmtool: KVMTOOL,
  crosvm: CROSVM,
  'cloud-hypervisor': CLOUD_HYPERVISOR,
};

/** In the order of a menu; the first is the default. */
export const VMM_PROFILES: readonly VmmProfile[] = Object.values(PROFILES);

export function vmmProfile(name: VmmName): VmmProfile {
  return PROFILES[name];
}

/** Whether it answers any call of an extension that is handed to it. */
export function serves({ serves }: VmmProfile, name: SbiName): boolean {
  return serves === 'all' || serves[name] !== undefined;
}

export function canSwitchOn({ switchesOn }: VmmProfile, name: SbiName): boolean {
  return switchesOn === 'all' || switchesOn.includes(name);
}

export function canSwitchOff({ switchesOff }: VmmProfile, name: SbiName): boolean {
  return switchesOff === 'all' || switchesOff.includes(name);
}
