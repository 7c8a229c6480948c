/** The host profiles: the only list, and the entry point of this folder. Data and pure functions only. */
import { LINUX_6_12 } from './linux-6.12.ts';
import { LINUX_6_12_NOV01 } from './linux-6.12-nov01.ts';
import { LINUX_7_2 } from './linux-7.2.ts';
import { LINUX_7_2_NOV01 } from './linux-7.2-nov01.ts';
import type { HostProfile } from './types.ts';

export { defaultMode, defaultModes, identityRefusal, modeRefusal, selectableModes } from './choices.ts';
export type { HostExtension, HostProfile, HostQuirks, KvmInterface, Provenance } from './types.ts';

/** In the order of a menu; the first is the default. */
export const HOST_PROFILES: readonly HostProfile[] = [LINUX_7_2, LINUX_6_12, LINUX_7_2_NOV01, LINUX_6_12_NOV01];

/** The profile of a name, e.g. `linux-7.2`. */
export function hostProfile(name: string): HostProfile | undefined {
  return HOST_PROFILES.find((profile) => profile.name === name);
}
