/**
 * Programs of a newer Debian release than the machine's, beside its own: apt resolves, downloads and verifies
 * packages with a configuration of its own, dpkg unpacks them into the cache, and small scripts start them with
 * the libraries they came with. Nothing on the machine is changed, and root is not needed.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { aptIn, debianMirror, FetchError, run } from './apt.ts';
import { cacheFolder } from './cache.ts';

/** A name, not a suite such as `stable`: it stays the same release. It has QEMU 10.0, binutils 2.44 and OpenSBI 1.6. */
export const RELEASE = 'trixie';
/** To be raised with any change of what is fetched or how it is laid out: an older folder is then not used. */
const FORMAT = 1;

const BINUTILS = 'binutils-riscv64-linux-gnu';
const BINUTILS_PROGRAMS = ['as', 'ld', 'objdump', 'objcopy', 'nm'].map((name) => `riscv64-linux-gnu-${name}`);
/** Programs by the package that they are in. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'qemu-system-riscv': ['qemu-system-riscv64'],
  'qemu-user': ['qemu-riscv64'],
  [BINUTILS]: BINUTILS_PROGRAMS,
};
/** QEMU's default firmware, which it only recommends. */
const FIRMWARE = 'opensbi';
/** Packages with programs for every architecture, of which only ours are unpacked. */
const TAKEN_IN_PART: readonly string[] = ['qemu-user'];

/** Where fetched programs of a release are; the folder need not exist. */
function fetchedFolder(suite: string): string {
  return cacheFolder('tools', `${suite}-${FORMAT}`);
}

/** Where a fetched program of that name is, or would be. */
export function fetchedProgram(name: string, suite: string = RELEASE): string {
  return join(fetchedFolder(suite), 'bin', name);
}

function unpack(archive: string, root: string): void {
  const [name = ''] = basename(archive).split('_');
  if (!TAKEN_IN_PART.includes(name)) {
    run('dpkg', ['-x', archive, root]);
    return;
  }
  const files = (PROGRAMS[name] ?? []).map((program) => `./usr/bin/${program}`).join(' ');
  run('sh', ['-c', `dpkg --fsys-tarfile "$1" | tar -x -C "$2" ${files}`, 'unpack', archive, root]);
}

/** The one entry of a folder that fits. */
function entry(folder: string, pattern: RegExp): string {
  const found = existsSync(folder) ? readdirSync(folder).find((name) => pattern.test(name)) : undefined;
  if (found === undefined) throw new FetchError(`${folder} has nothing like ${pattern.source}`);
  return found;
}

/** How to start a program in `root` with its own loader and libraries, from a script in a folder beside it. */
function starter(root: string): (program: string) => string {
  const libraries = existsSync(join(root, 'usr/lib64')) ? 'usr/lib64' : 'usr/lib';
  const loader = `${libraries}/${entry(join(root, libraries), /^ld-linux-.*\.so/)}`;
  const architecture = readdirSync(join(root, 'usr/lib')).find((name) =>
    existsSync(join(root, 'usr/lib', name, 'libc.so.6')),
  );
  if (architecture === undefined) throw new FetchError('the packages have no C library');
  return (program) => {
    const data = program.startsWith('qemu-system') ? ' -L "$root/usr/share/qemu"' : '';
    return `#!/bin/sh
root="\${0%/*}/../root"
export QEMU_MODULE_DIR="$root/usr/lib/${architecture}/qemu"
exec "$root/${loader}" --library-path "$root/usr/lib/${architecture}" --argv0 "$0" "$root/usr/bin/${program}"${data} "$@"
`;
  };
}

function isStatic(program: string): boolean {
  return program === 'qemu-riscv64';
}

function writeStarters(folder: string, suite: string, packages: readonly string[]): void {
  const root = join(folder, 'root');
  const start = starter(root);
  mkdirSync(join(folder, 'bin'));
  for (const program of packages.flatMap((name) => PROGRAMS[name] ?? [])) {
    if (!existsSync(join(root, 'usr/bin', program)))
      throw new FetchError(`the packages of ${suite} have no ${program}`);
    const script = join(folder, 'bin', program);
    const plain = `#!/bin/sh\nexec "\${0%/*}/../root/usr/bin/${program}" "$@"\n`;
    writeFileSync(script, isStatic(program) ? plain : start(program));
    chmodSync(script, 0o755);
  }
}

/**
 * Downloads and unpacks the programs of these packages of `PROGRAMS`, all unless named, from a release. Others may do
 * the same at the same time: the folder appears whole. Throws `FetchError` in the words of apt, without a trace left
 * behind.
 */
export function fetchPrograms(suite: string = RELEASE, packages: readonly string[] = Object.keys(PROGRAMS)): void {
  const target = fetchedFolder(suite);
  mkdirSync(cacheFolder('tools'), { recursive: true });
  const folder = mkdtempSync(`${target}.`);
  try {
    const work = join(folder, 'apt');
    const apt = aptIn(work, { mirror: debianMirror(), suite });
    apt('update');
    apt('install', '--download-only', ...packages, FIRMWARE);
    const archives = readdirSync(join(work, 'archives')).filter((name) => name.endsWith('.deb'));
    mkdirSync(join(folder, 'root'));
    for (const archive of archives) unpack(join(work, 'archives', archive), join(folder, 'root'));
    writeFileSync(join(folder, 'packages.txt'), `${archives.sort().join('\n')}\n`);
    writeStarters(folder, suite, packages);
    rmSync(work, { recursive: true });
    chmodSync(folder, 0o755);
    putInPlace(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Moves a finished folder to where it belongs, whole. */
export function putInPlace(folder: string, target: string): void {
  try {
    renameSync(folder, target);
  } catch (error) {
    // Somebody else was first.
    if (!existsSync(target)) throw error;
  }
}
