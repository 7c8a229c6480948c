/**
 * What a configuration may choose from, gathered from the tables of the layers: host profiles and the
 * modes that each KVM interface allows, ISA extensions, examples. No fact of its own.
 */

import { MODES, type Mode, SBI_NAMES, SBI_VERSIONS, type SbiName, type SbiVersion } from '../sbi/types.ts';
import type { Option } from '../schema/index.ts';
import type { GuestExample } from './guest.ts';
import type { Config, KvmInterface } from './types.ts';

export const DEFAULT_INTERFACE: KvmInterface = 'accelerator';
export const DEFAULT_HOST = 'linux-7.2';

export const HOSTS: readonly Option<string>[] = [
  { value: 'linux-6.12', label: 'Linux 6.12' },
  { value: 'linux-7.2', label: 'Linux 7.2' },
];
export const ISA_OPTIONS: readonly Option<string>[] = [
  'I',
  'M',
  'A',
  'C',
  'Zicntr',
  'Zicsr',
  'Zifencei',
  'Zihintpause',
  'Sstc',
].map((value) => ({ value, label: value }));
export const ISA_DEFAULT: readonly string[] = ISA_OPTIONS.map((option) => option.value);
export const EXAMPLES: readonly GuestExample[] = [
  { id: 'hello', title: 'Hello' },
  { id: 'probe', title: 'Probe' },
];

export type SbiChoices = Pick<Config, 'sbiVersion' | 'implId' | 'implVersion' | 'sbi'>;

const KERNEL: readonly SbiName[] = ['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'STA'];
const USER: readonly SbiName[] = ['DBCN', 'SUSP', 'EXPERIMENTAL', 'VENDOR'];

/** What the machine has when nothing else is asked for. */
export function standardOf(_kvm: KvmInterface, host: string): SbiChoices {
  const mode = (name: SbiName): Mode => (KERNEL.includes(name) ? 'kvm' : USER.includes(name) ? 'vmm' : 'off');
  return {
    sbiVersion: host === 'linux-6.12' ? '2.0' : '3.0',
    implId: 3n,
    implVersion: host === 'linux-6.12' ? 0x060c00n : 0x070200n,
    sbi: Object.fromEntries(SBI_NAMES.map((name) => [name, mode(name)])) as Record<SbiName, Mode>,
  };
}

/** Each mode of an extension with the reason why it cannot be chosen, or null. */
export function modesOf(
  kvm: KvmInterface,
  host: string,
  name: SbiName,
): readonly { readonly mode: Mode; readonly refusal: string | null }[] {
  return MODES.map((mode) => ({ mode, refusal: modeRefusal(kvm, host, name, mode) }));
}

export function modeRefusal(kvm: KvmInterface, host: string, name: SbiName, mode: Mode): string | null {
  if (kvm === 'accelerator' || mode === 'off') return null;
  return standardOf(kvm, host).sbi[name] === mode ? null : 'Linux cannot do this.';
}

export function versionRefusal(kvm: KvmInterface, host: string, version: SbiVersion): string | null {
  if (kvm === 'accelerator' || standardOf(kvm, host).sbiVersion === version) return null;
  return `KVM reports a constant: ${standardOf(kvm, host).sbiVersion} [${SBI_VERSIONS.length} versions].`;
}

export function identityRefusal(
  kvm: KvmInterface,
  host: string,
  field: 'implId' | 'implVersion',
  value: bigint,
): string | null {
  if (kvm === 'accelerator' || standardOf(kvm, host)[field] === value) return null;
  return 'KVM gives its own.';
}

/** Why an ISA extension cannot be on beside the others, or null. */
export function isaProblem(
  name: string,
  on: readonly string[],
): { readonly message: string; readonly hint: string } | null {
  void name;
  void on;
  return null;
}
