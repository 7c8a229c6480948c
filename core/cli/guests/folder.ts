/** Reads the images of a system guest from the folder that `npm run guests` writes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileRole, fileOf, MANIFEST_NAME, type Manifest, parseManifest } from '../../guests/manifest.ts';
import { type SystemGuest, systemById } from '../../guests/systems.ts';
import { UsageError } from '../usage.ts';
import { sha256Of } from './checksum.ts';

const PUBLIC = fileURLToPath(new URL('../../../public', import.meta.url));

export function guestFolder({ folder }: SystemGuest): string {
  return join(PUBLIC, folder);
}

export interface SystemImages {
  readonly image: Uint8Array;
  readonly initrd: Uint8Array;
}

/** The manifest in the folder; null when the images are not there. */
export function manifestOf(system: SystemGuest): Manifest | null {
  const path = join(guestFolder(system), MANIFEST_NAME);
  return existsSync(path) ? parseManifest(readFileSync(path, 'utf8'), system.id) : null;
}

/**
 * For tests: null when the images of that system are there, else the reason to skip. Throws under CI, where
 * nothing may be skipped for what could be built.
 */
export function imagesOrReason(id: string): string | null {
  const system = systemById(id);
  if (system === undefined) throw new RangeError(`there is no system ${id}`);
  if (manifestOf(system) !== null) return null;
  const reason = `the images of ${system.title} are not here: ${system.command} builds them`;
  if (process.env.CI) throw new Error(reason);
  return reason;
}

/** Kernel and initrd, checked against the manifest. Throws UsageError with the way to get them. */
export function readSystem(system: SystemGuest): SystemImages {
  const hint = `Build them: ${system.command}`;
  const manifest = manifestOf(system);
  if (manifest === null) throw new UsageError(`the images of ${system.title} are not here`, hint);
  const read = (role: FileRole): Uint8Array => {
    const { name, sha256 } = fileOf(manifest, role);
    const path = join(guestFolder(system), name);
    if (!existsSync(path)) throw new UsageError(`${path} is missing`, hint);
    const bytes = new Uint8Array(readFileSync(path));
    if (sha256Of(bytes) !== sha256) throw new UsageError(`${path} is not what its manifest says`, hint);
    return bytes;
  };
  return { image: read('kernel'), initrd: read('initrd') };
}
