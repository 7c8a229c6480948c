/** `npm run guests`: builds the images of the system guests into the folder that the page serves them from. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  MANIFEST_NAME,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestFile,
  type Origin,
} from '../../guests/manifest.ts';
import { systemById } from '../../guests/systems.ts';
import { debianMirror, FetchError } from '../../testing/apt.ts';
import { cacheFolder } from '../../testing/cache.ts';
import { EXIT, UsageError } from '../usage.ts';
import { sha256Of } from './checksum.ts';
import { guestFolder } from './folder.ts';
import { buildInitramfs } from './initramfs.ts';
import { buildKernel } from './kernel.ts';
import { provide } from './needs.ts';
import { type FetchedPackage, fetchPackage, type PackageRequest, type PackageStore } from './packages.ts';

const HELP = `Usage: npm run guests -- [OPTIONS]

Builds a small Linux and its userland into public/guests, from packages of Debian: linux-source-6.12, compiled
here, and busybox-static for riscv64. They are verified and kept in .cache, or in the folder that ECALL_CACHE names.

  --mirror URL   Archive of Debian to fetch from; by default ECALL_DEBIAN_MIRROR, or that of this machine's apt.
  --update       Ask the archive for newer packages, instead of taking those of the last time.
  --for-tests    Where the guests cannot be built, say why and end with 0, except under CI.`;

const SOURCE: PackageRequest = { name: 'linux-source-6.12', architecture: null, suites: ['trixie'] };
/** Linked statically, so that the suite does not matter. */
const BUSYBOX: PackageRequest = {
  name: 'busybox-static',
  architecture: 'riscv64',
  suites: ['trixie', 'forky', 'sid'],
};

const say = (words: string): void => console.error(`guests: ${words}`);

function buildLinux(store: PackageStore, update: boolean): void {
  const system = systemById('linux');
  if (system === undefined) throw new Error('there is no guest linux');
  const source = fetchPackage(SOURCE, store, update);
  const busybox = fetchPackage(BUSYBOX, store, update);
  const kernel = buildKernel(source, store.folder, say);
  const initrd = buildInitramfs(busybox, store.folder);
  const own: Origin = { from: 'Ecall, core/cli/guests/init.sh', version: '1', licence: 'Apache-2.0' };
  write(guestFolder(system), system.id, [
    {
      role: 'kernel',
      name: 'Image',
      bytes: kernel.image,
      origins: [originOf(source, 'GPL-2.0-only WITH Linux-syscall-note')],
      builtWith: kernel.compiler,
    },
    { role: 'initrd', name: 'initramfs.cpio', bytes: initrd, origins: [originOf(busybox, 'GPL-2.0-only'), own] },
  ]);
  say(`Linux ${kernel.release} is in ${guestFolder(system)}`);
}

function originOf({ name, version, suite, sha256 }: FetchedPackage, licence: string): Origin {
  return { from: `Debian ${suite}, package ${name}`, version, licence, sha256 };
}

interface Built extends Omit<ManifestFile, 'size' | 'sha256'> {
  readonly bytes: Uint8Array;
}

/** The manifest comes last: where it is, the images are. */
function write(folder: string, guest: string, built: readonly Built[]): void {
  mkdirSync(folder, { recursive: true });
  const files = built.map(({ bytes, ...file }): ManifestFile => {
    writeChanged(join(folder, file.name), bytes);
    return { ...file, size: bytes.length, sha256: sha256Of(bytes) };
  });
  const manifest: Manifest = { version: MANIFEST_VERSION, guest, files };
  writeChanged(join(folder, MANIFEST_NAME), new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
}

function writeChanged(path: string, bytes: Uint8Array): void {
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
}

function main(args: readonly string[]): number {
  const options = {
    mirror: { type: 'string' },
    update: { type: 'boolean' },
    'for-tests': { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) {
    console.log(HELP);
    return EXIT.done;
  }
  const optional = values['for-tests'] === true && !process.env.CI;
  try {
    provide(say);
    buildLinux({ mirror: values.mirror ?? debianMirror(), folder: cacheFolder('guests'), say }, values.update === true);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof FetchError)) throw error;
    const hint = error instanceof UsageError && error.hint !== undefined ? `\n  ${error.hint}` : '';
    say(`${optional ? 'skipping what needs them: ' : ''}${error.message}${hint}`);
    return optional ? EXIT.done : EXIT.usage;
  }
}

process.exitCode = main(process.argv.slice(2));
