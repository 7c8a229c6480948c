/** A host profile from a release, hardware and how the kernel was built. */
import type { SbiName } from '../../sbi/types.ts';
import { KVM_CAP_IRQCHIP, KVM_CAP_IRQFD, KVM_CAP_NR_VCPUS } from '../uapi.ts';
import { ISA_EXT_NAMES } from './isa.ts';
import type { HostExtension, HostHardware, HostProfile, Release } from './types.ts';

/** Implementation id of KVM. [SBI 3.0 §4.10] */
const IMPL_ID_KVM = 3n;
/** Bits of hcounteren. */
const COUNTERS = { all: 0xffff_ffff, time: 0b010 } as const;
/** KVM_CAP_VM_GPA_BITS and Sv57x4, Sv48x4, Sv39x4, by satp mode. */
const KVM_CAP_VM_GPA_BITS = 207;
const GPA_BITS = { 8: 41, 9: 50, 10: 59 } as const;

export interface Build {
  /** CONFIG_RISCV_SBI_V01 */
  readonly sbiV01: boolean;
}

export function composeHost(
  release: Release,
  hardware: HostHardware,
  { sbiV01 }: Build,
  words: { readonly name: string; readonly label: string },
): HostProfile {
  const { provenance, enables, isaExtCount, scounteren, delegatesIllegal, lacks } = release;
  const quirks = quirksOf(release);
  const numbered = new Set<string>(ISA_EXT_NAMES.slice(0, isaExtCount));
  return {
    ...words,
    linux: release.linux,
    hardware,
    sbiV01,
    sbiVersion: release.sbiVersion,
    implId: IMPL_ID_KVM,
    implVersion: versionCode(release.linux),
    mvendorid: hardware.mvendorid,
    marchid: hardware.marchid,
    mimpid: hardware.mimpid,
    extensions: extensionsOn(release, hardware),
    lacks,
    quirks,
    scounteren,
    delegatesIllegal,
    delegatesMisaligned: hardware.delegatesMisaligned && quirks.takesMisaligned,
    hcounteren: COUNTERS[quirks.counters],
    satpMode: hardware.satpMode,
    hostSatpMode: hardware.hostSatpMode,
    blockSizes: Object.fromEntries(release.blockSizes.map((name) => [name, hardware.blockSize])),
    isaExtCount,
    isa: hardware.isa.filter((name) => numbered.has(name)),
    capabilities: {
      ...release.capabilities,
      [KVM_CAP_NR_VCPUS]: hardware.cpus,
      // With AIA a VM can have interrupt controllers in the kernel; what routes to them came in the same release.
      ...(hardware.aia && KVM_CAP_IRQFD in release.capabilities ? { [KVM_CAP_IRQCHIP]: 1 } : {}),
      [KVM_CAP_VM_GPA_BITS]: GPA_BITS[hardware.satpMode],
    },
    enables,
    provenance,
  };
}

/** With what the stable versions up to this one have changed; a later release inherits none of them. */
function quirksOf({ name, linux, quirks, fixes = [] }: Release): HostProfile['quirks'] {
  const version = versionCode(linux);
  const here = fixes.filter(({ since }) => since.startsWith(`${name}.`) && versionCode(since) <= version);
  return Object.assign({}, quirks, ...here.map((fix) => fix.quirks));
}

/** LINUX_VERSION_CODE: major << 16 | minor << 8 | patch, which is at most 255. */
export function versionCode(linux: string): bigint {
  const [major = 0, minor = 0, patch = 0] = linux.split('.').map(Number);
  return BigInt(major * 0x1_0000 + minor * 0x100 + Math.min(patch, 0xff));
}

function extensionsOn(release: Release, hardware: HostHardware): HostProfile['extensions'] {
  return availableWith(release.extensions, new Set(hardware.isa));
}

function availableWith(
  extensions: Release['extensions'],
  isa: ReadonlySet<string>,
): Readonly<Partial<Record<SbiName, HostExtension>>> {
  const entries = Object.entries(extensions).map(([name, extension]) => {
    const available = extension.needs === undefined || isa.has(extension.needs);
    return [name, { ...extension, available } satisfies HostExtension];
  });
  return Object.fromEntries(entries);
}

/** The same host with harts of these extensions, in any case: what it makes available follows from them. */
export function onHarts(profile: HostProfile, extensions: Iterable<string>): HostProfile {
  const isa = new Set([...extensions].map((name) => name.toUpperCase()));
  return { ...profile, extensions: availableWith(profile.extensions, isa) };
}
