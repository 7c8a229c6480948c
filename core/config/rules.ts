/** What must hold between the fields of a configuration: the interface and the host bound what can be chosen. */

import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { Problem } from '../schema/index.ts';
import {
  DEFAULT_VMM,
  hardwareRefusal,
  identityRefusal,
  machineIdRefusal,
  misalignedRefusal,
  missingFor,
  modeRefusal,
  modesOf,
  probeRefusal,
  standardOf,
} from './tables.ts';
import { type Config, INTERFACES } from './types.ts';

/** Fields that BASE reports and that only some interfaces let the VMM choose. */
export const IDENTITY_FIELDS = ['sbiVersion', 'implId', 'implVersion'] as const;

/** Machine ids that a VMM sets through registers. */
export const MACHINE_ID_FIELDS = ['mvendorid', 'marchid', 'mimpid'] as const;

export function problemsBetween(config: Config): readonly Problem[] {
  return [
    ...modeProblems(config),
    ...hardwareProblems(config),
    ...identityProblems(config),
    ...probeProblems(config),
    ...machineIdProblems(config),
    ...misalignedProblems(config),
    ...isaProblems(config),
  ];
}

function modeProblems(config: Config): readonly Problem[] {
  return SBI_NAMES.flatMap((name) => {
    const reason = modeRefusal(config, name, config.sbi[name]);
    if (reason === null) return [];
    const choices = modesOf(config, name).filter((choice) => choice.refusal === null);
    const others = elsewhere(config, name);
    const hint = `Choose ${choices.map((choice) => choice.mode).join(' or ')}${others === '' ? '' : `, or ${others}`}.`;
    return [{ field: `sbi.${name}`, message: `${name} cannot be ${config.sbi[name]}. ${reason}`, hint }];
  });
}

/** What else could be changed, so that an extension can have the mode that it has here; '' when nothing helps. */
function elsewhere(config: Config, name: SbiName): string {
  const can = (vmm: Config['vmm']): boolean =>
    INTERFACES.some((kvm) => modeRefusal({ interface: kvm, host: config.host, vmm }, name, config.sbi[name]) === null);
  if (can(config.vmm)) return config.vmm === DEFAULT_VMM ? 'another interface' : 'another interface or VMM';
  return can(DEFAULT_VMM) ? 'another VMM' : '';
}

function hardwareProblems(config: Config): readonly Problem[] {
  return SBI_NAMES.filter((name) => config.sbi[name] === 'kvm').flatMap((name) => {
    const reason = hardwareRefusal(config, name);
    if (reason === null) return [];
    return [
      { field: `sbi.${name}`, message: `${name} cannot be kvm. ${reason}`, hint: 'Switch that on, or this off.' },
    ];
  });
}

function identityProblems(config: Config): readonly Problem[] {
  const reason = identityRefusal(config.interface, config.host, config.sbi.BASE);
  if (reason === null) return [];
  const standard = standardOf(config);
  return IDENTITY_FIELDS.filter((field) => config[field] !== standard[field]).map((field) => ({
    field,
    message: `${field} cannot be ${valueWords(config[field])}. ${reason}`,
    hint: `Choose ${valueWords(standard[field])}, or another interface.`,
  }));
}

function probeProblems(config: Config): readonly Problem[] {
  return SBI_NAMES.filter((name) => config.probes[name] !== undefined).flatMap((name) => {
    const reason = probeRefusal(config, name);
    if (reason === null) return [];
    const message = `A probe of ${name} cannot answer ${valueWords(config.probes[name] ?? 0n)}. ${reason}`;
    const wayOut = config.interface === 'upstream' ? 'take another interface and let' : 'let';
    return [{ field: `probes.${name}`, message, hint: `Take it away, or ${wayOut} the VMM answer BASE.` }];
  });
}

function machineIdProblems(config: Config): readonly Problem[] {
  const standard = standardOf(config);
  return MACHINE_ID_FIELDS.filter((field) => config[field] !== standard[field]).flatMap((field) => {
    const reason = machineIdRefusal(config, field);
    if (reason === null) return [];
    const others = config.vmm === DEFAULT_VMM ? 'a newer host' : 'a newer host or another VMM';
    const hint = `Choose ${valueWords(standard[field])}, or ${others}.`;
    return [{ field, message: `${field} cannot be ${valueWords(config[field])}. ${reason}`, hint }];
  });
}

function misalignedProblems(config: Config): readonly Problem[] {
  const reason = misalignedRefusal(config);
  if (reason === null) return [];
  const message = `hardware.misaligned cannot be ${config.hardware.misaligned}. ${reason}`;
  return [{ field: 'hardware.misaligned', message, hint: 'Choose hart or firmware, or a newer host.' }];
}

function isaProblems(config: Config): readonly Problem[] {
  return config.isa.flatMap((name) => {
    const missing = missingFor(name, config.isa);
    if (missing.length === 0) return [];
    return [{ field: 'isa', message: `${name} needs ${missing.join(' and ')}.`, hint: 'Switch both on or both off.' }];
  });
}

export function valueWords(value: string | bigint): string {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}
