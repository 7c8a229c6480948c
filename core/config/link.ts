/**
 * Links. A fragment is `#` and parts joined by `&`: the version, then `key=text` for each field that
 * differs from what its interface, host and VMM give, in the order of `FIELDS`. The texts are those of the
 * fields' codecs. A released version is never changed: see `version.ts`.
 */
import { type Field, FieldError, type Problem, parseField, shown } from '../schema/index.ts';
import { baseValues, FOUNDATION, foundationOf, isFoundation } from './defaults.ts';
import { FIELD_NAMES, FIELDS, type FieldName, grouped, type Values, valuesOf } from './fields.ts';
import { type ParseResult, parseConfig, refused } from './parse.ts';
import type { Config } from './types.ts';
import { CONFIG_VERSION, versions } from './version.ts';

/** Characters of a link that is read at all: what browsers still take as a fragment. */
export const LINK_LIMIT = 1024 * 1024;

const COPY_AGAIN = 'Copy the whole link again.';

/** The fragment, `#` included; the default configuration gives the version alone. An image is only named in it. */
export async function toLink(config: Config): Promise<string> {
  const values = valuesOf(config);
  const base = baseValues(foundationOf(values));
  const parts = [String(CONFIG_VERSION)];
  for (const name of FIELD_NAMES) {
    const field = FIELDS[name] as unknown as Field<unknown>;
    const reference = isFoundation(name) ? field.initial : base[name];
    if (!field.same(values[name], reference)) {
      parts.push(`${field.key}=${await field.codec.encode(values[name], reference)}`);
    }
  }
  return `#${parts.join('&')}`;
}

/** Reads a link, its fragment with or without `#`, or nothing, which is the default. Never rejects. */
export async function fromLink(link: string): Promise<ParseResult> {
  if (link.length > LINK_LIMIT) return refused('link', `The link is longer than ${LINK_LIMIT} characters.`, COPY_AGAIN);
  const fragment = link.includes('#') ? link.slice(link.indexOf('#') + 1) : link.includes('://') ? '' : link;
  if (fragment === '') return parseConfig({});
  const [version = '', ...parts] = fragment.split('&');
  if (!/^[1-9]\d{0,5}$/.test(version)) {
    return refused('link', `The link begins with ${shown(version)} where a version is expected.`, COPY_AGAIN);
  }
  if (Number(version) > CONFIG_VERSION) {
    const hint = 'Reload the page to get the newest Ecall.';
    return refused('link', `The link is of version ${version}, this Ecall reads up to ${CONFIG_VERSION}.`, hint);
  }
  const texts = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    if (at < 0) return refused(nameOf(key), `The link has no value for ${shown(nameOf(key))}.`, COPY_AGAIN);
    if (texts.has(key)) return refused(nameOf(key), `The link gives ${shown(nameOf(key))} twice.`, COPY_AGAIN);
    texts.set(key, part.slice(at + 1));
  }
  const current = versions.upgrade(Number(version), { form: 'link', fields: Object.fromEntries(texts) });
  return decoded(new Map(Object.entries(current.fields as Readonly<Record<string, string>>)));
}

async function decoded(texts: ReadonlyMap<string, string>): Promise<ParseResult> {
  const unknown = [...texts.keys()].find((key) => fieldOf(key) === undefined);
  if (unknown !== undefined) return refused('link', `The link has an unknown field ${shown(unknown)}.`, COPY_AGAIN);
  const base = baseOf(texts);
  const data: Partial<Record<FieldName, unknown>> = {};
  const problems: Problem[] = [];
  for (const name of FIELD_NAMES) {
    const field = FIELDS[name] as unknown as Field<unknown>;
    const text = texts.get(field.key);
    if (text === undefined) continue;
    try {
      data[name] = await field.codec.decode(text, base[name]);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      problems.push({ field: name, message: `${field.label}: ${error.message}.`, hint: error.hint });
    }
  }
  return problems.length > 0 ? { ok: false, problems } : parseConfig(grouped(data));
}

/** The base of the link's interface, host and its ids; of the default ones where these are wrong, which is reported later. */
function baseOf(texts: ReadonlyMap<string, string>): Values {
  const given = FOUNDATION.flatMap((name) => {
    const field = FIELDS[name] as unknown as Field<unknown>;
    const text = texts.get(field.key);
    const result = text === undefined ? null : parseField(field, name, field.codec.decode(text, field.initial));
    return result?.ok === true ? [[name, result.value]] : [];
  });
  return baseValues(Object.fromEntries(given));
}

function fieldOf(key: string): FieldName | undefined {
  return FIELD_NAMES.find((name) => FIELDS[name].key === key);
}

function nameOf(key: string): string {
  return fieldOf(key) ?? key;
}
