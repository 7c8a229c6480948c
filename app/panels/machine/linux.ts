/** What Linux does with an extension, from the host profile. Pure. */
import { hostProfile } from '../../../core/kvm/profiles/index.ts';
import { SBI } from '../../../core/sbi/spec/index.ts';
import type { SbiExtension, SbiName } from '../../../core/sbi/types.ts';

export function linuxDoes(host: string, name: SbiName): string {
  const profile = hostProfile(host);
  if (profile === undefined) return `There is no host ${host}.`;
  if (name === 'BASE') return 'Answers it in the kernel, always: there is no register for it.';
  const extension = profile.extensions[name];
  if ((SBI[name] as SbiExtension).caller !== undefined)
    return 'Calls it itself at most: a guest gets NOT_SUPPORTED, the VMM sees no call.';
  if (extension === undefined) return 'Does not know it: calls get NOT_SUPPORTED, the VMM does not see them.';
  if (!extension.available) return 'Has it, but not on this hardware: calls get NOT_SUPPORTED.';
  const place =
    extension.where === 'kernel' ? 'Answers it in the kernel' : 'Hands it to user space by KVM_EXIT_RISCV_SBI';
  return `${place}; a new vcpu has it ${extension.enabled ? 'on' : 'off until the VMM enables it'}.`;
}
