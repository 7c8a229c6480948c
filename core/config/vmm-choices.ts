/**
 * What a VMM that is a program of today leaves to choose: it switches on and off what it has options and code for, and
 * the rest stays as the kernel has it. The VMM of Ecall has no such bounds.
 */
import type { HostProfile } from '../kvm/profiles/index.ts';
import type { Mode, SbiName } from '../sbi/types.ts';
import { canSwitchOff, canSwitchOn, serves, type VmmProfile } from '../vmm/profiles/index.ts';
import type { KvmInterface } from './types.ts';

/** Ids that KVM hands over in any case, probes of them too: no option of a kernel or a VMM makes them present. */
const RANGES: readonly SbiName[] = ['EXPERIMENTAL', 'VENDOR'];

/**
 * Null when the VMM can have an extension in this mode, else the reason. What the kernel allows is not looked at. The
 * interfaces that Linux does not have place extensions for every VMM: what one then cannot serve stops it.
 */
export function vmmModeRefusal(
  vmm: VmmProfile,
  kvm: KvmInterface,
  host: HostProfile,
  name: SbiName,
  mode: Mode,
): string | null {
  if (vmm.serves === 'all' || kvm !== 'upstream') return null;
  const starts = isOnInKernel(host, name);
  if (mode === 'off')
    return !starts || canSwitchOff(vmm, name) ? null : `${vmm.label} has no switch to turn ${name} off.`;
  if (starts || canSwitchOn(vmm, name)) return null;
  return serves(vmm, name)
    ? `${vmm.label} has no switch to enable ${name}.`
    : `${vmm.label} does not serve ${name} and has no switch to enable it.`;
}

/** Whether a new vcpu has it, as far as the harts are not concerned: what needs an extension of theirs may be off. */
export function isOnInKernel({ extensions, sbiV01 }: HostProfile, name: SbiName): boolean {
  if (name === 'BASE') return true;
  if (name === 'V01' && !sbiV01) return false;
  const extension = extensions[name];
  return extension?.enabled === true && extension.needs === undefined;
}

/** What an extension is under a VMM when nothing is chosen; `own` is what it would be under that of Ecall. */
export function vmmDefaultMode(vmm: VmmProfile, kvm: KvmInterface, host: HostProfile, name: SbiName, own: Mode): Mode {
  if (vmm.serves === 'all') return own;
  if (kvm === 'accelerator') return own === 'vmm' && !serves(vmm, name) && !RANGES.includes(name) ? 'off' : own;
  const extension = host.extensions[name];
  if (isOnInKernel(host, name)) return extension?.where === 'user' ? 'vmm' : 'kvm';
  return extension?.available === true && extension.where === 'user' && canSwitchOn(vmm, name) ? 'vmm' : 'off';
}

/** Null when the VMM can give a guest this machine id, else the reason. The id of the host always stays possible. */
export function vmmMachineIdRefusal(vmm: VmmProfile, field: string, value: bigint): string | null {
  if (vmm.machineIds === 'none') return `${vmm.label} has no option for machine ids: a guest sees those of the host.`;
  if (vmm.machineIds === 'not 0' && value === 0n) {
    return `${vmm.label} takes 0 for an id that was not given, and leaves that of the host.`;
  }
  if (field === 'mvendorid' && value >> BigInt(vmm.vendorIdBits) !== 0n) {
    return `${vmm.label} takes ${vmm.vendorIdBits} bits of mvendorid.`;
  }
  return null;
}
