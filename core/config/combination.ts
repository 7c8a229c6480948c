/** A combination of interface, host and VMM as it is when nothing else is chosen. */
import { vmmProfile } from '../vmm/profiles/index.ts';
import { defaultConfig } from './defaults.ts';
import { moveTo } from './fit.ts';
import { hostOf } from './tables.ts';
import type { Config, Platform } from './types.ts';

/** The default configuration of a combination. A VMM that wants it gets a machine with AIA, where that is of use. */
export function combined(platform: Platform): Config {
  const { config } = moveTo(defaultConfig(), platform);
  const lacks = (one: Config): boolean => {
    const capabilities = hostOf(one)?.capabilities ?? {};
    return vmmProfile(platform.vmm).needs.some(({ capability }) => !capabilities[capability]);
  };
  if (!lacks(config)) return config;
  const withAia = moveTo(config, { hardware: { ...config.hardware, aia: 'on' } }).config;
  return lacks(withAia) ? config : withAia;
}
