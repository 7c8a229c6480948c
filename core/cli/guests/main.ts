/** `npm run guests`: builds the images of the system guests into the folder that the page serves them from. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { argumentsOf } from '../arguments.ts';
import { EXIT, UsageError } from '../usage.ts';
import { sha256Of } from './checksum.ts';
import { guestFolder } from './folder.ts';
import { buildInitramfs } from './initramfs.ts';
import { buildKernel, stockKernel } from './kernel.ts';
import { provide } from './needs.ts';
import { type FetchedPackage, fetchPackage, type PackageRequest, type PackageStore } from './packages.ts';

const HELP = `Usage: npm run guests -- [OPTIONS]

Builds a small Linux and its userland into public/guests, from packages of Debian: linux-source-6.12, compiled
here, and busybox-static for riscv64. They are verified and kept in .cache, or in the folder that ECALL_CACHE names.

  --mirror URL   Archive of Debian to fetch from; by default ECALL_DEBIAN_MIRROR, or that of this machine's apt.
  --stock        Take the kernel of Debian's installer as well, as it is: the guest debian.
  --update       Ask the archive for newer packages, instead of taking those of the last time.
  --for-tests    Where the guests cannot be built, say why and end with 0, except under CI.`;

const SOURCE: PackageRequest = { name: 'linux-source-6.12', architecture: null, suites: ['trixie'] };
/** Linked statically, so that the suite does not matter. */
const BUSYBOX: PackageRequest = {
  name: 'busybox-static',
  architecture: 'riscv64',
  suites: ['trixie', 'forky', 'sid'],
};

/** The same kernel as the package linux-image-riscv64, in half as many bytes: modules are elsewhere. */
const STOCK: PackageRequest = { name: 'debian-installer-13-netboot-riscv64', architecture: null, suites: ['trixie'] };

const say = (words: string): void => console.error(`guests: ${words}`);

function buildLinux(store: PackageStore, update: boolean): void {
  const source = fetchPackage(SOURCE, store, update);
  const busybox = fetchPackage(BUSYBOX, store, update);
  const { image, compiler, release } = buildKernel(source, store.folder, say);
  put('linux', [{ ...kernelFile(image, source), builtWith: compiler }, rootFile(busybox, store)]);
  say(`Linux ${release} is there`);
}

function takeDebian(store: PackageStore, update: boolean): void {
  const stock = fetchPackage(STOCK, store, update);
  const busybox = fetchPackage(BUSYBOX, store, update);
  put('debian', [kernelFile(stockKernel(stock, store.folder), stock), rootFile(busybox, store)]);
  say(`the kernel of ${stock.name} ${stock.version} is there`);
}

function kernelFile(bytes: Uint8Array, from: FetchedPackage): Built {
  return { role: 'kernel', name: 'Image', bytes, origins: [originOf(from, 'GPL-2.0-only WITH Linux-syscall-note')] };
}

function rootFile(busybox: FetchedPackage, { folder }: PackageStore): Built {
  const own: Origin = { from: 'Ecall, core/cli/guests/init.sh', version: '1', licence: 'Apache-2.0' };
  const origins = [originOf(busybox, 'GPL-2.0-only'), own];
  return { role: 'initrd', name: 'initramfs.cpio', bytes: buildInitramfs(busybox, folder), origins };
}

function originOf({ name, version, suite, sha256 }: FetchedPackage, licence: string): Origin {
  return { from: `Debian ${suite}, package ${name}`, version, licence, sha256 };
}

interface Built extends Omit<ManifestFile, 'size' | 'sha256'> {
  readonly bytes: Uint8Array;
}

/** The manifest comes last: where it is, the images are. */
function put(guest: string, built: readonly Built[]): void {
  const system = systemById(guest);
  if (system === undefined) throw new Error(`there is no guest ${guest}`);
  const folder = guestFolder(system);
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

const OPTIONS = {
  mirror: { type: 'string' },
  stock: { type: 'boolean' },
  update: { type: 'boolean' },
  'for-tests': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

function main(args: readonly string[]): number {
  let optional = false;
  try {
    const { values } = argumentsOf(args, { options: OPTIONS });
    if (values.help === true) {
      console.log(HELP);
      return EXIT.done;
    }
    optional = values['for-tests'] === true && !process.env.CI;
    provide(say);
    const store = { mirror: values.mirror ?? debianMirror(), folder: cacheFolder('guests'), say };
    buildLinux(store, values.update === true);
    if (values.stock === true) takeDebian(store, values.update === true);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof FetchError)) throw error;
    const hint = error instanceof UsageError && error.hint !== undefined ? `\n  ${error.hint}` : '';
    say(`${optional ? 'skipping what needs them: ' : ''}${error.message}${hint}`);
    return optional ? EXIT.done : EXIT.usage;
  }
}

process.exitCode = main(process.argv.slice(2));
