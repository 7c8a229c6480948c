/** Checksums as manifests and package indexes have them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 in lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function sha256OfFile(path: string): string {
  return sha256Of(readFileSync(path));
}
