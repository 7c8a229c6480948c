/**
 * The kernels: ours, built from the source package of Debian with `tinyconfig` and `linux.config`, and Debian's own.
 * The same source, configuration and compiler give the same bytes, so a build is kept under a key made from them.
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FetchError, run } from '../../testing/apt.ts';
import { sha256Of } from './checksum.ts';
import type { FetchedPackage } from './packages.ts';

const FRAGMENT = fileURLToPath(new URL('./linux.config', import.meta.url));
const CROSS = 'riscv64-linux-gnu-';

/** What a kernel would otherwise take from the clock and the machine that builds it. [Linux Documentation/kbuild/reproducible-builds] */
const FIXED = {
  KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
  KBUILD_BUILD_USER: 'ecall',
  KBUILD_BUILD_HOST: 'ecall',
  KBUILD_BUILD_VERSION: '1',
  ARCH: 'riscv',
  CROSS_COMPILE: CROSS,
};

/** For `make` and `env`. */
const SETTINGS = Object.entries(FIXED).map(([name, value]) => `${name}=${value}`);

/** Sources that no configuration of ours compiles, and most of the unpacked bytes: only their Kconfig files are read. */
const LEFT_OUT = ['drivers/gpu', 'drivers/net', 'drivers/media', 'drivers/infiniband', 'drivers/scsi', 'sound'];
const LEFT_OUT_WHOLE = ['tools/testing', 'tools/perf', 'Documentation/devicetree', 'Documentation/translations'];

export interface BuiltKernel {
  readonly image: Uint8Array;
  /** Of the kernel itself, as in 6.12.107. */
  readonly release: string;
  /** First line of the compiler's --version. */
  readonly compiler: string;
}

export function buildKernel(source: FetchedPackage, folder: string, say: (words: string) => void): BuiltKernel {
  const [compiler = ''] = run(`${CROSS}gcc`, ['--version']).split('\n');
  const fragment = readFileSync(FRAGMENT, 'utf8');
  const key = sha256Of([source.sha256, fragment, compiler, JSON.stringify(FIXED)].join('\0'));
  const kept = join(folder, `linux-${key.slice(0, 16)}`);
  if (!existsSync(kept)) build(source, kept, folder, say);
  const image = new Uint8Array(readFileSync(join(kept, 'Image')));
  return { image, release: readFileSync(join(kept, 'kernel.release'), 'utf8').trim(), compiler };
}

function build(source: FetchedPackage, kept: string, folder: string, say: (words: string) => void): void {
  const scratch = mkdtempSync(join(folder, 'build-'));
  try {
    say(`unpacking ${source.name} ${source.version}`);
    const tree = unpack(source, scratch);
    const out = join(scratch, 'out');
    mkdirSync(out);
    configure(tree, out);
    const jobs = cpus().length;
    say(`compiling Linux with ${jobs} ${jobs === 1 ? 'job' : 'jobs'}: some minutes`);
    make(tree, out, [`-j${jobs}`, 'Image']);
    const result = join(scratch, 'result');
    mkdirSync(result);
    renameSync(join(out, 'arch/riscv/boot/Image'), join(result, 'Image'));
    renameSync(join(out, 'include/config/kernel.release'), join(result, 'kernel.release'));
    renameSync(join(out, '.config'), join(result, 'config'));
    // Whole or not at all, also when two builds end at the same time.
    if (!existsSync(kept)) renameSync(result, kept);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function unpack(source: FetchedPackage, scratch: string): string {
  const files = join(scratch, 'package');
  run('dpkg-deb', ['-x', source.path, files]);
  const folder = join(files, 'usr/src');
  const archive = readdirSync(folder).find((name) => /^linux-source-.*\.tar\.xz$/.test(name));
  if (archive === undefined) throw new FetchError(`${source.name} ${source.version} holds no linux-source-*.tar.xz`);
  const tree = join(scratch, 'linux');
  mkdirSync(tree);
  const excluded = [
    ...LEFT_OUT.flatMap((path) => [`--exclude=*/${path}/*.c`, `--exclude=*/${path}/*.h`]),
    ...LEFT_OUT_WHOLE.map((path) => `--exclude=*/${path}`),
  ];
  run('tar', ['-C', tree, '--strip-components=1', ...excluded, '-xf', join(folder, archive)]);
  return tree;
}

/** `tinyconfig`, then our lines; a line that Kconfig does not take is an error, not a surprise at boot. */
function configure(tree: string, out: string): void {
  make(tree, out, ['tinyconfig']);
  const merge = join(tree, 'scripts/kconfig/merge_config.sh');
  run('env', [...SETTINGS, merge, '-m', '-O', out, join(out, '.config'), FRAGMENT], tree);
  make(tree, out, ['olddefconfig']);
  const lost = lostLines(readFileSync(FRAGMENT, 'utf8'), readFileSync(join(out, '.config'), 'utf8'));
  if (lost.length > 0) throw new FetchError(`this source does not take ${lost.join(', ')} of linux.config`);
}

/** Lines of a fragment that are not in the configuration made from it. `X=n` is there when X is not set. */
export function lostLines(fragment: string, config: string): readonly string[] {
  const lines = new Set(config.split('\n'));
  const wanted = fragment.split('\n').filter((line) => /^CONFIG_\w+=/.test(line));
  return wanted.filter((line) => {
    const [name = '', value] = line.split('=');
    return value === 'n' ? lines.has(`${name}=y`) || lines.has(`${name}=m`) : !lines.has(line);
  });
}

function make(tree: string, out: string, args: readonly string[]): void {
  run('make', ['-C', tree, `O=${out}`, ...SETTINGS, ...args]);
}

const STOCK_KERNEL = 'usr/lib/debian-installer/images/13/riscv64/text/debian-installer/riscv64/linux';

/** The kernel that Debian's installer boots by network, a raw Image. */
export function stockKernel(installer: FetchedPackage, folder: string): Uint8Array {
  const kept = join(folder, `debian-${installer.sha256.slice(0, 16)}`);
  if (!existsSync(kept)) {
    const scratch = mkdtempSync(join(folder, 'debian-'));
    try {
      run('dpkg-deb', ['-x', installer.path, scratch]);
      const kernel = join(scratch, STOCK_KERNEL);
      if (!existsSync(kernel)) throw new FetchError(`${installer.name} ${installer.version} holds no ${STOCK_KERNEL}`);
      renameSync(kernel, kept);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  return new Uint8Array(readFileSync(kept));
}
