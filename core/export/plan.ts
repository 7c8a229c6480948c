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
  /** All ISA_EXT registers. */
  readonly isa: readonly Setting[];
  readonly cannot: readonly string[];
}

/** Throws RangeError for a host that there is no profile of, which no valid configuration names. */
export function planOf(config: Config): Plan {
  const profile = hostOf(config);
  if (profile === undefined) throw new RangeError(`there is no host ${config.host}`);
  return {
    profile,
    settings: [...identitySettings(config, profile), ...sbiSettings(config, profile)],
    isa: isaSettings(config),
    cannot: [
      ...sbiRefusals(config),
      ...identityRefusals(config),
      ...probeRefusals(config),
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
  return KVM_RISCV_ISA_EXT.filter((name) => name !== 'H' && !isOn(config, name) && !ISA_EXT_CLEARABLE.has(name));
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

function isaSettings(config: Config): readonly Setting[] {
  return KVM_RISCV_ISA_EXT.map((name) => ({ register: ISA_EXT[name], value: isOn(config, name) ? 1n : 0n }));
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

/** Linux hands over probes of the two ranges, but none of the exported VMMs answers them. */
function probeRefusals({ probes }: Config): readonly string[] {
  return SBI_NAMES.flatMap((name) => {
    const answer = probes[name];
    if (answer === undefined) return [];
    const isRange = Object.keys(SBI[name].functions).length === 0;
    const reason = isRange
      ? 'Linux hands such a probe to user space, where nothing here answers BASE.'
      : 'Linux answers probes in the kernel, by the truth about each extension.';
    return [`a probe of ${name} that answers 0x${answer.toString(16)}: ${reason}`];
  });
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
