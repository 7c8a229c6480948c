/** The host profiles: the only list, and the entry point of this folder. Data and pure functions only. */
import { composeHost } from './compose.ts';
import { hardwareOf, PLAIN, PLAIN_CHOICE } from './hardware.ts';
import { LINUX_5_17 } from './releases/linux-5.17.ts';
import { LINUX_5_18 } from './releases/linux-5.18.ts';
import { LINUX_5_19 } from './releases/linux-5.19.ts';
import { LINUX_6_0 } from './releases/linux-6.0.ts';
import { LINUX_6_1 } from './releases/linux-6.1.ts';
import { LINUX_6_2 } from './releases/linux-6.2.ts';
import { LINUX_6_3 } from './releases/linux-6.3.ts';
import { LINUX_6_4 } from './releases/linux-6.4.ts';
import { LINUX_6_5 } from './releases/linux-6.5.ts';
import { LINUX_6_6 } from './releases/linux-6.6.ts';
import { LINUX_6_7 } from './releases/linux-6.7.ts';
import { LINUX_6_8 } from './releases/linux-6.8.ts';
import { LINUX_6_9 } from './releases/linux-6.9.ts';
import { LINUX_6_10 } from './releases/linux-6.10.ts';
import { LINUX_6_11 } from './releases/linux-6.11.ts';
import { LINUX_6_12 } from './releases/linux-6.12.ts';
import { LINUX_6_13 } from './releases/linux-6.13.ts';
import { LINUX_6_14 } from './releases/linux-6.14.ts';
import { LINUX_6_15 } from './releases/linux-6.15.ts';
import { LINUX_6_16 } from './releases/linux-6.16.ts';
import { LINUX_6_17 } from './releases/linux-6.17.ts';
import { LINUX_6_18 } from './releases/linux-6.18.ts';
import { LINUX_6_19 } from './releases/linux-6.19.ts';
import { LINUX_7_0 } from './releases/linux-7.0.ts';
import { LINUX_7_1 } from './releases/linux-7.1.ts';
import { LINUX_7_2 } from './releases/linux-7.2.ts';
import type { HardwareChoice, HostHardware, HostProfile, Release } from './types.ts';

export {
  defaultMode,
  defaultModes,
  handedOver,
  hardwareRefusal,
  identityRefusal,
  machineIdRefusal,
  misalignedRefusal,
  modeRefusal,
  probeRefusal,
  selectableModes,
} from './choices.ts';
export { composeHost, onHarts } from './compose.ts';
export { AIA_EXTENSION, MAX, PLAIN, PLAIN_CHOICE, SATP_MODES } from './hardware.ts';
export { provenanceWords } from './provenance.ts';
export type {
  HardwareChoice,
  HostExtension,
  HostHardware,
  HostProfile,
  HostQuirks,
  KvmInterface,
  MisalignedBy,
  Provenance,
  Release,
  SatpMode,
} from './types.ts';

/** Newest first. */
export const RELEASES: readonly Release[] = [
  LINUX_7_2,
  LINUX_7_1,
  LINUX_7_0,
  LINUX_6_19,
  LINUX_6_18,
  LINUX_6_17,
  LINUX_6_16,
  LINUX_6_15,
  LINUX_6_14,
  LINUX_6_13,
  LINUX_6_12,
  LINUX_6_11,
  LINUX_6_10,
  LINUX_6_9,
  LINUX_6_8,
  LINUX_6_7,
  LINUX_6_6,
  LINUX_6_5,
  LINUX_6_4,
  LINUX_6_3,
  LINUX_6_2,
  LINUX_6_1,
  LINUX_6_0,
  LINUX_5_19,
  LINUX_5_18,
  LINUX_5_17,
];

/** Behind the name of a release: built without the legacy calls. */
export const WITHOUT_LEGACY = '-nov01';

function built(release: Release, sbiV01: boolean, hardware: HostHardware): HostProfile {
  return composeHost(
    release,
    hardware,
    { sbiV01 },
    {
      name: `linux-${release.name}${sbiV01 ? '' : WITHOUT_LEGACY}`,
      label: `Linux ${release.name}${sbiV01 ? '' : ' without legacy calls'}`,
    },
  );
}

/** In the order of a menu; the first is the default. */
export const HOST_PROFILES: readonly HostProfile[] = [true, false].flatMap((sbiV01) =>
  RELEASES.map((release) => built(release, sbiV01, PLAIN)),
);

/**
 * The profile of a name, e.g. `linux-7.2`, on the machine that was chosen. `linux`: a version of that release, where it is
 * not the one that the figures stand for.
 */
export function hostProfile(
  name: string,
  choice: HardwareChoice = PLAIN_CHOICE,
  linux?: string,
): HostProfile | undefined {
  const index = HOST_PROFILES.findIndex((profile) => profile.name === name);
  const release = RELEASES[index % RELEASES.length];
  if (release === undefined || (choice === PLAIN_CHOICE && linux === undefined)) return HOST_PROFILES[index];
  const version = linux === undefined ? release : { ...release, linux };
  return built(version, index < RELEASES.length, hardwareOf(choice));
}
