/**
 * What a host is booted from: the kernel of a release of Debian with its kvm module, and a BusyBox for it. apt
 * downloads and verifies the packages, what is needed of them is kept beside the fetched programs.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { aptIn, debianMirror, FetchError, run } from '../apt.ts';
import { cacheFolder } from '../cache.ts';
import { putInPlace, RELEASE } from '../fetch.ts';

/** To be raised with any change of what is kept or how it is laid out: an older folder is then not used. */
const FORMAT = 1;
const ARCHITECTURE = 'riscv64';
/** Depends on the kernel of the day. */
const NEWEST_KERNEL = 'linux-image-riscv64';
const BUSYBOX = 'busybox-static';
/** In the order in which they are loaded. */
const MODULES = ['irqbypass', 'kvm'];
const KEPT = { image: 'kernel', busybox: 'busybox', packages: 'packages.txt' } as const;

export interface HostKernel {
  /** For QEMU's `-kernel`. */
  readonly image: string;
  /** Files of modules, in the order in which they are loaded; empty when KVM is built in. */
  readonly modules: readonly string[];
  /** A static BusyBox for riscv64. */
  readonly busybox: string;
  /** Packages that it was taken from, each with its version. */
  readonly packages: readonly string[];
}

function folderOf(suite: string): string {
  return cacheFolder('tools', `host-${suite}-${FORMAT}`);
}

/** The kernel of a release, or null when it was not fetched. */
export function findKernel(suite: string = RELEASE): HostKernel | null {
  const folder = folderOf(suite);
  if (!existsSync(folder)) return null;
  return {
    image: join(folder, KEPT.image),
    modules: MODULES.map((name) => join(folder, `${name}.ko`)),
    busybox: join(folder, KEPT.busybox),
    packages: readFileSync(join(folder, KEPT.packages), 'utf8').trimEnd().split('\n'),
  };
}

/** Of a kernel of Debian, e.g. `6.12.107`. */
export function versionOf({ packages }: HostKernel): string {
  const version = packages.map((name) => /^linux-(?:image|binary)-(\d+(?:\.\d+)+)/.exec(name)?.[1]).find(Boolean);
  if (version === undefined) throw new RangeError('no package names the version of the kernel');
  return version;
}

/** For tests, as `toolOrSkip`: the kernel, or the reason to skip; throws under CI. */
export function kernelOrSkip(
  suite: string = RELEASE,
): { readonly kernel: HostKernel; readonly reason: null } | { readonly kernel: null; readonly reason: string } {
  const kernel = findKernel(suite);
  if (kernel !== null) return { kernel, reason: null };
  const reason = `the kernel of Debian ${suite} is missing. Run \`npm run tools\`, which fetches it where there is apt.`;
  if (process.env.CI) throw new Error(reason);
  return { kernel: null, reason };
}

/** Fetches the kernel of a release. Throws `FetchError` in the words of apt, without a trace left behind. */
export function fetchKernel(suite: string = RELEASE): void {
  const target = folderOf(suite);
  mkdirSync(cacheFolder('tools'), { recursive: true });
  const folder = mkdtempSync(`${target}.`);
  try {
    const archives = download(suite, join(folder, 'apt'));
    const root = join(folder, 'root');
    mkdirSync(root);
    for (const { path, patterns } of archives) unpack(path, root, patterns);
    const ready = join(folder, 'ready');
    mkdirSync(ready);
    renameSync(only(root, /^vmlinu/), join(ready, KEPT.image));
    renameSync(only(root, /^busybox$/), join(ready, KEPT.busybox));
    for (const name of MODULES) keepModule(root, name, ready);
    const names = archives.map(({ path }) => basename(path)).sort();
    writeFileSync(join(ready, KEPT.packages), names.map((name) => `${name}\n`).join(''));
    chmodSync(ready, 0o755);
    putInPlace(ready, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A package, and what is taken of it: most of a package of modules is drivers. */
interface Part {
  readonly name: string;
  /** For tar, which fails where one fits nothing. */
  readonly patterns: readonly string[];
}

const OF_IMAGE = ['*/vmlinu*'];
const OF_MODULES = MODULES.map((name) => `*/${name}.ko*`);
const OF_BUSYBOX = ['*/bin/busybox'];

function download(suite: string, work: string): readonly (Part & { readonly path: string })[] {
  const source = { mirror: debianMirror(), suite, architecture: ARCHITECTURE };
  const apt = aptIn(work, source);
  apt('update');
  const parts = [...kernelParts(aptIn(work, source, 'apt-cache')), { name: BUSYBOX, patterns: OF_BUSYBOX }];
  apt('download', ...parts.map(({ name }) => name));
  return parts.map((part) => ({ ...part, path: join(work, entryOf(work, part.name)) }));
}

/** The file of a package: `NAME_VERSION_ARCHITECTURE.deb`. */
function entryOf(work: string, name: string): string {
  const found = readdirSync(work).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  if (found === undefined) throw new FetchError(`apt-get downloaded nothing for ${name}`);
  return found;
}

/** Later releases have parted image and modules, and leave a package that depends on both. */
function kernelParts(cache: (...args: string[]) => string): readonly Part[] {
  const depends = (name: string): string => {
    const shown = cache('show', '--no-all-versions', name);
    return /^Depends: (.*)$/m.exec(shown)?.[1] ?? '';
  };
  const image = /\blinux-image-\d[^ ,]*/.exec(depends(NEWEST_KERNEL))?.[0];
  if (image === undefined) throw new FetchError(`${NEWEST_KERNEL} depends on no kernel`);
  const [binary, modules] = ['binary', 'modules'].map((part) => image.replace('image', part)) as [string, string];
  const all = depends(image);
  if (![binary, modules].every((name) => all.includes(`${name} `)))
    return [{ name: image, patterns: [...OF_IMAGE, ...OF_MODULES] }];
  return [
    { name: binary, patterns: OF_IMAGE },
    { name: modules, patterns: OF_MODULES },
  ];
}

function unpack(archive: string, root: string, patterns: readonly string[]): void {
  const script = 'archive="$1" root="$2"; shift 2; dpkg --fsys-tarfile "$archive" | tar -x -C "$root" --wildcards "$@"';
  run('sh', ['-c', script, 'unpack', archive, root, ...patterns]);
}

function keepModule(root: string, name: string, folder: string): void {
  const path = only(root, new RegExp(`^${name}\\.ko`));
  if (path.endsWith('.xz')) run('xz', ['-d', path]);
  renameSync(path.replace(/\.xz$/, ''), join(folder, `${name}.ko`));
}

/** The one file of that name under a folder. */
function only(root: string, name: RegExp): string {
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && name.test(entry.name),
  );
  const [file] = found;
  if (file === undefined || found.length > 1)
    throw new FetchError(`the packages have ${found.length} files like ${name.source}`);
  return join(file.parentPath, file.name);
}
