/**
 * OpenSBI as Debian packages it, for QEMU: each version from the release that has it, fetched like the programs in
 * `fetch.ts` and kept beside them. Versions are named, since what is said of them holds for them alone.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptIn, debianMirror, FetchError, run } from './apt.ts';
import { cacheFolder } from './cache.ts';

export interface Firmware {
  /** Upstream version, without Debian's own part. */
  readonly version: string;
  /** Releases of Debian that have or had it, tried in order. */
  readonly suites: readonly string[];
  readonly says: string;
}

export const FIRMWARES = {
  'opensbi-1.6': { version: '1.6', suites: ['trixie'], says: 'SBI 2.0, with drafts of 3.0' },
  'opensbi-1.9': { version: '1.9', suites: ['sid', 'forky'], says: 'SBI 3.0' },
} as const satisfies Record<string, Firmware>;
export type FirmwareName = keyof typeof FIRMWARES;
export const FIRMWARE_NAMES = Object.keys(FIRMWARES) as readonly FirmwareName[];

const PACKAGE = 'opensbi';
/** The one that takes the next stage's address from QEMU. */
const IMAGE = 'usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin';

function folderOf(name: FirmwareName): string {
  return cacheFolder('tools', name);
}

/** Path for QEMU's `-bios`, or null when it was not fetched. */
export function findFirmware(name: FirmwareName): string | null {
  const path = join(folderOf(name), 'fw_dynamic.bin');
  return existsSync(path) ? path : null;
}

/** Fetches one version. Throws `FetchError` when no release has it, without a trace left behind. */
export function fetchFirmware(name: FirmwareName): void {
  mkdirSync(cacheFolder('tools'), { recursive: true });
  const folder = mkdtempSync(`${folderOf(name)}.`);
  try {
    const archive = archiveOf(FIRMWARES[name], folder);
    run('dpkg', ['-x', archive, join(folder, 'root')]);
    const ready = join(folder, 'ready');
    mkdirSync(ready);
    cpSync(join(folder, 'root', IMAGE), join(ready, 'fw_dynamic.bin'));
    chmodSync(ready, 0o755);
    if (!existsSync(folderOf(name))) renameSync(ready, folderOf(name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The package of that version from the first release that has it. */
function archiveOf({ version, suites }: Firmware, folder: string): string {
  const offered: string[] = [];
  for (const suite of suites) {
    const work = join(folder, suite);
    const source = { mirror: debianMirror(), suite };
    aptIn(work, source)('update');
    const shown = aptIn(work, source, 'apt-cache')('show', PACKAGE);
    const versions = [...shown.matchAll(/^Version: (.+)$/gm)].map(([, found = '']) => found);
    const wanted = versions.find((found) => found.replace(/-[^-]*$/, '') === version);
    offered.push(`${suite} has ${versions.join(', ')}`);
    if (wanted === undefined) continue;
    aptIn(work, source)('install', '--download-only', `${PACKAGE}=${wanted}`);
    const archive = readdirSync(join(work, 'archives')).find((file) => file.endsWith('.deb'));
    if (archive !== undefined) return join(work, 'archives', archive);
  }
  throw new FetchError(
    `no release has ${PACKAGE} ${version}: ${offered.join('; ')}. Name the newer version in core/testing/firmware.ts and say anew where it differs.`,
  );
}

/** For tests, as `toolOrSkip`: the path, or the reason to skip; throws under CI. */
export function firmwareOrSkip(
  name: FirmwareName,
): { readonly path: string; readonly reason: null } | { readonly path: null; readonly reason: string } {
  const path = findFirmware(name);
  if (path !== null) return { path, reason: null };
  const { version, suites } = FIRMWARES[name];
  const reason = `OpenSBI ${version} is missing. Run \`npm run tools\`, which fetches it from Debian ${suites[0]} where there is apt.`;
  if (process.env.CI) throw new Error(reason);
  return { path: null, reason };
}
