/**
 * Who can be made to answer an extension: which modes an interface and a host allow, why not the
 * others, and what is chosen when nothing is. Shared by configuration, page and command line.
 */
import { SBI } from '../../sbi/spec/index.ts';
import { MODES, type Mode, SBI_NAMES, type SbiExtension, type SbiName } from '../../sbi/types.ts';
import type { HostProfile, KvmInterface, MisalignedBy } from './types.ts';

const NO_LEGACY = 'This kernel is built without the legacy calls.';

/** Extensions that are never the kernel's on Linux: it only hands their calls over. */
function isForwarded(profile: HostProfile, name: SbiName): boolean {
  return SBI[name].vmm && (profile.extensions[name]?.where ?? 'user') === 'user' && name !== 'BASE';
}

/** What this Linux, once it is enabled, hands to user space instead of answering it. */
export function handedOver(profile: HostProfile): readonly SbiName[] {
  return SBI_NAMES.filter((name) => profile.extensions[name]?.where === 'user');
}

function isBuiltIn(profile: HostProfile, name: SbiName): boolean {
  const extension = profile.extensions[name];
  return name === 'BASE' || extension?.available === true || extension?.needs !== undefined;
}

/** Null when `mode` can be chosen, else the reason in one sentence. */
export function modeRefusal(
  kvmInterface: KvmInterface,
  profile: HostProfile,
  name: SbiName,
  mode: Mode,
): string | null {
  if (!SBI[name].kvm && !SBI[name].vmm) return mode === 'off' ? null : notProvided(SBI[name]);
  if (mode === 'kvm') return kernelRefusal(kvmInterface, profile, name);
  if (kvmInterface !== 'upstream') {
    return mode === 'vmm' && !SBI[name].vmm ? `The VMM of Ecall does not serve ${name}.` : null;
  }
  if (name === 'BASE') {
    return mode === 'vmm'
      ? 'Linux always answers BASE in the kernel and has no way to forward it.'
      : 'Linux has no register to disable BASE.';
  }
  if (mode === 'off') return offRefusal(profile, name);
  if (name === 'V01' && !profile.sbiV01) return NO_LEGACY;
  if (!isBuiltIn(profile, name)) return `${profile.label} does not know ${name} and refuses its calls.`;
  if (isForwarded(profile, name)) return null;
  return name === 'V01'
    ? 'Linux answers legacy calls in the kernel; only their console part reaches user space.'
    : `Linux answers ${name} in the kernel and has no way to forward it.`;
}

function notProvided({ name, caller }: SbiExtension): string {
  return caller ?? `Ecall does not offer ${name}.`;
}

/** Why Linux as it is cannot be without an extension, or null. */
function offRefusal(profile: HostProfile, name: SbiName): string | null {
  if (profile.quirks.sbiRegisters === 'present' || !isBuiltIn(profile, name)) return null;
  if (name === 'V01' && !profile.sbiV01) return null;
  // It is off on harts without what it needs.
  if (profile.extensions[name]?.needs !== undefined) return null;
  return `${profile.label} has no registers that switch extensions off: they came with Linux 6.4.`;
}

function kernelRefusal(kvmInterface: KvmInterface, profile: HostProfile, name: SbiName): string | null {
  if (!SBI[name].kvm) return notInTheKernel(profile, name);
  if (name === 'V01' && !profile.sbiV01) return NO_LEGACY;
  if (kvmInterface === 'accelerator') return null;
  if (!isBuiltIn(profile, name)) return `${profile.label} does not know ${name}.`;
  if (isForwarded(profile, name)) return `Linux has no ${name} of its own: it hands the calls to user space.`;
  return null;
}

function notInTheKernel(profile: HostProfile, name: SbiName): string {
  if (Object.keys(SBI[name].functions).length === 0) {
    return `There is nothing that a kernel could answer in the id range ${name}.`;
  }
  return profile.extensions[name]?.where === 'user'
    ? `Linux has no ${name} of its own: it hands the calls to user space.`
    : `No Linux answers ${name} in the kernel, and Ecall does not make up that it did.`;
}

/** The modes of an extension that can be chosen. */
export function selectableModes(kvmInterface: KvmInterface, profile: HostProfile, name: SbiName): readonly Mode[] {
  return MODES.filter((mode) => modeRefusal(kvmInterface, profile, name, mode) === null);
}

/**
 * On when nothing is chosen. Frozen: a link says nothing of what is at its default, so that every extension which came
 * after the first links is off in them, and stays so.
 */
const ON_UNLESS_CHOSEN: ReadonlySet<SbiName> = new Set([
  ...(['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST'] as const),
  ...(['DBCN', 'SUSP', 'STA', 'EXPERIMENTAL', 'VENDOR'] as const),
]);

/** What an extension is when nothing is chosen: the kernel where it can, but the console and the sleep in the VMM. */
export function defaultMode(kvmInterface: KvmInterface, profile: HostProfile, name: SbiName): Mode {
  const modes = selectableModes(kvmInterface, profile, name);
  const preferred: readonly Mode[] = isForwarded(profile, name) ? ['vmm', 'off'] : ['kvm', 'vmm', 'off'];
  if (name === 'V01' && !modes.includes('kvm')) return 'off';
  if (!ON_UNLESS_CHOSEN.has(name)) return 'off';
  return preferred.find((mode) => modes.includes(mode)) ?? 'off';
}

/** The default mode of every extension. */
export function defaultModes(kvmInterface: KvmInterface, profile: HostProfile): Readonly<Record<SbiName, Mode>> {
  const entries = SBI_NAMES.map((name): [SbiName, Mode] => [name, defaultMode(kvmInterface, profile, name)]);
  return Object.fromEntries(entries) as Record<SbiName, Mode>;
}

/** Null when harts with these extensions let the kernel answer an SBI extension, else the reason. */
export function hardwareRefusal(
  kvmInterface: KvmInterface,
  profile: HostProfile,
  name: SbiName,
  isa: ReadonlySet<string>,
): string | null {
  const needs = profile.extensions[name]?.needs;
  if (kvmInterface === 'accelerator' || needs === undefined) return null;
  if ([...isa].some((extension) => extension.toUpperCase() === needs)) return null;
  return `${profile.label} has ${name} only on harts with ${needs[0]}${needs.slice(1).toLowerCase()}.`;
}

/** Probes of these Linux hands to user space, whoever answers BASE. [Linux arch/riscv/kvm/vcpu_sbi_base.c] */
const PROBED_IN_USER_SPACE: ReadonlySet<SbiName> = new Set(['EXPERIMENTAL', 'VENDOR']);

/** Null when the VMM can answer a probe of `name` as it likes, else the reason. `modes` are those of the extensions. */
export function probeRefusal(
  kvmInterface: KvmInterface,
  modes: Readonly<Record<SbiName, Mode>>,
  name: SbiName,
): string | null {
  switch (modes.BASE) {
    case 'vmm':
      return null;
    case 'off':
      return 'Nobody answers BASE, and so nobody answers a probe.';
    case 'kvm': {
      const handedOver = PROBED_IN_USER_SPACE.has(name);
      if (handedOver && (kvmInterface !== 'accelerator' || modes[name] !== 'off')) return null;
      return handedOver
        ? `KVM answers BASE, and that ${name} is absent while it is off.`
        : 'KVM answers BASE, and with it the probe, by the truth about each extension.';
    }
    default:
      return modes.BASE satisfies never;
  }
}

/** Null when the machine ids can be chosen, else the reason. `base` is the mode of BASE. */
export function machineIdRefusal(profile: HostProfile, base: Mode): string | null {
  if (profile.quirks.identityRegisters || base === 'vmm') return null;
  return `${profile.label} shows a guest the ids of the host: registers for them came with Linux 6.2.`;
}

/** Null when misaligned accesses can be left to that, else the reason. */
export function misalignedRefusal(profile: HostProfile, by: MisalignedBy): string | null {
  if (by !== 'delegated' || profile.quirks.takesMisaligned) return null;
  return `${profile.label} does not ask its firmware for them: that came with Linux 6.16.`;
}

/**
 * Null when specification version, implementation id and implementation version can be chosen, else
 * the reason. `base` is the mode of BASE: who answers it decides what it says.
 */
export function identityRefusal(kvmInterface: KvmInterface, profile: HostProfile, base: Mode): string | null {
  switch (kvmInterface) {
    case 'upstream':
      return `${profile.label} reports constants of its own and has no register for them.`;
    case 'userspace':
      return base === 'vmm' ? null : `Only a VMM that answers BASE can say something else than ${profile.label}.`;
    case 'accelerator':
      return null;
    default:
      return kvmInterface satisfies never;
  }
}
