/** The host profiles: the only list, and the entry point of this folder. Data and pure functions only. */
import { composeHost } from './compose.ts';
import { PLAIN } from './hardware.ts';
import { LINUX_6_12 } from './releases/linux-6.12.ts';
import { LINUX_7_2 } from './releases/linux-7.2.ts';
import type { HostProfile, Release } from './types.ts';

export { defaultMode, defaultModes, identityRefusal, modeRefusal, selectableModes } from './choices.ts';
export { composeHost } from './compose.ts';
export type {
  HostExtension,
  HostHardware,
  HostProfile,
  HostQuirks,
  KvmInterface,
  Provenance,
  Release,
} from './types.ts';

/** Newest first. */
export const RELEASES: readonly Release[] = [LINUX_7_2, LINUX_6_12];

function built(release: Release, sbiV01: boolean): HostProfile {
  return composeHost(
    release,
    PLAIN,
    { sbiV01 },
    {
      name: `linux-${release.name}${sbiV01 ? '' : '-nov01'}`,
      label: `Linux ${release.name}${sbiV01 ? '' : ' without legacy calls'}`,
    },
  );
}

/** In the order of a menu; the first is the default. */
export const HOST_PROFILES: readonly HostProfile[] = [true, false].flatMap((sbiV01) =>
  RELEASES.map((release) => built(release, sbiV01)),
);

/** The profile of a name, e.g. `linux-7.2`. */
export function hostProfile(name: string): HostProfile | undefined {
  return HOST_PROFILES.find((profile) => profile.name === name);
}
