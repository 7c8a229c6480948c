/**
 * A field of a configuration: one object that validates its value, gives its default, labels it in a
 * form and writes it into a link. Validation itself is valibot's; nothing here knows what is configured.
 */
import * as v from 'valibot';

/** A problem with one field; `field` is the dotted path, e.g. `sbi.DBCN`. */
export interface Problem {
  readonly field: string;
  readonly message: string;
  /** The way out. */
  readonly hint: string;
}

export interface Option<T> {
  readonly value: T;
  readonly label: string;
  readonly help?: string;
}

/** How a form shows the field. */
export type Control =
  | { readonly kind: 'choice'; readonly options: readonly Option<string>[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly unit: string }
  | { readonly kind: 'hex'; readonly bits: number }
  | { readonly kind: 'set'; readonly options: readonly Option<string>[] }
  | { readonly kind: 'each'; readonly rows: readonly Option<string>[]; readonly options: readonly Option<string>[] }
  | { readonly kind: 'numbers'; readonly rows: readonly Option<string>[] }
  | { readonly kind: 'text'; readonly multiline: boolean; readonly maxLength: number }
  | { readonly kind: 'guest' };

/** Text of a value in a link; only characters that a URL fragment may hold unescaped. */
export interface Codec<T> {
  encode(value: T, base: T): string | Promise<string>;
  /** The value before validation. Throws FieldError when the text does not follow the form. */
  decode(text: string, base: T): unknown | Promise<unknown>;
}

export class FieldError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Field<T> {
  /** Key in links, one or two characters; unique in a schema and never reused. */
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly initial: T;
  /** What may be written, in a few words: shown as the hint of a problem. */
  readonly allowed: string;
  readonly control: Control;
  readonly schema: v.GenericSchema<unknown, T>;
  readonly codec: Codec<T>;
  toJson(value: T): Json;
  /** As it is typed into a form, where that is neither the value itself nor a hexadecimal number. */
  readonly toText?: (value: T) => string;
  same(a: T, b: T): boolean;
}

export interface Words {
  readonly key: string;
  readonly label: string;
  readonly help: string;
}

export type FieldResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Validates a value of unknown type; `name` is the field's path and begins that of each problem. */
export function parseField<T>(field: Field<T>, name: string, value: unknown): FieldResult<T> {
  const parsed = v.safeParse(field.schema, value);
  if (parsed.success) return { ok: true, value: parsed.output };
  const problems = parsed.issues.map((issue) => {
    const inner = v.getDotPath(issue);
    return {
      field: inner === null ? name : `${name}.${inner}`,
      message: `${field.label}: ${issue.message}`,
      hint: field.allowed,
    };
  });
  return { ok: false, problems };
}

/** A value as it stands in a message; long ones are cut. */
export function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `0x${value.toString(16)}` : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
/** Enough to recognise a mistyped value in one line of a message. */
const SHOWN_LENGTH = 40;
