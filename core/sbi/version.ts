/** The SBI specification version: its encoding in get_spec_version and what a version has. [SBI 3.0 §4.1] */
import { SBI_VERSIONS, type SbiExtension, type SbiFunction, type SbiVersion } from './types.ts';

const MAJOR_SHIFT = 24n;
const MINOR_MASK = 0xff_ffffn;
const MAJOR_MASK = 0x7fn;

/** The value of get_spec_version: bits 30:24 major, 23:0 minor, bit 31 zero. */
export function encodeVersion(version: SbiVersion): bigint {
  return ENCODED[version];
}

const ENCODED = Object.fromEntries(
  SBI_VERSIONS.map((version) => {
    const [major, minor] = version.split('.').map(BigInt);
    return [version, ((major ?? 0n) << MAJOR_SHIFT) | (minor ?? 0n)];
  }),
) as Readonly<Record<SbiVersion, bigint>>;

/** The version that a value stands for, or undefined when there is no such specification. */
export function decodeVersion(value: bigint): SbiVersion | undefined {
  return SBI_VERSIONS.find((version) => encodeVersion(version) === value);
}

/** `3.0` for 0x3000000, whether or not there is such a specification. */
export function versionText(value: bigint): string {
  return `${(value >> MAJOR_SHIFT) & MAJOR_MASK}.${value & MINOR_MASK}`;
}

/** Negative when `a` is older than `b`, 0 when equal, positive when newer. */
export function compareVersions(a: SbiVersion, b: SbiVersion): number {
  return SBI_VERSIONS.indexOf(a) - SBI_VERSIONS.indexOf(b);
}

/** Whether `version` already has an extension or a function: what a version gates. */
export function hasVersion(item: Pick<SbiExtension | SbiFunction, 'since'>, version: SbiVersion): boolean {
  return compareVersions(item.since, version) <= 0;
}

/** The functions of an extension that `version` has; none when it lacks the extension. */
export function functionsIn(extension: SbiExtension, version: SbiVersion): readonly string[] {
  if (!hasVersion(extension, version)) return [];
  return Object.entries(extension.functions)
    .filter(([, definition]) => hasVersion(definition, version))
    .map(([name]) => name);
}
