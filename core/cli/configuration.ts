/** The options that make a configuration, shared by `run`, `link`, `check` and `export`. */
import {
  type Config,
  defaultConfig,
  FIELDS,
  type Foundation,
  fromLink,
  ISA_OPTIONS,
  moveTo,
  parseConfig,
  withExample,
  withSystem,
} from '../config/index.ts';
import { SYSTEMS } from '../guests/systems.ts';
import { GROUPS } from '../isa/defs/groups.ts';
import { extensionByName } from '../isa/defs/index.ts';
import { parseIsaString } from '../isa/derive/isa-string.ts';
import { MODES, SBI_NAMES } from '../sbi/types.ts';
import type { Problem } from '../schema/index.ts';
import { readText } from './files.ts';
import { type OptionHelp, UsageError } from './usage.ts';

export const CONFIG_OPTIONS = {
  config: { type: 'string' },
  url: { type: 'string' },
  example: { type: 'string' },
  guest: { type: 'string' },
  interface: { type: 'string' },
  host: { type: 'string' },
  vmm: { type: 'string' },
  sbi: { type: 'string', multiple: true },
  'sbi-version': { type: 'string' },
  'impl-id': { type: 'string' },
  'impl-version': { type: 'string' },
  aia: { type: 'string' },
  'satp-mode': { type: 'string' },
  misaligned: { type: 'string' },
  'host-mvendorid': { type: 'string' },
  'host-marchid': { type: 'string' },
  'host-mimpid': { type: 'string' },
  mvendorid: { type: 'string' },
  marchid: { type: 'string' },
  mimpid: { type: 'string' },
  probes: { type: 'string' },
  harts: { type: 'string' },
  memory: { type: 'string' },
  isa: { type: 'string' },
  'instructions-per-tick': { type: 'string' },
  'trap-ns': { type: 'string' },
  'exit-ns': { type: 'string' },
  neighbours: { type: 'string' },
  append: { type: 'string' },
  input: { type: 'string' },
} as const;

export type ConfigArguments = { readonly [K in keyof typeof CONFIG_OPTIONS]?: string | string[] | undefined };

export const CONFIG_HELP: readonly OptionHelp[] = [
  { name: 'config', value: 'FILE', says: 'Start from a configuration in JSON, as `ecall link --json` writes it.' },
  { name: 'url', value: 'LINK', says: 'Start from a link of the page, or its part after the #.' },
  { name: 'example', value: 'ID', says: 'Run an example of the page instead of a file.' },
  {
    name: 'guest',
    value: 'ID',
    says: `Run a system whose images \`npm run guests\` makes: ${SYSTEMS.map(({ id }) => id).join(', ')}.`,
  },
  { name: 'interface', value: 'NAME', says: FIELDS.interface.allowed },
  { name: 'host', value: 'NAME', says: FIELDS.host.allowed },
  { name: 'vmm', value: 'NAME', says: `Which VMM runs the guest. ${FIELDS.vmm.allowed}` },
  { name: 'sbi', value: 'EXT=MODE', says: `Who answers: ${MODES.join(', ')}. May be repeated, or a list with commas.` },
  { name: 'sbi-version', value: 'VERSION', says: FIELDS.sbiVersion.allowed },
  { name: 'impl-id', value: '0xHEX', says: FIELDS.implId.help },
  { name: 'impl-version', value: '0xHEX', says: FIELDS.implVersion.help },
  { name: 'aia', value: 'WORD', says: FIELDS['hardware.aia'].allowed },
  { name: 'satp-mode', value: 'NAME', says: FIELDS['hardware.satpMode'].allowed },
  { name: 'misaligned', value: 'WHO', says: FIELDS['hardware.misaligned'].allowed },
  { name: 'host-mvendorid', value: '0xHEX', says: FIELDS['hardware.mvendorid'].help },
  { name: 'host-marchid', value: '0xHEX', says: FIELDS['hardware.marchid'].help },
  { name: 'host-mimpid', value: '0xHEX', says: FIELDS['hardware.mimpid'].help },
  { name: 'mvendorid', value: '0xHEX', says: FIELDS.mvendorid.help },
  { name: 'marchid', value: '0xHEX', says: FIELDS.marchid.help },
  { name: 'mimpid', value: '0xHEX', says: FIELDS.mimpid.help },
  { name: 'probes', value: 'EXT=N ...', says: FIELDS.probes.help },
  { name: 'harts', value: 'N', says: FIELDS.harts.allowed },
  { name: 'memory', value: 'MIB', says: FIELDS.memory.allowed },
  { name: 'isa', value: 'LIST', says: 'ISA string (rv64gc_zba), or changes, as in --isa=-C,+Sstc.' },
  { name: 'instructions-per-tick', value: 'N', says: FIELDS['costs.instructionsPerTick'].help },
  { name: 'trap-ns', value: 'N', says: FIELDS['costs.trapNs'].help },
  { name: 'exit-ns', value: 'N', says: FIELDS['costs.exitNs'].help },
  { name: 'neighbours', value: 'N', says: FIELDS.neighbours.help },
  { name: 'append', value: 'TEXT', says: 'Boot arguments of the device tree.' },
  {
    name: 'input',
    value: 'TEXT',
    says: 'Console input from the start; \\n, \\r, \\t, \\\\ and \\xNN are understood; @FILE reads a file.',
  },
];

/** The configuration that the options describe. Throws UsageError with every problem that it has. */
export async function configurationOf(given: ConfigArguments): Promise<Config> {
  const base = await startOf(given);
  const moved = moveTo(base, {
    ...(isText(given.interface) ? { interface: valid('interface', given.interface) } : {}),
    ...(isText(given.host) ? { host: valid('host', given.host) } : {}),
    hardware: valid('hardware', { ...base.hardware, ...hardwareOf(given) }),
    ...(isText(given.vmm) ? { vmm: valid('vmm', given.vmm) } : {}),
  }).config;
  const wanted = guestOf(moved, given);
  const data: Record<string, unknown> = { ...wanted, costs: { ...wanted.costs } };
  const set = (field: string, text: string | string[] | undefined): void => {
    if (isText(text)) data[field] = text;
  };
  set('sbiVersion', given['sbi-version']);
  set('implId', given['impl-id']);
  set('implVersion', given['impl-version']);
  set('bootargs', given.append);
  for (const field of ['mvendorid', 'marchid', 'mimpid', 'probes', 'harts', 'memory', 'neighbours'] as const)
    set(field, given[field]);
  // What the host cannot have is a problem here, and not fitted to it.
  data.hardware = { ...wanted.hardware, ...hardwareOf(given) };
  if (isText(given.isa)) data.isa = isaOf(given.isa, wanted.isa);
  if (isText(given.input)) data.input = inputOf(given.input);
  data.sbi = { ...wanted.sbi, ...modesOf([given.sbi ?? []].flat()) };
  data.costs = {
    instructionsPerTick: given['instructions-per-tick'] ?? wanted.costs.instructionsPerTick,
    trapNs: given['trap-ns'] ?? wanted.costs.trapNs,
    exitNs: given['exit-ns'] ?? wanted.costs.exitNs,
  };
  const parsed = parseConfig(data);
  if (!parsed.ok) throw problemsError(parsed.problems);
  return parsed.config;
}

async function startOf(given: ConfigArguments): Promise<Config> {
  if (isText(given.config) && isText(given.url)) throw new UsageError('--config and --url exclude each other');
  if (!isText(given.config)) {
    const opened = isText(given.url) ? await fromLink(given.url) : { ok: true as const, config: defaultConfig() };
    if (!opened.ok) throw problemsError(opened.problems);
    return opened.config;
  }
  const text = readText(given.config);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${given.config} is not JSON: ${(error as Error).message}`);
  }
  const parsed = parseConfig(data);
  if (!parsed.ok) throw problemsError(parsed.problems);
  return parsed.config;
}

function guestOf(config: Config, { example, guest }: ConfigArguments): Config {
  if (isText(example) && isText(guest)) throw new UsageError('--example and --guest exclude each other');
  if (isText(example)) return exampleOf(config, example);
  if (!isText(guest)) return config;
  const system = withSystem(config, guest);
  if (system === null) throw new UsageError(`there is no guest ${guest}`, FIELDS.guest.allowed);
  return system;
}

function exampleOf(config: Config, id: string): Config {
  const fitted = withExample(config, id);
  if (fitted === null) throw new UsageError(`there is no example ${id}`, FIELDS.guest.allowed);
  return fitted.config;
}

/** Options of the host's machine, by field. */
const HARDWARE_OPTIONS = {
  aia: 'aia',
  satpMode: 'satp-mode',
  misaligned: 'misaligned',
  mvendorid: 'host-mvendorid',
  marchid: 'host-marchid',
  mimpid: 'host-mimpid',
} as const satisfies Record<keyof Config['hardware'], keyof ConfigArguments>;

function hardwareOf(given: ConfigArguments): Record<string, unknown> {
  const entries = Object.entries(HARDWARE_OPTIONS).map(([field, option]) => [field, given[option]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Checked alone, since the defaults of the other fields follow from it. */
function valid<K extends keyof Foundation>(field: K, value: unknown): Config[K] {
  const parsed = parseConfig({ [field]: value });
  if (!parsed.ok) throw problemsError(parsed.problems);
  return parsed.config[field];
}

export function problemsError(problems: readonly Problem[]): UsageError {
  const lines = problems.map(({ field, message, hint }) => `${field === '' ? '' : `${field}: `}${message}\n  ${hint}`);
  return new UsageError(lines.join('\n'));
}

function modesOf(assignments: readonly string[]): Record<string, string> {
  const parts = assignments.flatMap((list) => list.split(',')).filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [, name = '', mode = ''] = /^([^=]+)=([^=]+)$/.exec(part) ?? [];
      if (mode === '') throw new UsageError(`--sbi ${part}: write EXT=MODE`, 'As in DBCN=kvm.');
      const extension = SBI_NAMES.find((known) => known === name.toUpperCase());
      if (extension === undefined)
        throw new UsageError(`--sbi ${part}: there is no extension ${name}`, `One of ${SBI_NAMES.join(', ')}.`);
      const answers = MODES.find((known) => known === mode.toLowerCase());
      if (answers === undefined)
        throw new UsageError(`--sbi ${part}: there is no mode ${mode}`, `One of ${MODES.join(', ')}.`);
      return [extension, answers];
    }),
  );
}

/** An ISA string names everything that is on; a list of `+Name` and `-Name` changes what `before` has. */
function isaOf(text: string, before: readonly string[]): readonly string[] {
  if (/^rv64/i.test(text)) {
    const parsed = parseIsaString(text);
    if (!parsed.ok) throw new UsageError(`--isa ${text}: ${parsed.problems[0]?.message}`, FIELDS.isa.allowed);
    return parsed.extensions.filter((name) => ISA_OPTIONS.some((option) => option.value === name));
  }
  let on = [...before];
  for (const change of text.split(',')) {
    if (!/^[+-]/.test(change)) {
      const hint = 'Write an ISA string, as in rv64gc_zba, or changes, as in --isa=-C,+Sstc.';
      throw new UsageError(`--isa ${text}: ${change} is neither an RV64 ISA string nor a change`, hint);
    }
    const names = extensionsNamed(change.slice(1));
    for (const name of names) checkIsa(text, name);
    on = on.filter((other) => !names.includes(other));
    if (change.startsWith('+')) on = [...on, ...names];
  }
  return on;
}

/** In any case, and spelled out if it is the name of a group; what every hart has goes without saying in one. */
function extensionsNamed(text: string): readonly string[] {
  const known = [...ISA_OPTIONS.map(({ value }) => value), ...GROUPS.keys()];
  const name = known.find((one) => one.toLowerCase() === text.toLowerCase()) ?? text;
  return GROUPS.get(name)?.filter((part) => extensionByName(part)?.always !== true) ?? [name];
}

function checkIsa(text: string, name: string): void {
  if (ISA_OPTIONS.some((option) => option.value === name)) return;
  throw new UsageError(`--isa ${text}: the harts know no extension ${name}`, FIELDS.isa.allowed);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', e: '\x1b', 0: '\0' };

function inputOf(text: string): string {
  if (text.startsWith('@')) return readText(text.slice(1));
  return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (whole, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const character = ESCAPES[code];
    if (character === undefined)
      throw new UsageError(`--input: ${whole} is not an escape`, 'Write \\\\ for a backslash.');
    return character;
  });
}

function isText(value: string | string[] | undefined): value is string {
  return typeof value === 'string';
}
