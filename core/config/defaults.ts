/** What a field is when it is not given; the SBI fields follow the interface, the host and the VMM. */
import { configOf, FIELD_NAMES, FIELDS, type FieldName, type Values } from './fields.ts';
import { standardOf } from './tables.ts';
import type { Config } from './types.ts';

/** Fields on which the defaults of others depend. */
export const FOUNDATION = [
  'interface',
  'host',
  'hardware.mvendorid',
  'hardware.marchid',
  'hardware.mimpid',
  'vmm',
] as const satisfies readonly FieldName[];

/** The values that links and files leave out over this foundation; what is not in it has its default. */
export function baseValues(given: Partial<Values>): Values {
  const initial = Object.fromEntries(FIELD_NAMES.map((name) => [name, FIELDS[name].initial])) as Values;
  const values = { ...initial, ...given };
  return { ...values, ...standardOf(configOf(values)) };
}

/** The fields of the foundation alone. */
export function foundationOf(values: Partial<Values>): Partial<Values> {
  return Object.fromEntries(FOUNDATION.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
}

export function isFoundation(name: FieldName): boolean {
  return (FOUNDATION as readonly FieldName[]).includes(name);
}

export function defaultConfig(): Config {
  return configOf(baseValues({}));
}
