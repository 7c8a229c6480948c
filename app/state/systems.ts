/** What the page knows of system guests: whether their images are there, and where they come from. */
import type { Manifest } from '../../core/guests/manifest.ts';

export interface SystemsSlice {
  /** By id: the manifest, or null when the images are absent; no entry before it was looked for. */
  readonly manifests: Readonly<Record<string, Manifest | null>>;
}

export const systemsSlice: SystemsSlice = { manifests: {} };
