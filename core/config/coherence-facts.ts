/** What a rule of coherence looks at, and what it says. */
import type { HostProfile } from '../kvm/profiles/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { VmmProfile } from '../vmm/profiles/index.ts';
import type { Config } from './types.ts';

/** A configuration with what follows from the tables. */
export interface Facts {
  readonly config: Config;
  readonly host: HostProfile;
  readonly vmm: VmmProfile;
  /** More than one hart. */
  readonly smp: boolean;
  /** ISA extensions, with those that others stand for. */
  readonly isa: ReadonlySet<string>;
  /** Switched on, but newer than the version that BASE reports. */
  readonly hidden: readonly SbiName[];
  /** Nobody answers it: off or hidden. */
  readonly lacks: (name: SbiName) => boolean;
}

export interface Rule {
  readonly id: string;
  readonly fields: readonly string[];
  /** Whether it holds, or for which extensions (none: it does not); their fields belong to the warning too. */
  readonly when: (facts: Facts) => boolean | readonly SbiName[];
  readonly says: string | ((facts: Facts, names: string) => string);
  readonly linux: string;
  readonly wayOut: string | ((facts: Facts) => string);
}

export const answeredBy = ({ config }: Facts, mode: 'kvm' | 'vmm'): readonly SbiName[] =>
  SBI_NAMES.filter((name) => name !== 'BASE' && config.sbi[name] === mode);

export const hasNoConsole = ({ config: { bootargs }, lacks }: Facts): boolean =>
  lacks('DBCN') && !bootargs.includes('console=ttyS') && (lacks('V01') || bootargs.includes('console=hvc'));
