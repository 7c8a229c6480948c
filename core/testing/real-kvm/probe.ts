/** The VMM that recordings are made with, compiled for a host; it needs headers of Linux newer than most machines'. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptIn, debianMirror, FetchError, run } from '../apt.ts';
import { cacheFolder } from '../cache.ts';
import { putInPlace } from '../fetch.ts';

const SOURCE = fileURLToPath(new URL('../../kvm/testdata/payload/kvmprobe.c', import.meta.url));
const PACKAGE = 'linux-libc-dev';
/** Releases of Debian with headers of Linux 7.2 or later, tried in order. */
const SUITES = ['sid', 'forky'] as const;
/** To be raised with any change of what is kept: an older folder is then not used. */
const FORMAT = 1;
/** Below usr/include of the package; the second holds `asm`. */
const FOLDERS = ['linux', 'asm-generic', 'riscv64-linux-gnu'];

function headersFolder(): string {
  return cacheFolder('tools', `linux-headers-${FORMAT}`);
}

/** kvmprobe as a static program. Fetches headers the first time. Throws FetchError. */
export function compiledProbe(gcc: string): Uint8Array {
  if (!existsSync(headersFolder())) fetchHeaders();
  const folder = mkdtempSync(join(tmpdir(), 'ecall-probe-'));
  try {
    const program = join(folder, 'kvmprobe');
    const include = [headersFolder(), join(headersFolder(), 'riscv64-linux-gnu')].map((path) => `-I${path}`);
    execFileSync(gcc, ['-O2', '-static', '-pthread', ...include, '-o', program, SOURCE], { stdio: 'pipe' });
    return readFileSync(program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fetchHeaders(): void {
  mkdirSync(cacheFolder('tools'), { recursive: true });
  const folder = mkdtempSync(`${headersFolder()}.`);
  try {
    const root = join(folder, 'root');
    run('dpkg', ['-x', download(folder), root]);
    const ready = join(folder, 'ready');
    for (const name of FOLDERS)
      cpSync(join(root, 'usr/include', name), join(ready, name), { recursive: true, dereference: true });
    chmodSync(ready, 0o755);
    putInPlace(ready, headersFolder());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A mirror in the middle of an update may have an index that does not verify. */
function download(folder: string): string {
  const failures: string[] = [];
  for (const suite of SUITES) {
    try {
      const work = join(folder, suite);
      const apt = aptIn(work, { mirror: debianMirror(), suite });
      apt('update');
      apt('download', PACKAGE);
      const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
      if (archive !== undefined) return join(work, archive);
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      failures.push(error.message);
    }
  }
  throw new FetchError(`${PACKAGE} cannot be fetched:\n${failures.join('\n')}`);
}
