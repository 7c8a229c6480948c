/** A combination of interface, host and VMM, as it comes or with all that it lets a guest have. */
import { type Mode, SBI_NAMES, SBI_VERSIONS, type SbiName } from '../sbi/types.ts';
import { canSwitchOn, serves, vmmProfile } from '../vmm/profiles/index.ts';
import { defaultConfig } from './defaults.ts';
import { moveTo } from './fit.ts';
import { hardwareRefusal, hostOf, identityRefusal, modeRefusal } from './tables.ts';
import type { Config, Platform } from './types.ts';

/** What is chosen on a combination: nothing, or that as many extensions are answered as it allows. */
export const CHOICES = ['default', 'most'] as const;
export type Choice = (typeof CHOICES)[number];

/** The configuration of a combination. A VMM that wants it gets a machine with AIA, where that is of use. */
export function combined(platform: Platform, choice: Choice = 'default'): Config {
  const config = asItComes(platform);
  return choice === 'most' ? withMost(config) : config;
}

function asItComes({ interface: kvm, host, vmm }: Platform): Config {
  const { config } = moveTo(defaultConfig(), { interface: kvm, host, vmm });
  const lacks = (one: Config): boolean => {
    const capabilities = hostOf(one)?.capabilities ?? {};
    return vmmProfile(vmm).needs.some(({ capability }) => !capabilities[capability]);
  };
  if (!lacks(config)) return config;
  const withAia = moveTo(config, { hardware: { ...config.hardware, aia: 'on' } }).config;
  return lacks(withAia) ? config : withAia;
}

/** What is on stays where it is, what is off is put where it can be answered, and the newest version is reported. */
function withMost(config: Config): Config {
  const modes = SBI_NAMES.map((name) => [name, mostMode(config, name)]);
  const sbi = Object.fromEntries(modes) as Record<SbiName, Mode>;
  const chosen = vmmProfile(config.vmm).serves === 'all' ? SBI_VERSIONS.at(-1) : undefined;
  const fixed = identityRefusal(config.interface, config.host, sbi.BASE) !== null;
  return { ...config, sbi, sbiVersion: fixed ? config.sbiVersion : (chosen ?? config.sbiVersion) };
}

function mostMode(config: Config, name: SbiName): Mode {
  const vmm = vmmProfile(config.vmm);
  const standard = config.sbi[name];
  // A guest believes whoever answers BASE, and a kernel that does denies what it leaves to user space.
  if (name === 'BASE') return config.interface === 'userspace' && serves(vmm, name) ? 'vmm' : standard;
  if (standard !== 'off' || !canSwitchOn(vmm, name)) return standard;
  if (modeRefusal(config, name, 'kvm') === null && hardwareRefusal(config, name) === null) return 'kvm';
  return serves(vmm, name) && modeRefusal(config, name, 'vmm') === null ? 'vmm' : 'off';
}
