/** Gets the images of system guests from where the page is served, and checks them against their manifest. */
import { type FileRole, fileOf, MANIFEST_NAME, type Manifest, parseManifest } from '../../core/guests/manifest.ts';
import type { SystemGuest } from '../../core/guests/systems.ts';
import type { Failure } from '../../core/protocol/messages.ts';

export interface SystemImages {
  readonly image: Uint8Array;
  readonly initrd: Uint8Array;
}

export interface SystemSource {
  /** Null when its images are not there. Asked once; what was there stays known. */
  manifest(system: SystemGuest): Promise<Manifest | null>;
  /** Fetched once and then kept. Never rejects. */
  images(system: SystemGuest): Promise<SystemImages | Failure>;
}

/** What of `fetch` is needed; relative addresses are those of the page. */
export type Fetch = (address: string) => Promise<Response>;

export function systemSource(fetchFrom: Fetch): SystemSource {
  const manifests = new Map<string, Manifest>();
  const kept = new Map<string, SystemImages>();

  const manifest = async (system: SystemGuest): Promise<Manifest | null> => {
    const known = manifests.get(system.id);
    if (known !== undefined) return known;
    try {
      const response = await fetchFrom(`${system.folder}/${MANIFEST_NAME}`);
      // A server may answer with its start page where there is nothing: then the text is no manifest.
      const found = response.ok ? parseManifest(await response.text(), system.id) : null;
      if (found !== null) manifests.set(system.id, found);
      return found;
    } catch {
      return null;
    }
  };

  const file = async (system: SystemGuest, of: Manifest, role: FileRole): Promise<Uint8Array | Failure> => {
    const { name, size, sha256 } = fileOf(of, role);
    const damaged = (message: string): Failure => ({
      code: 'image',
      message: `${name} of ${system.title} ${message}.`,
      hint: `Build it again: ${system.command}`,
    });
    try {
      const response = await fetchFrom(`${system.folder}/${name}`);
      if (!response.ok) return damaged(`could not be loaded (${response.status})`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length !== size) return damaged(`has ${bytes.length} bytes, its manifest says ${size}`);
      const digest = await digestOf(bytes);
      return digest === null || digest === sha256 ? bytes : damaged('is not what its manifest says');
    } catch {
      return damaged('could not be loaded');
    }
  };

  return {
    manifest,
    async images(system) {
      const before = kept.get(system.id);
      if (before !== undefined) return before;
      const of = await manifest(system);
      if (of === null) return absent(system);
      const [image, initrd] = await Promise.all([file(system, of, 'kernel'), file(system, of, 'initrd')]);
      if ('code' in image) return image;
      if ('code' in initrd) return initrd;
      const images = { image, initrd };
      kept.set(system.id, images);
      return images;
    },
  };
}

function absent(system: SystemGuest): Failure {
  return {
    code: 'image',
    message: `The images of ${system.title} are not beside this page.`,
    hint: `Build them where the page comes from: ${system.command}`,
  };
}

/** Null where the browser has no digests: on an origin that is not secure. */
async function digestOf(bytes: Uint8Array): Promise<string | null> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
