/** Turns data of unknown origin (a file, a form, decoded link fields) into a configuration or a list of problems. */
import { type Field, type Problem, parseField, shown } from '../schema/index.ts';
import { baseValues, foundationOf } from './defaults.ts';
import { configOf, FIELD_NAMES, FIELDS, type FieldName, isGroup, type Values } from './fields.ts';
import { problemsBetween } from './rules.ts';
import type { Config } from './types.ts';
import { CONFIG_VERSION, versions } from './version.ts';

export type ParseResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function refused(field: string, message: string, hint: string): ParseResult {
  return { ok: false, problems: [{ field, message, hint }] };
}

/**
 * Takes an object with the fields of `Config`; a field that is missing has its default, numbers of 64
 * bits may be bigint, hexadecimal text or an integer. `version` is that of the form, the current one
 * when missing. Never throws.
 */
export function parseConfig(data: unknown): ParseResult {
  if (!isRecord(data)) return refused('', `${shown(data)} is not a configuration.`, 'Give an object with fields.');
  const { version = CONFIG_VERSION, ...fields } = data;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1 || version > CONFIG_VERSION) {
    const message = `Version ${shown(version)} of the configuration is not known.`;
    return refused('version', message, `This Ecall reads versions 1 to ${CONFIG_VERSION}.`);
  }
  return parseFields(versions.upgrade(version, { form: 'file', fields }).fields);
}

function parseFields(data: Readonly<Record<string, unknown>>): ParseResult {
  const problems: Problem[] = [];
  const given = flattened(data, problems);
  const values = new Map<FieldName, unknown>();
  for (const name of FIELD_NAMES) {
    if (!given.has(name)) continue;
    const field: Field<unknown> = FIELDS[name] as unknown as Field<unknown>;
    const result = parseField(field, name, completed(name, given.get(name), values));
    if (result.ok) values.set(name, result.value);
    else problems.push(...result.problems);
    given.delete(name);
  }
  for (const name of given.keys()) {
    problems.push({ field: name, message: `There is no field ${shown(name)}.`, hint: hintFor(name) });
  }
  if (problems.length > 0) return { ok: false, problems };
  const config = configOf({ ...baseOf(values), ...(Object.fromEntries(values) as Partial<Values>) });
  const between = problemsBetween(config);
  return between.length > 0 ? { ok: false, problems: between } : { ok: true, config };
}

function baseOf(values: ReadonlyMap<string, unknown>): Values {
  return baseValues(foundationOf(Object.fromEntries(values)));
}

/**
 * Modes that are not given are those of interface, host and VMM, which stand before them in the list, so that a file may
 * name a single extension.
 */
function completed(name: FieldName, value: unknown, before: ReadonlyMap<FieldName, unknown>): unknown {
  return name === 'sbi' && isRecord(value) ? { ...baseOf(before).sbi, ...value } : value;
}

function flattened(data: Readonly<Record<string, unknown>>, problems: Problem[]): Map<string, unknown> {
  const given = new Map<string, unknown>();
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue;
    if (!isGroup(name)) given.set(name, value);
    else if (isRecord(value)) for (const [part, own] of Object.entries(value)) given.set(`${name}.${part}`, own);
    else {
      const message = `${shown(value)} is not a record of fields.`;
      problems.push({ field: name, message, hint: hintFor(`${name}.`) });
    }
  }
  return given;
}

function hintFor(name: string): string {
  const near = FIELD_NAMES.filter((field) => field.toLowerCase().includes(name.toLowerCase().slice(0, NEAR_LENGTH)));
  return `The fields are ${(near.length > 0 ? near : FIELD_NAMES).join(', ')}.`;
}
/** Three letters tell the fields apart and still forgive a slip in the rest of the name. */
const NEAR_LENGTH = 3;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
