/** What the SBI_EXT registers have to hold so that each extension is answered as configured. */
import { KVM_SBI_EXT_FORWARD, KVM_SBI_EXT_OFF, KVM_SBI_EXT_ON } from '../kvm/uapi.ts';
import type { Mode, SbiName } from '../sbi/types.ts';
import type { VmmSettings } from './api.ts';

/**
 * The value for an extension. Linux has no value for "forward": with the capability of 2025 a disabled
 * extension reaches user space, without it nothing does, which the answer says in words.
 */
export function wantedRegister(
  kvmInterface: VmmSettings['interface'],
  name: SbiName,
  mode: Mode,
  handedOver: VmmSettings['handedOver'],
): bigint | { readonly impossible: string } {
  if (kvmInterface === 'accelerator') {
    return { kvm: KVM_SBI_EXT_ON, vmm: KVM_SBI_EXT_FORWARD, off: KVM_SBI_EXT_OFF }[mode];
  }
  const isHandedOver = handedOver.includes(name);
  switch (mode) {
    case 'off':
      return KVM_SBI_EXT_OFF;
    case 'kvm':
      return isHandedOver ? { impossible: `Linux KVM has no ${name} of its own` } : KVM_SBI_EXT_ON;
    case 'vmm':
      if (isHandedOver) return KVM_SBI_EXT_ON;
      if (kvmInterface === 'userspace') return KVM_SBI_EXT_OFF;
      return { impossible: `Linux KVM cannot hand ${name} to user space` };
    default:
      return mode satisfies never;
  }
}
