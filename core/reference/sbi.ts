/** Cards of SBI extensions, functions and errors, from the tables. Pure. */
import { FIELDS, INTERFACES } from '../config/index.ts';
import { HOST_PROFILES, type HostProfile, type KvmInterface, selectableModes } from '../kvm/profiles/index.ts';
import { KVM_RISCV_SBI_EXT } from '../kvm/uapi.ts';
import { ERROR_CAUSES, ERROR_WORDS } from '../sbi/errors.ts';
import { SBI } from '../sbi/spec/index.ts';
import {
  type ArgType,
  type Category,
  type Mode,
  SBI_ERRORS,
  SBI_NAMES,
  type SbiArgument,
  type SbiError,
  type SbiExtension,
  type SbiFunction,
  type SbiName,
} from '../sbi/types.ts';
import { VMM_PROFILES, type VmmProfile } from '../vmm/profiles/index.ts';
import { type Card, cardId, type Item, line, type Row, rows } from './card.ts';
import { functionRelease, hasExtension, NEWEST, sinceLinux } from './since.ts';

const CATEGORY_TEXT: Readonly<Record<Category, string>> = {
  'isa-gap': 'It fills a gap of the instruction set.',
  privilege: 'It needs a higher privilege.',
  virtualization: 'It exists because of virtualization.',
  platform: 'It abstracts the platform.',
  confidential: 'It serves confidential computing.',
};

const TYPE_TEXT: Readonly<Record<ArgType, string>> = {
  ulong: 'Unsigned word.',
  long: 'Signed word.',
  u64: '64 bits.',
  u32: '32 bits; the upper half of the register does not count.',
  u8: 'One byte.',
  bytes: 'Number of bytes.',
  'gpa-lo': 'Low 64 bits of a guest-physical address.',
  'gpa-hi': 'High bits of a guest-physical address.',
  gpa: 'Guest-physical address.',
  gva: 'Guest-virtual address.',
  hart: 'Hart id.',
  'hart-mask': 'Mask of harts.',
  'hart-base': 'Hart id.',
  eid: 'Extension id.',
  flags: 'Bits.',
  time: 'Time in ticks of the timebase.',
};

const MODE_TEXT: Readonly<Record<Mode, string>> = { kvm: 'KVM', vmm: 'the VMM', off: 'nobody' };

const hex = (value: number): string => `0x${value.toString(16)}`;
const is = (...values: readonly number[]) => {
  const known = new Set(values.map((value) => BigInt.asUintN(64, BigInt(value))));
  return (value: bigint): boolean => known.has(BigInt.asUintN(64, value));
};

export const functionId = (extension: SbiName, name: string): Card['id'] => cardId('function', `${extension}.${name}`);

export function extensionCards(): readonly Card[] {
  return SBI_NAMES.map((name) => extensionCard(SBI[name]));
}

function extensionCard(extension: SbiExtension): Card {
  const { name, title, says, eid, functions } = extension;
  const [first, last] = eid;
  return {
    id: cardId('extension', name),
    kind: 'extension',
    name,
    title,
    code: first === last ? hex(first) : `${hex(first)} to ${hex(last)}`,
    says,
    whatIf: false,
    rows: rows(
      line('Specification', `SBI ${extension.since}; chapter ${extension.chapter} of SBI 3.0`),
      line('Linux', linuxText(name)),
      answerers(name),
      vmms(name, Object.keys(functions)),
      register(name),
      line('Kind', CATEGORY_TEXT[extension.category]),
      hotPath(extension),
      {
        label: 'Functions',
        items: Object.entries(functions).map(([key, definition]) => ({
          term: key,
          card: functionId(name, key),
          text: definition.says,
        })),
      },
    ),
    seen: { on: 'calls', extension: name },
    aliases: [`SBI_EXT_${name}`],
    hasNumber: (value) => BigInt.asUintN(64, value) >= BigInt(first) && BigInt.asUintN(64, value) <= BigInt(last),
  };
}

export function functionCards(): readonly Card[] {
  return SBI_NAMES.flatMap((name) => {
    const extension: SbiExtension = SBI[name];
    return Object.entries(extension.functions).map(([key, definition]) => functionCard(extension, key, definition));
  });
}

function functionCard(extension: SbiExtension, key: string, definition: SbiFunction): Card {
  const { name } = extension;
  const { fid, eid } = definition;
  return {
    id: functionId(name, key),
    kind: 'function',
    name: `${name} ${key}`,
    title: `${key}(${definition.args.map((argument) => argument.name).join(', ')})`,
    code: fid === undefined ? `a7=${hex(eid ?? 0)}` : `a7=${hex(extension.eid[0])} a6=${hex(fid)}`,
    says: definition.says,
    whatIf: false,
    rows: rows(
      { label: 'Arguments', items: definition.args.map(argumentItem) },
      returned(definition),
      { label: 'Errors', items: definition.errors.map((error) => errorItem(name, key, error)) },
      {
        label: 'Extension',
        items: [{ term: name, card: cardId('extension', name), text: extension.title }],
      },
      line('Specification', `SBI ${definition.since}; chapter ${extension.chapter} of SBI 3.0`),
      line('Linux', functionLinux(name, key)),
      answerers(name),
      vmms(name, [key]),
      hotPath(extension),
    ),
    seen: { on: 'calls', extension: name, text: `${key}(` },
    aliases: [key, `sbi_${key}`, `${name}.${key}`],
    hasNumber: eid === undefined ? () => false : is(eid),
  };
}

export function errorCards(): readonly Card[] {
  return (Object.keys(SBI_ERRORS) as SbiError[]).map((name) => {
    const { since, says } = ERROR_WORDS[name];
    return {
      id: cardId('error', name),
      kind: 'error',
      name,
      title: 'Error code of SBI, in a0',
      code: String(SBI_ERRORS[name]),
      says,
      whatIf: false,
      rows: rows(line('Specification', `SBI ${since}; §3.3 of SBI 3.0`), { label: 'Given by', items: givers(name) }),
      seen: { on: 'calls', error: name },
      aliases: [`SBI_${name}`, `SBI_ERR_${name}`],
      hasNumber: is(SBI_ERRORS[name]),
    };
  });
}

/** The functions that may give an error, with the reason. */
function givers(error: SbiError): readonly Item[] {
  return SBI_NAMES.flatMap((name) => {
    const { functions }: SbiExtension = SBI[name];
    return Object.entries(functions)
      .filter(([, { errors }]) => errors.includes(error))
      .map(([key]) => ({ term: `${name} ${key}`, card: functionId(name, key), text: causeOf(name, key, error) }));
  });
}

/** Why a function gives an error: its own reason, else what the code means. */
function causeOf(extension: SbiName, name: string, error: SbiError): string {
  const causes: Readonly<Record<string, Readonly<Partial<Record<SbiError, string>>>>> = ERROR_CAUSES[extension] ?? {};
  return causes[name]?.[error] ?? ERROR_WORDS[error].says;
}

function errorItem(extension: SbiName, name: string, error: SbiError): Item {
  return {
    term: `${SBI_ERRORS[error]} ${error}`,
    card: cardId('error', error),
    text: causeOf(extension, name, error),
  };
}

function argumentItem(argument: SbiArgument, index: number): Item {
  return {
    term: `a${index} ${argument.name}`,
    ...withValues(argument.says ?? TYPE_TEXT[argument.type], argument.values),
  };
}

function returned({ returns, returnValues, noReturn }: SbiFunction): Row | null {
  if (noReturn === true) return line('Returns', 'It does not return when it succeeds.');
  return returns === undefined
    ? null
    : { label: 'Returns', items: [{ term: 'a1', ...withValues(returns, returnValues) }] };
}

function withValues(text: string, values: Readonly<Record<string, number>> | undefined): Pick<Item, 'text' | 'values'> {
  if (values === undefined) return { text };
  const named = Object.entries(values).map(([name, value]) => ({
    value: value > 0xff ? hex(value) : `${value}`,
    name,
  }));
  return { text: text.replace(/\.?$/, ':'), values: named };
}

function linuxText(name: SbiName): string {
  const since = sinceLinux((release) => hasExtension(release, name), 'extensions');
  const { caller }: SbiExtension = SBI[name];
  if (caller !== undefined) return caller;
  if (since === null) return `No KVM up to Linux ${NEWEST.name} knows it: calls get NOT_SUPPORTED.`;
  const extension = NEWEST.extensions[name];
  if (extension === undefined) return `KVM answers it since ${since}, always: there is no register for it.`;
  const where = extension.where === 'kernel' ? 'KVM answers it' : 'KVM hands it to user space';
  const on = extension.enabled ? 'on' : 'off until the VMM enables it';
  const needs = extension.needs === undefined ? '' : ` It needs harts with ${extension.needs}.`;
  return `${where} since ${since}. A new vcpu has it ${on}.${needs}`;
}

function functionLinux(extension: SbiName, name: string): string {
  const first = functionRelease(extension, name);
  if (first === undefined) return `No KVM up to Linux ${NEWEST.name} knows it: the call gets NOT_SUPPORTED.`;
  const since = sinceLinux((release) => release === first, 'extensions');
  return `${NEWEST.extensions[extension]?.where === 'user' ? 'KVM hands it to user space' : 'KVM answers it'} since ${since}.`;
}

/** Who can be made to answer, for each interface on the newest release. */
function answerers(name: SbiName): Row | null {
  const [host] = HOST_PROFILES;
  if (host === undefined) return null;
  return {
    label: 'Who can answer',
    items: INTERFACES.map((kvm) => ({ term: interfaceLabel(kvm), text: choices(kvm, host, name) })),
  };
}

/** The VMMs that answer such calls once they are handed over; for an extension, which of its functions. */
function vmms(name: SbiName, functions: readonly string[]): Row {
  const items = VMM_PROFILES.flatMap((vmm) => {
    const served = functions.filter((key) => servesFunction(vmm, name, key));
    if (served.length === 0) return [];
    return [served.length === functions.length ? { term: vmm.label } : { term: vmm.label, text: served.join(', ') }];
  });
  return { label: 'VMMs that serve it', items };
}

function servesFunction({ serves }: VmmProfile, name: SbiName, key: string): boolean {
  if (serves === 'all') return SBI[name].vmm;
  return serves[name]?.includes(key) ?? false;
}

function choices(kvm: KvmInterface, host: HostProfile, name: SbiName): string {
  const modes = selectableModes(kvm, host, name).map((mode) => MODE_TEXT[mode]);
  return modes.length > 1 ? `${modes.slice(0, -1).join(', ')} or ${modes.at(-1)}` : modes.join('');
}

function interfaceLabel(kvm: KvmInterface): string {
  const { control } = FIELDS.interface;
  const options = control.kind === 'choice' ? control.options : [];
  return options.find(({ value }) => value === kvm)?.label ?? kvm;
}

function register(name: SbiName): Row | null {
  if (!(name in KVM_RISCV_SBI_EXT)) return null;
  return { label: 'Register', items: [{ term: `SBI_EXT.${name}`, card: cardId('register', `SBI_EXT.${name}`) }] };
}

function hotPath({ hot }: SbiExtension): Row | null {
  return line('Hot path', hot ?? 'No: it is called rarely.');
}
