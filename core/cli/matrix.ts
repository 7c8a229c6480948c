/** `ecall matrix`: what a guest meets on every Linux release under every VMM, found by running guests there. */
import { CHOICES, type Choice } from '../config/combination.ts';
import { FIELDS, type KvmInterface, type Platform } from '../config/index.ts';
import { HOST_PROFILES } from '../kvm/profiles/index.ts';
import { survey } from '../machine/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { Survey } from '../trace/survey.ts';
import { countsOf, findingWords } from '../trace/survey-words.ts';
import { VMM_PROFILES, type VmmName } from '../vmm/profiles/index.ts';
import { argumentsOf } from './arguments.ts';
import { EXIT, type ExitCode, type OptionHelp, optionLines, UsageError } from './usage.ts';

const OPTIONS = {
  interface: { type: 'string' },
  choice: { type: 'string' },
  host: { type: 'string', multiple: true },
  vmm: { type: 'string', multiple: true },
  extension: { type: 'string' },
  'without-legacy': { type: 'boolean' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
} as const;

const OPTION_HELP: readonly OptionHelp[] = [
  { name: 'interface', value: 'NAME', says: `${FIELDS.interface.allowed} Default: upstream.` },
  {
    name: 'choice',
    value: 'NAME',
    says: 'default: as the combination comes. most: every extension answered that it allows. Default: default.',
  },
  { name: 'host', value: 'NAME', says: 'Only this release, as linux-7.2. May be repeated.' },
  {
    name: 'vmm',
    value: 'NAME',
    says: `Only this VMM: ${VMM_PROFILES.map(({ name }) => name).join(', ')}. May be repeated.`,
  },
  { name: 'extension', value: 'NAME', says: `Only this extension, one of ${SBI_NAMES.join(', ')}; or version.` },
  { name: 'without-legacy', says: 'Releases built without the legacy calls, as distributions do.' },
  { name: 'json', says: 'Everything that was found, a line of JSON for each combination.' },
  { name: 'csv', says: 'A row for each combination and extension.' },
];

export const MATRIX_HELP = `Usage: ecall matrix [OPTIONS]

Runs the probe guest on every combination of Linux release and VMM, and prints what it meets there. Rows are releases,
columns are VMMs. Without --extension a cell counts the extensions that are present, and those that stop the VM.

With --choice most an extension is answered in KVM where the release has it, else by the VMM where that serves it and the
interface hands it over. Under userspace the VMM then answers BASE too, and reports SBI 3.0: a guest believes whoever
answers BASE, and an old kernel denies what it does not know.

${optionLines(OPTION_HELP)}`;

interface Cell {
  readonly platform: Platform;
  readonly choice: Choice;
  readonly found: Survey;
}

export function matrix(args: readonly string[]): ExitCode {
  const { values } = argumentsOf(args, { options: OPTIONS });
  if (values.json === true && values.csv === true) throw new UsageError('--json and --csv exclude each other');
  const topic = topicOf(values.extension);
  const kvm = interfaceOf(values.interface);
  const choice = choiceOf(values.choice);
  const vmms = vmmsOf(values.vmm);
  const hosts = hostsOf(values.host, values['without-legacy'] === true);
  const started = performance.now();
  const row = (host: string): readonly Cell[] =>
    vmms.map((vmm) => {
      const platform = { interface: kvm, host, vmm };
      return { platform, choice, found: survey(platform, choice) };
    });
  let runs = 0;
  process.stdout.write(headOf(values, topic, vmms));
  for (const host of hosts) {
    const cells = row(host);
    process.stdout.write(rowText(values, topic, cells));
    runs += cells.reduce((sum, { found }) => sum + (found.starts ? found.runs : 0), 0);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`ecall: ${hosts.length * vmms.length} combinations, ${runs} guests, ${seconds} s\n`);
  return EXIT.done;
}

type Form = { readonly json?: boolean | undefined; readonly csv?: boolean | undefined };
type Topic = SbiName | 'version' | 'all';

const HOST_WIDTH = 18;
const CELL_WIDTH = 18;

function headOf({ json, csv }: Form, topic: Topic, vmms: readonly VmmName[]): string {
  if (json === true) return '';
  if (csv === true) return 'interface,host,vmm,what,finding,words\n';
  const title = topic === 'all' ? 'present/stops' : topic;
  return `${title.padEnd(HOST_WIDTH)}${vmms.map((vmm) => vmm.padEnd(CELL_WIDTH)).join('')}`.trimEnd().concat('\n');
}

function rowText({ json, csv }: Form, topic: Topic, cells: readonly Cell[]): string {
  if (json === true)
    return cells
      .map(({ platform, choice, found }) => `${JSON.stringify({ ...platform, choice, ...found })}\n`)
      .join('');
  if (csv === true) return cells.flatMap((cell) => csvRows(cell, topic)).join('');
  const [first] = cells;
  const texts = cells.map(({ found }) => cellText(found, topic).padEnd(CELL_WIDTH));
  return `${(first?.platform.host ?? '').padEnd(HOST_WIDTH)}${texts.join('')}`.trimEnd().concat('\n');
}

/** `9/2`, `kvm`, `stops`, `3.0`, or `does not start`. */
function cellText(found: Survey, topic: Topic): string {
  if (!found.starts) return 'does not start';
  if (topic === 'version') return found.version ?? 'none';
  if (topic !== 'all') return findingWords(found.findings[topic]);
  const { present, stops } = countsOf(found.findings);
  return `${present}/${stops}`;
}

function csvRows({ platform, found }: Cell, topic: Topic): readonly string[] {
  const { interface: kvm, host, vmm } = platform;
  const line = (...columns: readonly string[]): string => `${[kvm, host, vmm, ...columns].map(quoted).join(',')}\n`;
  if (!found.starts) return [line('vmm', 'does not start', found.words)];
  const names = topic === 'all' ? SBI_NAMES : SBI_NAMES.filter((name) => name === topic);
  const version = topic === 'all' || topic === 'version' ? [line('version', found.version ?? 'none', '')] : [];
  const rows = names.map((name) => {
    const finding = found.findings[name];
    return line(name, findingWords(finding), finding.kind === 'stops' ? finding.words : '');
  });
  return [...version, ...rows];
}

/** [RFC 4180] */
function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function topicOf(text: string | undefined): Topic {
  if (text === undefined) return 'all';
  if (text.toLowerCase() === 'version') return 'version';
  const name = SBI_NAMES.find((known) => known === text.toUpperCase());
  if (name === undefined)
    throw new UsageError(`there is no extension ${text}`, `One of ${SBI_NAMES.join(', ')}; or version.`);
  return name;
}

function interfaceOf(text: string | undefined): KvmInterface {
  const { control } = FIELDS.interface;
  const options = control.kind === 'choice' ? control.options.map(({ value }) => value as KvmInterface) : [];
  const found = options.find((value) => value === (text ?? 'upstream'));
  if (found === undefined) throw new UsageError(`there is no interface ${text}`, FIELDS.interface.allowed);
  return found;
}

function choiceOf(text: string | undefined): Choice {
  const found = CHOICES.find((choice) => choice === (text ?? 'default'));
  if (found === undefined) throw new UsageError(`there is no choice ${text}`, `One of ${CHOICES.join(', ')}.`);
  return found;
}

function vmmsOf(names: readonly string[] | undefined): readonly VmmName[] {
  const all = VMM_PROFILES.map(({ name }) => name);
  const unknown = names?.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined) throw new UsageError(`there is no VMM ${unknown}`, FIELDS.vmm.allowed);
  return names === undefined ? all : all.filter((name) => names.includes(name));
}

function hostsOf(names: readonly string[] | undefined, withoutLegacy: boolean): readonly string[] {
  const unknown = names?.find((name) => !HOST_PROFILES.some((profile) => profile.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no host ${unknown}`, FIELDS.host.allowed);
  if (names !== undefined) return HOST_PROFILES.map(({ name }) => name).filter((name) => names.includes(name));
  return HOST_PROFILES.filter(({ sbiV01 }) => sbiV01 !== withoutLegacy).map(({ name }) => name);
}
