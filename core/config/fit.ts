/** Makes a configuration legal under its interface and host, and says what had to change. */
import { type Example, exampleById } from '../guests/catalogue.ts';
import { systemById } from '../guests/systems.ts';
import { type Mode, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { Field } from '../schema/index.ts';
import { parseField } from '../schema/index.ts';
import { isFoundation } from './defaults.ts';
import { configOf, FIELDS, type FieldName, type Values, valuesOf } from './fields.ts';
import { type ParseResult, parseConfig } from './parse.ts';
import { IDENTITY_FIELDS, MACHINE_ID_FIELDS, valueWords } from './rules.ts';
import {
  hardwareRefusal,
  ISA_OPTIONS,
  identityRefusal,
  machineIdRefusal,
  misalignedRefusal,
  modeRefusal,
  probeRefusal,
  standardOf,
} from './tables.ts';
import type { Config, Foundation } from './types.ts';

export interface Change {
  /** Dotted path, e.g. `sbi.DBCN`. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface Fitted {
  readonly config: Config;
  readonly changes: readonly Change[];
}

/**
 * Keeps every choice that interface, host and VMM allow; what they do not allow becomes what they have
 * as standard. To be called when one of them was changed.
 */
export function fitTo(config: Config): Fitted {
  const { interface: kvm, host } = config;
  const standard = standardOf(config);
  const changes: Change[] = [];
  const sbi = Object.fromEntries(
    SBI_NAMES.map((name): [SbiName, Mode] => {
      const from = config.sbi[name];
      const refused = modeRefusal(config, name, from);
      const reason = refused ?? (from === 'kvm' ? hardwareRefusal(config, name) : null);
      if (reason === null) return [name, from];
      const to = refused === null ? 'off' : standard.sbi[name];
      changes.push({ field: `sbi.${name}`, from, to, reason });
      return [name, to];
    }),
  ) as Record<SbiName, Mode>;
  let fitted = { ...config, sbi };
  const reset = (reason: string | null, field: (typeof IDENTITY_FIELDS | typeof MACHINE_ID_FIELDS)[number]): void => {
    const [from, to] = [fitted[field], standard[field]];
    if (reason === null || from === to) return;
    changes.push({ field, from: valueWords(from), to: valueWords(to), reason });
    fitted = { ...fitted, [field]: to };
  };
  for (const field of IDENTITY_FIELDS) reset(identityRefusal(kvm, host, sbi.BASE), field);
  for (const field of MACHINE_ID_FIELDS) reset(machineIdRefusal(fitted, field), field);
  const refused = misalignedRefusal(fitted);
  if (refused !== null) {
    changes.push({ field: 'hardware.misaligned', from: fitted.hardware.misaligned, to: 'firmware', reason: refused });
    fitted = { ...fitted, hardware: { ...fitted.hardware, misaligned: 'firmware' } };
  }
  const probes = { ...config.probes };
  for (const name of SBI_NAMES) {
    const [value, reason] = [probes[name], probeRefusal(fitted, name)];
    if (value === undefined || reason === null) continue;
    changes.push({ field: `probes.${name}`, from: valueWords(value), to: 'the truth', reason });
    delete probes[name];
  }
  return { config: { ...fitted, probes }, changes };
}

/**
 * Moves to another interface, host, machine of it or VMM: fields that stood at the standard of the old one follow to that
 * of the new one, choices of the user stay where they are allowed.
 */
export function moveTo(config: Config, to: Partial<Foundation>): Fitted {
  const before = standardOf(config);
  const moved = { ...config, ...to };
  const after = standardOf(moved);
  const follow = <K extends keyof typeof before>(field: K): (typeof before)[K] =>
    config[field] === before[field] ? after[field] : config[field];
  const sbi = Object.fromEntries(
    SBI_NAMES.map((name) => [name, config.sbi[name] === before.sbi[name] ? after.sbi[name] : config.sbi[name]]),
  ) as Record<SbiName, Mode>;
  return fitTo({
    ...moved,
    sbi,
    sbiVersion: follow('sbiVersion'),
    implId: follow('implId'),
    implVersion: follow('implVersion'),
    mvendorid: follow('mvendorid'),
    marchid: follow('marchid'),
    mimpid: follow('mimpid'),
  });
}

/** One field with what was typed for it; what stood at the standard that it decides goes along. */
export function withField(config: Config, name: FieldName, value: unknown): ParseResult {
  const parsed = parseField(FIELDS[name] as unknown as Field<unknown>, name, value);
  if (!parsed.ok) return parsed;
  const values = { ...valuesOf(config), [name]: parsed.value } as Values;
  const { interface: kvm, host, hardware, vmm } = configOf(values);
  return parseConfig(isFoundation(name) ? moveTo(config, { interface: kvm, host, hardware, vmm }).config : values);
}

/** Fields that an example or a hint to try something asks for; the rest of `config` stays. */
export function withPatch(config: Config, patch: NonNullable<Example['config']>): Fitted {
  const { interface: kvm = config.interface, sbi = {}, with: more = [], without = [], hardware = {}, ...rest } = patch;
  const moved = moveTo(config, { interface: kvm });
  const fitted = fitTo({
    ...moved.config,
    ...rest,
    sbi: { ...moved.config.sbi, ...sbi },
    hardware: { ...moved.config.hardware, ...hardware },
    isa: withIsa(config, more).filter((name) => !without.includes(name)),
  });
  // What the patch gives a value is not one that had to change.
  const forced = moved.changes.filter(({ field }) => !Object.keys(sbi).some((name) => field === `sbi.${name}`));
  return { config: fitted.config, changes: [...forced, ...fitted.changes] };
}

/** Chooses an example as guest, with the harts and the fields that it needs. Null when there is none of this id. */
export function withExample(config: Config, id: string): Fitted | null {
  const example = exampleById(id);
  if (example === undefined) return null;
  const guest = { kind: 'example', id } as const;
  const harts = Math.max(config.harts, example.harts);
  return withPatch({ ...config, guest, harts, bootargs: bootargsWithoutSystem(config) }, example.config ?? {});
}

/** Chooses a system as guest, with its boot arguments, the memory that it needs and the ISA of its programs. Null when there is none of this id. */
export function withSystem(config: Config, id: string): Config | null {
  const system = systemById(id);
  if (system === undefined) return null;
  const isa = withIsa(config, system.isa);
  const bootargs = bootargsWithoutSystem(config) || system.bootargs;
  const memory = Math.max(config.memory, system.memory);
  return { ...config, guest: { kind: 'system', id }, memory, isa, bootargs };
}

/** The ISA of a configuration and more, in the order of the options. */
function withIsa({ isa }: Config, more: readonly string[]): readonly string[] {
  return ISA_OPTIONS.map(({ value }) => value).filter((name) => isa.includes(name) || more.includes(name));
}

/** Boot arguments that came with a system leave with it. */
function bootargsWithoutSystem({ guest, bootargs }: Config): string {
  return guest.kind === 'system' && systemById(guest.id)?.bootargs === bootargs ? '' : bootargs;
}
