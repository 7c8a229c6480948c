/** The fields as text: for help of the command line and for tables in documents. */
import type { Field, Json } from '../schema/index.ts';
import { FIELD_NAMES, FIELDS } from './fields.ts';

export interface FieldDescription {
  readonly field: string;
  /** Key in links. */
  readonly key: string;
  readonly label: string;
  readonly help: string;
  /** What may be written. */
  readonly allowed: string;
  /** Default of the default interface and host. */
  readonly initial: Json;
}

export function describeConfig(): readonly FieldDescription[] {
  return FIELD_NAMES.map((name) => {
    const { key, label, help, allowed, initial, toJson } = FIELDS[name] as unknown as Field<unknown>;
    return { field: name, key, label, help, allowed, initial: toJson(initial) };
  });
}
