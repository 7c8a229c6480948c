/** What a configuration asks of the KVM of Linux as it is: registers with their values, and what it has none for. */
import {
  type Config,
  defaultConfig,
  hostExtensions,
  hostOf,
  identityRefusal,
  modeRefusal,
  standardOf,
  valueWords,
} from '../config/index.ts';
import { type HostProfile, handedOver } from '../kvm/profiles/index.ts';
import { ISA_EXT_CLEARABLE, ISA_EXT_IMPLIED } from '../kvm/profiles/isa.ts';
import { KVM_RISCV_ISA_EXT, KVM_SBI_EXT_ON } from '../kvm/uapi.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { wantedRegister } from '../vmm/modes.ts';
import { CONFIG, ISA_EXT, type Register, SBI_EXT } from '../vmm/registers.ts';

/** An exported text, with what the configuration asks and the text cannot express: one sentence each. */
export interface Exported {
  readonly text: string;
  readonly cannot: readonly string[];
}

export interface Setting {
  readonly register: Register;
  readonly value: bigint;
}

export interface Plan {
  readonly profile: HostProfile;
  /** Machine ids and SBI extensions. */
  readonly settings: readonly Setting[];
  /** ISA_EXT registers: of what the release knows, and of what a later one may know too. */
  readonly isa: readonly Setting[];
  /** Ids of which Linux hands probes to user space. */
  readonly probes: readonly RangeProbe[];
  readonly cannot: readonly string[];
}

/** What a probe of an id range without functions is to answer. */
export interface RangeProbe {
  readonly name: SbiName;
  readonly first: number;
  readonly last: number;
  readonly answer: bigint;
}

/** Throws RangeError for a host that there is no profile of, which no valid configuration names. */
export function planOf(config: Config): Plan {
  const profile = hostOf(config);
  if (profile === undefined) throw new RangeError(`there is no host ${config.host}`);
  return {
    profile,
    settings: [...identitySettings(config, profile), ...sbiSettings(config, profile)],
    isa: isaSettings(config, profile),
    probes: rangeProbes(config),
    cannot: [
      ...sbiRefusals(config),
      ...identityRefusals(config),
      ...probeRefusals(config),
      ...unknownExtensions(config, profile),
      ...interfaceRefusals(config),
      ...modelOnly(config),
    ],
  };
}

/** Whether a guest is to have an ISA extension, by its name in ISA_EXT. */
export function isOn(config: Config, name: string): boolean {
  const on = new Set([...hostExtensions(config)].map((extension) => extension.toUpperCase()));
  const parts = ISA_EXT_IMPLIED[name];
  return name === 'I' || on.has(name) || (parts?.every((part) => on.has(part)) ?? false);
}

/** Extensions that are off and that Linux cannot take away from a guest whose host has them. */
export function stuckExtensions(config: Config): readonly string[] {
  // The floating-point unit goes as a whole. [Linux arch/riscv/kvm/vcpu_fp.c, kvm_riscv_vcpu_fp_reset]
  const stays = (name: string): boolean => !ISA_EXT_CLEARABLE.has(name) || (name === 'D' && isOn(config, 'F'));
  return KVM_RISCV_ISA_EXT.filter((name) => name !== 'H' && !isOn(config, name) && stays(name));
}

/** The registers of machine ids came with Linux 6.2. */
function identitySettings({ mvendorid, marchid, mimpid }: Config, { quirks }: HostProfile): readonly Setting[] {
  if (!quirks.identityRegisters) return [];
  return [
    { register: CONFIG.mvendorid, value: mvendorid },
    { register: CONFIG.marchid, value: marchid },
    { register: CONFIG.mimpid, value: mimpid },
  ];
}

/** Linux hands their calls over, but neither the program nor kvmtool nor QEMU has what answers them: better absent. */
const UNSERVED: ReadonlySet<SbiName> = new Set(['MPXY']);

/** One register for each extension that the release knows; what Linux cannot do is left on where it is asked for. */
function sbiSettings(config: Config, profile: HostProfile): readonly Setting[] {
  const { quirks, extensions } = profile;
  if (quirks.sbiRegisters === 'absent') return [];
  return SBI_NAMES.flatMap((name) => {
    const register = sbiRegister(name);
    if (register === undefined || extensions[name] === undefined) return [];
    const wanted = wantedRegister('upstream', name, UNSERVED.has(name) ? 'off' : config.sbi[name], handedOver(profile));
    return [{ register, value: typeof wanted === 'bigint' ? wanted : KVM_SBI_EXT_ON }];
  });
}

/** BASE has a number for the proposal of 2025 only. */
function sbiRegister(name: SbiName): Register | undefined {
  return name !== 'BASE' && name in SBI_EXT ? SBI_EXT[name as keyof typeof SBI_EXT] : undefined;
}

/** What Linux derives from other extensions is on with them where the release has no register for it yet. */
function isaSettings(config: Config, profile: HostProfile): readonly Setting[] {
  const names = KVM_RISCV_ISA_EXT.filter((name) => isKnown(profile, name) || !(isOn(config, name) && isImplied(name)));
  return names.map((name) => ({ register: ISA_EXT[name], value: isOn(config, name) ? 1n : 0n }));
}

function isKnown({ isaExtCount }: HostProfile, name: IsaExtension): boolean {
  return KVM_RISCV_ISA_EXT.indexOf(name) < isaExtCount;
}

function isImplied(name: IsaExtension): boolean {
  return name in ISA_EXT_IMPLIED;
}

type IsaExtension = (typeof KVM_RISCV_ISA_EXT)[number];

/** On, although the release has no register for them: a host's harts may still have them. */
function unknownExtensions(config: Config, profile: HostProfile): readonly string[] {
  const names = KVM_RISCV_ISA_EXT.filter((name) => isOn(config, name) && !isKnown(profile, name) && !isImplied(name));
  if (names.length === 0) return [];
  return [`On, but ${profile.label} has no register for them: ${names.join(', ')}.`];
}

/** What is exported runs on Linux as it is, under a VMM that can ask for all of it. */
const EXPORTED = { interface: 'upstream', vmm: 'ecall' } as const;

function sbiRefusals({ host, sbi }: Config): readonly string[] {
  return SBI_NAMES.flatMap((name) => {
    const unserved =
      UNSERVED.has(name) && sbi[name] === 'vmm' ? 'the message channels are those of Ecall alone.' : null;
    const reason = modeRefusal({ ...EXPORTED, host }, name, sbi[name]) ?? unserved;
    return reason === null ? [] : [`${name} ${MODE_WORDS[sbi[name]]}: ${reason}`];
  });
}

const MODE_WORDS = { kvm: 'answered by KVM', vmm: 'answered by the VMM', off: 'switched off' } as const;

function identityRefusals(config: Config): readonly string[] {
  const reason = identityRefusal('upstream', config.host, config.sbi.BASE);
  const standard = standardOf({ ...config, ...EXPORTED });
  const fields = (['sbiVersion', 'implId', 'implVersion'] as const).filter(
    (field) => reason !== null && config[field] !== standard[field],
  );
  return fields.map((field) => {
    return `${field} ${valueWords(config[field])}: ${reason}`;
  });
}

/** Linux hands over probes of the ranges that have no functions, and no others. */
function isRange(name: SbiName): boolean {
  return Object.keys(SBI[name].functions).length === 0;
}

function rangeProbes({ probes }: Config): readonly RangeProbe[] {
  return SBI_NAMES.filter(isRange).map((name) => {
    const [first = 0, last = 0] = SBI[name].eid;
    return { name, first, last, answer: probes[name] ?? 0n };
  });
}

function probeRefusals({ probes }: Config): readonly string[] {
  return SBI_NAMES.filter((name) => !isRange(name)).flatMap((name) => {
    const answer = probes[name];
    return answer === undefined
      ? []
      : [`${probeWords(name, answer)}: Linux answers probes in the kernel, by the truth about each extension.`];
  });
}

/** Of a probe whose answer was chosen. */
export function probeWords(name: SbiName, answer: bigint): string {
  return `a probe of ${name} that answers 0x${answer.toString(16)}`;
}

function interfaceRefusals({ interface: kvm }: Config): readonly string[] {
  if (kvm !== 'userspace') return [];
  return ['Calls that KVM does not know: Linux refuses them, KVM_CAP_RISCV_USERSPACE_SBI was never merged.'];
}

function modelOnly({ hardware, neighbours, input }: Config): readonly string[] {
  const { hardware: usual } = defaultConfig();
  const chosen = (Object.keys(usual) as (keyof typeof usual)[]).filter((name) => hardware[name] !== usual[name]);
  return [
    ...chosen.map((name) => `hardware.${name} ${valueWords(hardware[name])}: the machine of the host decides that.`),
    ...(neighbours === 0 ? [] : ['neighbours: how busy the CPUs are is up to the host.']),
    ...(input === '' ? [] : ['input: give the console input on standard input.']),
  ];
}
