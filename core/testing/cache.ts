/** The folder for what the checks fetch or leave: git-ignored, kept between runs, shared by checkouts that name the same. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('../../.cache/', import.meta.url));

/** `ECALL_CACHE` names another folder than the `.cache` of the checkout. */
export function cacheFolder(...names: readonly string[]): string {
  return join(process.env.ECALL_CACHE || OWN, ...names);
}
