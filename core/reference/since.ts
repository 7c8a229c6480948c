/** Since which Linux release something is there, from the release profiles. Pure. */
import { RELEASES, type Release } from '../kvm/profiles/index.ts';
import { provenanceText } from '../kvm/profiles/provenance.ts';
import type { ReleaseProvenance } from '../kvm/profiles/types.ts';
import { SBI } from '../sbi/spec/index.ts';
import type { SbiName } from '../sbi/types.ts';

const OLDEST_FIRST = [...RELEASES].reverse();
const [OLDEST] = OLDEST_FIRST;
export const NEWEST: Release = RELEASES[0] ?? never();

/** The oldest release with it; undefined when none has it. */
export function firstRelease(has: (release: Release) => boolean): Release | undefined {
  return OLDEST_FIRST.find(has);
}

/** `Linux 6.7`, with how that is known; null when no release has it. `topic` is the group of facts that says so. */
export function sinceLinux(has: (release: Release) => boolean, topic: keyof ReleaseProvenance): string | null {
  const first = firstRelease(has);
  if (first === undefined) return null;
  if (first === OLDEST) return `Linux ${first.name}, the oldest that is modelled here, or before`;
  return `Linux ${first.name} (${provenanceText(first.provenance[topic])})`;
}

/** The oldest release whose KVM answers the function or hands it over; undefined when none does. */
export function functionRelease(extension: SbiName, name: string): Release | undefined {
  return firstRelease((release) => hasFunction(release, extension, name));
}

export function hasFunction(release: Release, extension: SbiName, name: string): boolean {
  return hasExtension(release, extension) && !(release.lacks[extension]?.includes(name) ?? false);
}

/** BASE has no register and is in every release that answers more than the legacy calls. */
export function hasExtension(release: Release, extension: SbiName): boolean {
  return extension === SBI.BASE.name || release.extensions[extension] !== undefined;
}

function never(): never {
  throw new Error('there is no Linux release');
}
