/**
 * Whether a configuration that is legal also agrees with itself: what it promises a guest, what answers, and what
 * Linux makes of the difference. The rules are data, in the files beside this one; here is what they look at.
 */
import { closure } from '../isa/defs/index.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { hasVersion } from '../sbi/version.ts';
import { vmmProfile } from '../vmm/profiles/index.ts';
import { BASE_RULES } from './coherence-base.ts';
import type { Facts, Rule } from './coherence-facts.ts';
import { GUEST_RULES } from './coherence-guest.ts';
import { SERVICE_RULES } from './coherence-services.ts';
import { VMM_RULES } from './coherence-vmm.ts';
import { hostOf } from './tables.ts';
import type { Config } from './types.ts';

export interface Warning {
  /** Of the rule; stable. */
  readonly id: string;
  /** Dotted paths, as `sbi.HSM`: what a user could change. The first is the one it is most about. */
  readonly fields: readonly string[];
  /** What contradicts what. */
  readonly says: string;
  /** What a Linux guest then does. */
  readonly linux: string;
  readonly wayOut: string;
}

export const ALL_RULES: readonly Rule[] = [...BASE_RULES, ...SERVICE_RULES, ...GUEST_RULES, ...VMM_RULES];

/** Every contradiction in a configuration, in the order of the rules. Empty when it agrees with itself. */
export function coherenceOf(config: Config): readonly Warning[] {
  const facts = factsOf(config);
  return facts === null ? [] : ALL_RULES.flatMap((rule) => warningOf(rule, facts));
}

function factsOf(config: Config): Facts | null {
  const host = hostOf(config);
  if (host === undefined) return null;
  const hidden = SBI_NAMES.filter((name) => config.sbi[name] !== 'off' && isNewer(config, name));
  return {
    config,
    host,
    vmm: vmmProfile(config.vmm),
    smp: config.harts > 1,
    isa: closure(config.isa),
    hidden,
    lacks: (name) => config.sbi[name] === 'off' || hidden.includes(name),
  };
}

/** An id range without functions has nothing that a version could hide. */
function isNewer({ sbiVersion }: Config, name: SbiName): boolean {
  return Object.keys(SBI[name].functions).length > 0 && !hasVersion(SBI[name], sbiVersion);
}

function warningOf(rule: Rule, facts: Facts): readonly Warning[] {
  const held = rule.when(facts);
  const names = typeof held === 'boolean' ? [] : held;
  if (held !== true && names.length === 0) return [];
  return [
    {
      id: rule.id,
      fields: [...new Set([...rule.fields, ...names.map((name) => `sbi.${name}`)])],
      says: typeof rule.says === 'string' ? rule.says : rule.says(facts, names.join(', ')),
      linux: rule.linux,
      wayOut: typeof rule.wayOut === 'string' ? rule.wayOut : rule.wayOut(facts),
    },
  ];
}
