/**
 * Registers of an SBI call to words and back: lookup by id, named arguments, results by name.
 * All from the tables in `spec`; it answers no call. [SBI 3.0 §3]
 */
import { SBI } from './spec/index.ts';
import {
  type ArgType,
  SBI_ERRORS,
  SBI_NAMES,
  type SbiArgument,
  type SbiError,
  type SbiExtension,
  type SbiFunction,
  type SbiName,
} from './types.ts';
import { decodeVersion } from './version.ts';

export interface NamedFunction {
  readonly name: string;
  readonly definition: SbiFunction;
}

export interface NamedArgument {
  readonly argument: SbiArgument;
  /** Unsigned 64-bit register value. */
  readonly value: bigint;
  /** The value as the argument's type reads, e.g. `all`, `0x80200080`, `SHUTDOWN`. */
  readonly text: string;
}

const U64_MASK = 0xffff_ffff_ffff_ffffn;
const U32_MASK = 0xffff_ffffn;

/** Extensions with a single id; the ranges are few and searched after it. */
const SINGLES = new Map<bigint, SbiExtension>();
const RANGES: SbiExtension[] = [];
for (const name of SBI_NAMES) {
  const extension: SbiExtension = SBI[name];
  if (extension.eid[0] === extension.eid[1]) SINGLES.set(BigInt(extension.eid[0]), extension);
  else RANGES.push(extension);
}

const FUNCTIONS = new Map<SbiExtension, ReadonlyMap<bigint, NamedFunction>>(
  SBI_NAMES.map((name): [SbiExtension, ReadonlyMap<bigint, NamedFunction>] => {
    const functions: SbiExtension['functions'] = SBI[name].functions;
    const byId = Object.entries(functions).map(([key, definition]): [bigint, NamedFunction] => [
      BigInt(definition.fid ?? definition.eid ?? 0),
      { name: key, definition },
    ]);
    return [SBI[name], new Map(byId)];
  }),
);

const ERROR_NAMES = new Map<bigint, SbiError>(
  (Object.entries(SBI_ERRORS) as [SbiError, number][]).map(([name, code]) => [BigInt.asUintN(64, BigInt(code)), name]),
);

/** The extension of an unsigned 64-bit extension id; ids are compared in all 64 bits. */
export function extensionOf(eid: bigint): SbiExtension | undefined {
  const single = SINGLES.get(eid);
  if (single !== undefined) return single;
  return RANGES.find((range) => eid >= BigInt(range.eid[0]) && eid <= BigInt(range.eid[1]));
}

/** The function of a call. For legacy calls the extension id selects it and `fid` is ignored. */
export function functionOf(extension: SbiExtension, eid: bigint, fid: bigint): NamedFunction | undefined {
  return FUNCTIONS.get(extension)?.get(extension.name === 'V01' ? eid : fid);
}

/** Key of a call in statistics: the extension's name, or the id in hex when it is unknown. */
export function extensionKey(eid: bigint): SbiName | `0x${string}` {
  return extensionOf(eid)?.name ?? `0x${eid.toString(16)}`;
}

/** `HSM hart_start`, `VENDOR 0x9000489 fid 0x2`, or `0x12345 fid 0x0`. */
export function callName(eid: bigint, fid: bigint): string {
  const extension = extensionOf(eid);
  if (extension === undefined) return `${hex(eid)} fid ${hex(fid)}`;
  const found = functionOf(extension, eid, fid);
  if (found !== undefined) return `${extension.name} ${found.name}`;
  return extension.eid[0] === extension.eid[1]
    ? `${extension.name} fid ${hex(fid)}`
    : `${extension.name} ${hex(eid)} fid ${hex(fid)}`;
}

/** The arguments of a call by name; none when the function is unknown. `args` are a0 and up. */
export function callArguments(eid: bigint, fid: bigint, args: readonly bigint[]): readonly NamedArgument[] {
  const extension = extensionOf(eid);
  const found = extension && functionOf(extension, eid, fid);
  if (found === undefined) return [];
  return found.definition.args.map((argument, index) => {
    const value = args[index] ?? 0n;
    return { argument, value, text: argumentText(argument, value) };
  });
}

/** `HSM hart_start(hartid=1, start_addr=0x80200080, opaque=0x77)`; all registers when the function is unknown. */
export function callText(eid: bigint, fid: bigint, args: readonly bigint[]): string {
  const extension = extensionOf(eid);
  const known = extension !== undefined && functionOf(extension, eid, fid) !== undefined;
  const parts = known
    ? callArguments(eid, fid, args).map(({ argument, text }) => `${argument.name}=${text}`)
    : args.map((value, index) => `a${index}=${hex(value)}`);
  return `${callName(eid, fid)}(${parts.join(', ')})`;
}

/** The name of an error register, or its value as a signed number when SBI defines none. */
export function errorText(error: bigint): string {
  return ERROR_NAMES.get(error) ?? BigInt.asIntN(64, error).toString();
}

/** The value register of a successful call with its meaning: `1 (STOPPED)`, `0x3000000 (SBI 3.0)`. */
export function valueText(eid: bigint, fid: bigint, value: bigint): string {
  const extension = extensionOf(eid);
  const found = extension && functionOf(extension, eid, fid);
  const plain = value < 0x1_0000n ? value.toString() : hex(value);
  if (found?.name === 'get_spec_version') {
    const version = decodeVersion(value);
    return version === undefined ? plain : `${hex(value)} (SBI ${version})`;
  }
  const meaning = nameOf(found?.definition.returnValues, value);
  return meaning === undefined ? plain : `${plain} (${meaning})`;
}

/**
 * Both result registers as text: `SUCCESS`, `SUCCESS, value 1 (STOPPED)`, `INVALID_PARAM`. Legacy calls
 * have only a0, which holds their value or an error.
 */
export function resultText(eid: bigint, fid: bigint, error: bigint, value: bigint): string {
  const extension = extensionOf(eid);
  const found = extension && functionOf(extension, eid, fid);
  if (extension?.name === 'V01' && found?.definition.returns !== undefined) {
    return BigInt.asIntN(64, error).toString();
  }
  const text = errorText(error);
  if (error !== 0n || extension?.name === 'V01') return text;
  if (found !== undefined && found.definition.returns === undefined && value === 0n) return text;
  return `${text}, value ${valueText(eid, fid, value)}`;
}

/** One argument value as its type reads. */
export function argumentText(argument: SbiArgument, value: bigint): string {
  const named = nameOf(argument.values, argument.type === 'u32' ? value & U32_MASK : value);
  return named ?? FORMS[argument.type](value);
}

const FORMS: Readonly<Record<ArgType, (value: bigint) => string>> = {
  ulong: hex,
  long: (value) => BigInt.asIntN(64, value).toString(),
  u64: hex,
  u32: (value) => hex(value),
  u8: byteText,
  bytes: (value) => (value === U64_MASK ? 'all' : value.toString()),
  'gpa-lo': hex,
  'gpa-hi': hex,
  gpa: hex,
  gva: hex,
  hart: (value) => (value > U32_MASK ? hex(value) : value.toString()),
  'hart-mask': hex,
  'hart-base': (value) => (value === U64_MASK ? 'all' : value > U32_MASK ? hex(value) : value.toString()),
  eid: (value) => {
    const extension = extensionOf(value);
    return extension !== undefined && extension.eid[0] === extension.eid[1] ? extension.name : hex(value);
  },
  flags: hex,
  time: (value) => (value === U64_MASK ? 'never' : value.toString()),
};

function byteText(value: bigint): string {
  const byte = Number(value & 0xffn);
  const printable = byte > 0x20 && byte < 0x7f;
  return printable ? `${hex(value)} '${String.fromCharCode(byte)}'` : hex(value);
}

function nameOf(names: Readonly<Record<string, number>> | undefined, value: bigint): string | undefined {
  if (names === undefined) return undefined;
  return Object.keys(names).find((name) => BigInt(names[name] ?? -1) === value);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
