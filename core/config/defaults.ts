/** What a field is when it is not given; the SBI fields follow the interface and the host. */
import { configOf, FIELD_NAMES, FIELDS, type Values } from './fields.ts';
import { standardOf } from './tables.ts';
import type { Config, KvmInterface } from './types.ts';

/** The values that links and files leave out under this interface and host. */
export function baseValues(kvm: KvmInterface, host: string): Values {
  const initial = Object.fromEntries(FIELD_NAMES.map((name) => [name, FIELDS[name].initial])) as Values;
  return { ...initial, interface: kvm, host, ...standardOf(kvm, host) };
}

export function defaultConfig(): Config {
  return configOf(baseValues(FIELDS.interface.initial, FIELDS.host.initial));
}
