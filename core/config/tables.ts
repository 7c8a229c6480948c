/**
 * What a configuration may choose from, gathered from the tables of the layers: host profiles and the
 * modes that each KVM interface allows, ISA extensions, examples. No fact of its own.
 */
import { EXAMPLES as CATALOGUE } from '../guests/catalogue.ts';
import { SYSTEMS as SYSTEM_GUESTS } from '../guests/systems.ts';
import { GROUPS } from '../isa/defs/groups.ts';
import { closure, EXTENSIONS, extensionByName, isPart } from '../isa/defs/index.ts';
import * as profiles from '../kvm/profiles/index.ts';
import { MODES, type Mode, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { Option } from '../schema/index.ts';
import { serves, VMM_PROFILES, type VmmName, vmmProfile } from '../vmm/profiles/index.ts';
import type { Config, Foundation, KvmInterface, Platform } from './types.ts';
import { vmmDefaultMode, vmmMachineIdRefusal, vmmModeRefusal } from './vmm-choices.ts';

export const DEFAULT_INTERFACE: KvmInterface = 'accelerator';

export const HOSTS: readonly Option<string>[] = profiles.HOST_PROFILES.map((profile) => ({
  value: profile.name,
  label: profile.label,
  help: profiles.provenanceWords(profile),
}));
const RELEASE_NAMES = profiles.RELEASES.map(({ name }) => `linux-${name}`);
export const HOSTS_ALLOWED = `A Linux release, from ${RELEASE_NAMES.at(-1)} to ${RELEASE_NAMES[0]}; one built without the legacy calls has ${profiles.WITHOUT_LEGACY} behind it.`;
const [FIRST_PROFILE] = profiles.HOST_PROFILES;
if (FIRST_PROFILE === undefined) throw new Error('there is no host profile');
const DEFAULT_PROFILE: profiles.HostProfile = FIRST_PROFILE;
export const DEFAULT_HOST = DEFAULT_PROFILE.name;

export const VMMS: readonly Option<VmmName>[] = VMM_PROFILES.map((profile) => ({
  value: profile.name,
  label: profile.label,
}));
export const DEFAULT_VMM: VmmName = 'ecall';

export const EXAMPLES: readonly Option<string>[] = CATALOGUE.map(({ id, title, says }) => {
  return { value: id, label: title, help: says };
});

export const SYSTEMS: readonly Option<string>[] = SYSTEM_GUESTS.map(({ id, title, says }) => {
  return { value: id, label: title, help: says };
});

/** Every extension that a machine can be without. AIA is a choice of its own. */
export const ISA_OPTIONS: readonly Option<string>[] = EXTENSIONS.filter(
  ({ always, name }) => !always && !isPart(name) && name !== profiles.AIA_EXTENSION,
).map(({ name, title }) => ({ value: name, label: name, help: title }));

/** Names for several of them; those aside that stand for something which no hart here has. */
export const ISA_GROUPS: ReadonlyMap<string, readonly string[]> = new Map(
  [...GROUPS].filter(([, names]) => names.every((name) => extensionByName(name) !== undefined)),
);

/** RV64GC with the bit manipulation, counters and timer that hosts of today have. */
const DEFAULT_EXTENSIONS: ReadonlySet<string> = new Set([
  ...['M', 'A', 'F', 'D', 'C', 'Zicntr', 'Zihpm', 'Zicsr', 'Zifencei', 'Zihintpause'],
  ...['Zba', 'Zbb', 'Zbs', 'Sstc'],
]);
/**
 * In the order of the options. Links and files hold differences from it or leave it out, so another list needs a new
 * `CONFIG_VERSION`.
 */
export const ISA_DEFAULT: readonly string[] = ISA_OPTIONS.map(({ value }) => value).filter((name) =>
  DEFAULT_EXTENSIONS.has(name),
);

/** Fields whose default follows from interface, host and VMM. */
export type HostFields = Pick<
  Config,
  'sbiVersion' | 'implId' | 'implVersion' | 'mvendorid' | 'marchid' | 'mimpid' | 'sbi'
>;

function profileOf(host: string): profiles.HostProfile {
  return profiles.hostProfile(host) ?? DEFAULT_PROFILE;
}

export const { SATP_MODES } = profiles;
const MISALIGNED_WORDS: Readonly<Record<profiles.MisalignedBy, Omit<Option<string>, 'value'>>> = {
  hart: { label: 'hart', help: 'The harts do them.' },
  firmware: {
    label: 'firmware',
    help: 'They trap to the firmware of the host, which emulates them at the cost of a trap.',
  },
  delegated: {
    label: 'delegated',
    help: 'They trap, and Linux has taken them over from the firmware: KVM gives them to the guest, or FWFT does so directly.',
  },
};
export const MISALIGNED_OPTIONS = (Object.keys(MISALIGNED_WORDS) as profiles.MisalignedBy[]).map((value) => {
  return { value, ...MISALIGNED_WORDS[value] };
});

const { aia, ...PLAIN } = profiles.PLAIN_CHOICE;
export const DEFAULT_FOUNDATION: Foundation = {
  interface: DEFAULT_INTERFACE,
  host: DEFAULT_HOST,
  hardware: { ...PLAIN, aia: aia ? 'on' : 'off' },
  vmm: DEFAULT_VMM,
};

/** The release of a configuration on its machine, in that version if one is named; undefined for a host that there is no profile of. */
export function hostOf(
  { host, hardware }: Pick<Config, 'host' | 'hardware'>,
  linux?: string,
): profiles.HostProfile | undefined {
  return profiles.hostProfile(host, { ...hardware, aia: hardware.aia === 'on' }, linux);
}

/** Extensions of the host's harts: those that a guest is to have, and what comes with the machine. */
export function hostExtensions({ isa, hardware }: Pick<Config, 'isa' | 'hardware'>): ReadonlySet<string> {
  const extensions = closure(isa);
  return hardware.aia === 'on' ? new Set([...extensions, profiles.AIA_EXTENSION]) : extensions;
}

/** Extensions as the VMM tells them to the guest: those chosen, and what KVM gives it of the machine. */
export function guestExtensions(config: Pick<Config, 'isa' | 'host' | 'hardware'>): readonly string[] {
  const hasAia = hostOf(config)?.isa.includes(profiles.AIA_EXTENSION.toUpperCase()) ?? false;
  return ['I', ...config.isa, ...(hasAia ? [profiles.AIA_EXTENSION] : [])];
}

/** What the machine has when nothing else is asked for. */
export function standardOf(on: Foundation): HostFields {
  const kvm = on.interface;
  const profile = hostOf(on) ?? DEFAULT_PROFILE;
  const { sbiVersion, implId, implVersion, mvendorid, marchid, mimpid } = profile;
  const vmm = vmmProfile(on.vmm);
  const own = profiles.defaultModes(kvm, profile);
  const modes = SBI_NAMES.map((name) => [name, vmmDefaultMode(vmm, kvm, profile, name, own[name])]);
  const sbi = Object.fromEntries(modes) as Record<SbiName, Mode>;
  return { sbiVersion, implId, implVersion, mvendorid, marchid, mimpid, sbi };
}

/** Each mode of an extension with the reason why it cannot be chosen, or null. */
export function modesOf(
  platform: Platform,
  name: SbiName,
): readonly { readonly mode: Mode; readonly refusal: string | null }[] {
  return MODES.map((mode) => ({ mode, refusal: modeRefusal(platform, name, mode) }));
}

export function modeRefusal({ interface: kvm, host, vmm }: Platform, name: SbiName, mode: Mode): string | null {
  const profile = profileOf(host);
  return profiles.modeRefusal(kvm, profile, name, mode) ?? vmmModeRefusal(vmmProfile(vmm), kvm, profile, name, mode);
}

/**
 * Why version, implementation id and implementation version cannot be chosen, or null. `base` is the
 * mode of BASE: who answers it decides what it says.
 */
export function identityRefusal(kvm: KvmInterface, host: string, base: Mode): string | null {
  return profiles.identityRefusal(kvm, profileOf(host), base);
}

/** Why the VMM cannot answer a probe of an extension as it likes, or null. */
export function probeRefusal(config: Pick<Config, 'interface' | 'sbi' | 'vmm'>, name: SbiName): string | null {
  const vmm = vmmProfile(config.vmm);
  if (!serves(vmm, 'BASE')) return `${vmm.label} answers no probe: it has no code for BASE.`;
  return profiles.probeRefusal(config.interface, config.sbi, name);
}

/** Why the harts do not let the kernel answer an extension, or null. */
export function hardwareRefusal(config: Pick<Config, 'interface' | 'host' | 'isa'>, name: SbiName): string | null {
  return profiles.hardwareRefusal(config.interface, profileOf(config.host), name, closure(config.isa));
}

/** Why misaligned accesses cannot be left to whom `hardware` says, or null. */
export function misalignedRefusal({
  host,
  hardware,
}: Pick<Config, 'host'> & { readonly hardware: Pick<Config['hardware'], 'misaligned'> }): string | null {
  return profiles.misalignedRefusal(profileOf(host), hardware.misaligned);
}

/** Why a machine id cannot be what the configuration says, or null. */
export function machineIdRefusal(config: Config, field: 'mvendorid' | 'marchid' | 'mimpid'): string | null {
  return (
    profiles.machineIdRefusal(profileOf(config.host), config.sbi.BASE) ??
    vmmMachineIdRefusal(vmmProfile(config.vmm), field, config[field])
  );
}

/** What an ISA extension needs that is not on; empty when it can be on beside the others. */
export function missingFor(name: string, on: readonly string[]): readonly string[] {
  const all = closure(on);
  return (extensionByName(name)?.requires ?? []).filter((required) => !all.has(required));
}
