/** Makes a configuration legal under its interface and host, and says what had to change. */
import { type Mode, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { identityRefusal, modeRefusal, standardOf, versionRefusal } from './tables.ts';
import type { Config } from './types.ts';

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
 * Keeps every choice that the interface and host allow; what they do not allow becomes what they have
 * as standard. To be called when either was changed.
 */
export function fitTo(config: Config): Fitted {
  const { interface: kvm, host } = config;
  const standard = standardOf(kvm, host);
  const changes: Change[] = [];
  const fitted = <T extends string | bigint>(field: string, value: T, legal: T, reason: string | null): T => {
    if (reason === null) return value;
    changes.push({ field, from: word(value), to: word(legal), reason });
    return legal;
  };
  const sbi = Object.fromEntries(
    SBI_NAMES.map((name): [SbiName, Mode] => {
      const mode = config.sbi[name];
      return [name, fitted(`sbi.${name}`, mode, standard.sbi[name], modeRefusal(kvm, host, name, mode))];
    }),
  ) as Record<SbiName, Mode>;
  const { sbiVersion, implId, implVersion } = config;
  return {
    config: {
      ...config,
      sbi,
      sbiVersion: fitted('sbiVersion', sbiVersion, standard.sbiVersion, versionRefusal(kvm, host, sbiVersion)),
      implId: fitted('implId', implId, standard.implId, identityRefusal(kvm, host, 'implId', implId)),
      implVersion: fitted(
        'implVersion',
        implVersion,
        standard.implVersion,
        identityRefusal(kvm, host, 'implVersion', implVersion),
      ),
    },
    changes,
  };
}

function word(value: string | bigint): string {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}
