/**
 * What stands beside the images of a system guest: which files they are, where each comes from and how
 * to know that it is whole. JSON, in `manifest.json` of the guest's folder.
 */

export const MANIFEST_NAME = 'manifest.json';
/** Raised when the meaning of a field changes. */
export const MANIFEST_VERSION = 1;

export const FILE_ROLES = ['kernel', 'initrd'] as const;
export type FileRole = (typeof FILE_ROLES)[number];

/** Something that went into a file. */
export interface Origin {
  /** What it was taken from: a package of Debian, or Ecall itself. */
  readonly from: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** Of the package as it was fetched; absent for what is our own. */
  readonly sha256?: string;
}

export interface ManifestFile {
  readonly role: FileRole;
  /** Name in the folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly origins: readonly Origin[];
  /** Compiler and version, when we compiled it. */
  readonly builtWith?: string;
}

export interface Manifest {
  readonly version: typeof MANIFEST_VERSION;
  /** Id of the system guest. */
  readonly guest: string;
  /** One of each role. */
  readonly files: readonly ManifestFile[];
}

/** Larger images would not fit beside the memory of the guest in a browser's tab. */
export const SYSTEM_FILE_LIMIT = 512 * 1024 * 1024;

/** The manifest in the text of `manifest.json`, or null when it is none: an error page of a server, say. */
export function parseManifest(text: string, guest: string): Manifest | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(data) || data.version !== MANIFEST_VERSION || data.guest !== guest) return null;
  const { files } = data;
  if (!Array.isArray(files) || !files.every(isFile)) return null;
  const roles = files.map(({ role }) => role);
  const whole = FILE_ROLES.every((role) => roles.filter((other) => other === role).length === 1);
  return whole ? { version: MANIFEST_VERSION, guest, files } : null;
}

/** The file of a role. @throws RangeError when the manifest has none, which `parseManifest` rules out. */
export function fileOf(manifest: Manifest, role: FileRole): ManifestFile {
  const file = manifest.files.find((candidate) => candidate.role === role);
  if (file === undefined) throw new RangeError(`the manifest of ${manifest.guest} has no ${role}`);
  return file;
}

function isFile(data: unknown): data is ManifestFile {
  if (!isRecord(data)) return false;
  const { role, name, size, sha256, origins, builtWith } = data;
  return (
    FILE_ROLES.some((known) => known === role) &&
    // A plain name: the manifest never points out of its folder.
    typeof name === 'string' &&
    /^[\w-][\w.-]*$/.test(name) &&
    Number.isSafeInteger(size) &&
    Number(size) > 0 &&
    Number(size) <= SYSTEM_FILE_LIMIT &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    Array.isArray(origins) &&
    origins.every(isOrigin) &&
    (builtWith === undefined || typeof builtWith === 'string')
  );
}

function isOrigin(data: unknown): data is Origin {
  return isRecord(data) && ['from', 'version', 'licence'].every((field) => typeof data[field] === 'string');
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
