/**
 * The fields of a configuration: one entry each, from which validation, form, link and file are made.
 * Adding an option means adding it here and to `Config`. Keys are frozen once released.
 */

import { MODES, SBI_NAMES, SBI_VERSIONS, type SbiName } from '../sbi/types.ts';
import { choice, eachOf, type Field, hex64, integer, numbersOf, setOf, text } from '../schema/index.ts';
import type { VmmName } from '../vmm/profiles/index.ts';
import { hostDeflate } from './deflate.ts';
import { guestField } from './guest.ts';
import {
  DEFAULT_FOUNDATION,
  DEFAULT_HOST,
  DEFAULT_INTERFACE,
  DEFAULT_VMM,
  EXAMPLES,
  HOSTS,
  HOSTS_ALLOWED,
  ISA_DEFAULT,
  ISA_GROUPS,
  ISA_OPTIONS,
  MISALIGNED_OPTIONS,
  SATP_MODES,
  SYSTEMS,
  standardOf,
  VMMS,
} from './tables.ts';
import { type Config, type Hardware, INTERFACES, type KvmInterface } from './types.ts';

const initial = standardOf(DEFAULT_FOUNDATION);
const { hardware } = DEFAULT_FOUNDATION;

const INTERFACE_WORDS: Readonly<Record<KvmInterface, { label: string; help: string }>> = {
  upstream: { label: 'Upstream Linux', help: 'Only what Linux itself can do.' },
  userspace: {
    label: 'Userspace SBI',
    help: 'The capability proposed in 2025: disabled and unknown calls, BASE included, exit to the VMM.',
  },
  accelerator: {
    label: 'Accelerator',
    help: 'What if: the VMM sets version and identity, and places every extension in KVM, in itself or nowhere.',
  },
};

/** One character for each extension in links; frozen. */
const SBI_CODES: Readonly<Record<SbiName, string>> = {
  V01: 'l',
  BASE: 'b',
  TIME: 't',
  IPI: 'i',
  RFENCE: 'r',
  HSM: 'h',
  SRST: 's',
  PMU: 'p',
  DBCN: 'd',
  SUSP: 'u',
  CPPC: 'c',
  NACL: 'n',
  STA: 'a',
  SSE: 'e',
  FWFT: 'f',
  DBTR: 'g',
  MPXY: 'm',
  EXPERIMENTAL: 'x',
  VENDOR: 'v',
};

/** Console input at the start and boot arguments: Linux's own command line is at most 1024 bytes on RISC-V. */
const INPUT_LIMIT = 64 * 1024;
const BOOTARGS_LIMIT = 1024;
/** A second of virtual time for one trap is far beyond any host. */
const COST_LIMIT_NS = 1_000_000_000;
/** One instruction per 10 µs up to 100 per ns. */
const INSTRUCTIONS_PER_TICK_LIMIT = 10_000;

export const FIELDS = {
  interface: choice<KvmInterface>({
    key: 'i',
    label: 'Interface',
    help: 'Which KVM interface exists.',
    initial: DEFAULT_INTERFACE,
    options: INTERFACES.map((value) => ({ value, ...INTERFACE_WORDS[value] })),
    codes: { upstream: 'u', userspace: 's', accelerator: 'a' },
  }),
  host: choice<string>({
    key: 'o',
    label: 'Host',
    help: 'The Linux release whose KVM is modelled.',
    initial: DEFAULT_HOST,
    options: HOSTS,
    allowed: HOSTS_ALLOWED,
  }),
  'hardware.aia': choice<Hardware['aia']>({
    key: 'ha',
    label: 'AIA',
    help: 'Advanced interrupt architecture: KVM then tells of an irqchip, and a guest has Ssaia, priorities of its interrupts and stopi.',
    initial: hardware.aia,
    options: [
      { value: 'off', label: 'off' },
      { value: 'on', label: 'on' },
    ],
  }),
  'hardware.satpMode': choice<Hardware['satpMode']>({
    key: 'hs',
    label: 'Page tables',
    help: 'Largest mode of satp on the host, which is also that of a guest.',
    initial: hardware.satpMode,
    options: SATP_MODES.map((value) => ({ value, label: `Sv${value.slice(2)}` })),
  }),
  'hardware.misaligned': choice<Hardware['misaligned']>({
    key: 'hm',
    label: 'Misaligned',
    help: 'Who carries out loads and stores at misaligned addresses.',
    initial: hardware.misaligned,
    options: MISALIGNED_OPTIONS,
    codes: { hart: 'h', firmware: 'f', delegated: 'd' },
  }),
  'hardware.mvendorid': hex64({
    key: 'hv',
    label: 'Host mvendorid',
    help: 'Vendor of the host: what a guest sees unless the VMM sets another, and always before Linux 6.2.',
    initial: hardware.mvendorid,
  }),
  'hardware.marchid': hex64({
    key: 'hc',
    label: 'Host marchid',
    help: 'Microarchitecture id of the host: what a guest sees unless the VMM sets another.',
    initial: hardware.marchid,
  }),
  'hardware.mimpid': hex64({
    key: 'hi',
    label: 'Host mimpid',
    help: 'Implementation version of the host: what a guest sees unless the VMM sets another.',
    initial: hardware.mimpid,
  }),
  vmm: choice<VmmName>({
    key: 'u',
    label: 'VMM',
    help: 'Which program runs the guest in user space: what it serves and switches on, and what stops it.',
    initial: DEFAULT_VMM,
    options: VMMS,
  }),
  sbiVersion: choice({
    key: 'V',
    label: 'SBI version',
    help: 'The specification version that BASE reports; it hides what is newer.',
    initial: initial.sbiVersion,
    options: SBI_VERSIONS.map((value) => ({ value, label: value })),
  }),
  implId: hex64({
    key: 'I',
    label: 'Implementation id',
    help: 'What get_impl_id answers; 3 is KVM.',
    initial: initial.implId,
  }),
  implVersion: hex64({
    key: 'W',
    label: 'Implementation version',
    help: 'What get_impl_version answers; KVM gives the version code of Linux.',
    initial: initial.implVersion,
  }),
  mvendorid: hex64({
    key: 'd',
    label: 'mvendorid',
    help: 'JEDEC id of the vendor of the core.',
    initial: initial.mvendorid,
  }),
  marchid: hex64({ key: 'a', label: 'marchid', help: 'Microarchitecture id of the core.', initial: initial.marchid }),
  mimpid: hex64({ key: 'p', label: 'mimpid', help: 'Implementation version of the core.', initial: initial.mimpid }),
  sbi: eachOf({
    key: 's',
    label: 'SBI extensions',
    help: 'Who answers each extension: KVM, the VMM, or nobody.',
    initial: initial.sbi,
    rows: SBI_NAMES.map((value) => ({ value, label: value })),
    options: MODES.map((value) => ({ value, label: value })),
    rowCodes: SBI_CODES,
    codes: { kvm: 'k', vmm: 'v', off: 'o' },
  }),
  probes: numbersOf({
    key: 'P',
    label: 'Probe answers',
    help: "What the VMM's probe_extension answers for an extension, right or wrong; the others get the truth.",
    initial: {},
    example: 'DBCN=0 SUSP=1',
    rows: SBI_NAMES.map((value) => ({ value, label: value })),
    rowCodes: SBI_CODES,
  }),
  harts: integer({ key: 'n', label: 'Harts', help: 'Number of vcpus.', initial: 1, min: 1, max: 8, unit: '' }),
  memory: integer({ key: 'm', label: 'Memory', help: 'Guest RAM.', initial: 64, min: 16, max: 1024, unit: 'MiB' }),
  isa: setOf({
    key: 'e',
    label: 'ISA extensions',
    help: 'What the harts have beyond RV64I, as the guest finds it in riscv,isa.',
    initial: ISA_DEFAULT,
    options: ISA_OPTIONS,
    groups: ISA_GROUPS,
  }),
  'costs.instructionsPerTick': integer({
    key: 't',
    label: 'Instructions per tick',
    help: 'Speed of the harts: instructions in one tick (100 ns) of the 10 MHz timebase.',
    initial: 100,
    min: 1,
    max: INSTRUCTIONS_PER_TICK_LIMIT,
    unit: '',
  }),
  'costs.trapNs': integer({
    key: 'x',
    label: 'Trap',
    help: 'Virtual time from the guest to KVM and back.',
    initial: 900,
    min: 0,
    max: COST_LIMIT_NS,
    unit: 'ns',
  }),
  'costs.exitNs': integer({
    key: 'y',
    label: 'Exit',
    help: 'Virtual time from KVM to the VMM and back, on top of the trap.',
    initial: 5200,
    min: 0,
    max: COST_LIMIT_NS,
    unit: 'ns',
  }),
  neighbours: integer({
    key: 'N',
    label: 'Neighbours',
    help: 'Other busy machines on each CPU of the host, which take turns with this one and steal its time (STA).',
    initial: 0,
    min: 0,
    max: 7,
    unit: '',
  }),
  guest: guestField('hello', { examples: EXAMPLES, systems: SYSTEMS }, hostDeflate),
  input: text({
    key: 'k',
    label: 'Input',
    help: 'Console input that is there from the start.',
    initial: '',
    maxLength: INPUT_LIMIT,
    multiline: true,
  }),
  bootargs: text({
    key: 'b',
    label: 'Boot arguments',
    help: 'The bootargs of the device tree.',
    initial: '',
    maxLength: BOOTARGS_LIMIT,
    multiline: false,
  }),
} as const;

export type FieldName = keyof typeof FIELDS;
export type ValueOf<F> = F extends Field<infer T> ? T : never;
/** The configuration, flat: one value for each field. */
export type Values = { readonly [K in FieldName]: ValueOf<(typeof FIELDS)[K]> };

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** Fields that stand together in a record of `Config`. */
const GROUPS = ['hardware', 'costs'] as const;

/** `hardware.aia` and its like, back into a record each; other fields stay as they are. */
export function grouped<T>(flat: Readonly<Record<string, T>>): Readonly<Record<string, T | Record<string, T>>> {
  const result: Record<string, T | Record<string, T>> = {};
  const groups: Record<string, Record<string, T>> = {};
  for (const [name, value] of Object.entries(flat)) {
    const group = GROUPS.find((known) => name.startsWith(`${known}.`));
    if (group === undefined) result[name] = value;
    else {
      groups[group] ??= {};
      result[group] = groups[group];
      groups[group][name.slice(group.length + 1)] = value;
    }
  }
  return result;
}

/** Whether a record of fields has that name. */
export function isGroup(name: string): boolean {
  return (GROUPS as readonly string[]).includes(name);
}

export function valuesOf({ hardware: machine, costs, ...rest }: Config): Values {
  return { ...rest, ...prefixed('hardware', machine), ...prefixed('costs', costs) };
}

type Prefixed<G extends string, R> = { readonly [K in keyof R as `${G}.${K & string}`]: R[K] };

function prefixed<G extends string, R extends object>(group: G, fields: R): Prefixed<G, R> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${group}.${name}`, value])) as Prefixed<
    G,
    R
  >;
}

export function configOf(values: Values): Config {
  return grouped(values) as unknown as Config;
}
