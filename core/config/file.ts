/**
 * The configuration as a file: a JSON object with `version` and the fields of `Config`, 64-bit numbers
 * as hexadecimal text. `parseConfig` reads it, and fields may be left out.
 */
import type { Field, Json } from '../schema/index.ts';
import { FIELD_NAMES, FIELDS, grouped, valuesOf } from './fields.ts';
import type { Config } from './types.ts';
import { CONFIG_VERSION } from './version.ts';

/** Every field, so that the file keeps its meaning whatever the defaults become. Ends with a newline. */
export function toFile(config: Config): string {
  const values = valuesOf(config);
  const entries = FIELD_NAMES.map((name): [string, Json] => {
    return [name, (FIELDS[name] as unknown as Field<unknown>).toJson(values[name])];
  });
  return `${JSON.stringify({ version: CONFIG_VERSION, ...grouped(Object.fromEntries(entries)) }, null, 2)}\n`;
}
