/**
 * The configuration as a file: a JSON object with `version` and the fields of `Config`, 64-bit numbers
 * as hexadecimal text. `parseConfig` reads it, and fields may be left out.
 */
import type { Field, Json } from '../schema/index.ts';
import { FIELD_NAMES, FIELDS, valuesOf } from './fields.ts';
import type { Config } from './types.ts';
import { CONFIG_VERSION } from './version.ts';

/** Every field, so that the file keeps its meaning whatever the defaults become. Ends with a newline. */
export function toFile(config: Config): string {
  const values = valuesOf(config);
  const result: Record<string, Json> = { version: CONFIG_VERSION };
  const costs: Record<string, Json> = {};
  for (const name of FIELD_NAMES) {
    const json = (FIELDS[name] as unknown as Field<unknown>).toJson(values[name]);
    if (name.startsWith('costs.')) costs[name.slice('costs.'.length)] = json;
    else result[name] = json;
  }
  return `${JSON.stringify({ ...result, costs }, null, 2)}\n`;
}
