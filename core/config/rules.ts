/** What must hold between the fields of a configuration: the interface and the host bound what can be chosen. */

import { SBI_NAMES } from '../sbi/types.ts';
import type { Problem } from '../schema/index.ts';
import { identityRefusal, isaProblem, modeRefusal, modesOf, standardOf, versionRefusal } from './tables.ts';
import type { Config } from './types.ts';

export function problemsBetween(config: Config): readonly Problem[] {
  return [...modeProblems(config), ...versionProblems(config), ...identityProblems(config), ...isaProblems(config)];
}

function modeProblems(config: Config): readonly Problem[] {
  return SBI_NAMES.flatMap((name) => {
    const reason = modeRefusal(config.interface, config.host, name, config.sbi[name]);
    if (reason === null) return [];
    const choices = modesOf(config.interface, config.host, name).filter((choice) => choice.refusal === null);
    const hint = `Choose ${choices.map((choice) => choice.mode).join(' or ')}, or another interface.`;
    return [{ field: `sbi.${name}`, message: `${name} cannot be ${config.sbi[name]}: ${reason}`, hint }];
  });
}

function versionProblems(config: Config): readonly Problem[] {
  const reason = versionRefusal(config.interface, config.host, config.sbiVersion);
  if (reason === null) return [];
  const hint = `Choose ${standardOf(config.interface, config.host).sbiVersion}, or another interface.`;
  return [{ field: 'sbiVersion', message: `SBI version ${config.sbiVersion} cannot be chosen: ${reason}`, hint }];
}

function identityProblems(config: Config): readonly Problem[] {
  return (['implId', 'implVersion'] as const).flatMap((field) => {
    const reason = identityRefusal(config.interface, config.host, field, config[field]);
    if (reason === null) return [];
    const standard = standardOf(config.interface, config.host)[field];
    const value = `0x${config[field].toString(16)}`;
    const hint = `Choose 0x${standard.toString(16)}, or another interface.`;
    return [{ field, message: `${field} cannot be ${value}: ${reason}`, hint }];
  });
}

function isaProblems(config: Config): readonly Problem[] {
  return config.isa.flatMap((name) => {
    const problem = isaProblem(name, config.isa);
    return problem === null ? [] : [{ field: 'isa', ...problem }];
  });
}
