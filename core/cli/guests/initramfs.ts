/** The root of our Linux: BusyBox, its commands as links to it, and our own first process. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FetchError, run } from '../../testing/apt.ts';
import { type CpioEntry, cpio } from './cpio.ts';
import type { FetchedPackage } from './packages.ts';

const INIT = fileURLToPath(new URL('./init.sh', import.meta.url));
/** Where the package has put it, before and after Debian merged /bin into /usr. */
const PLACES = ['usr/bin/busybox', 'bin/busybox'];

/** Commands of BusyBox that are there under their names: what a shell needs and what shows the machine. */
export const COMMANDS: readonly string[] = [
  ...['sh', 'ash', 'cttyhack', 'setsid', 'reset', 'stty', 'tty', 'clear', 'env', 'test', '[', 'true', 'false', 'yes'],
  ...['cat', 'cp', 'mv', 'rm', 'ln', 'ls', 'mkdir', 'rmdir', 'mknod', 'chmod', 'touch', 'pwd', 'stat', 'du', 'df'],
  ...[
    'echo',
    'printf',
    'seq',
    'head',
    'tail',
    'wc',
    'sort',
    'uniq',
    'cut',
    'tr',
    'grep',
    'sed',
    'awk',
    'find',
    'xargs',
  ],
  ...['vi', 'less', 'more', 'tee', 'dd', 'hexdump', 'od', 'xxd', 'cmp', 'diff', 'md5sum', 'sha256sum'],
  ...['gzip', 'gunzip', 'zcat', 'tar', 'cpio', 'expr', 'bc', 'dc', 'date', 'sleep', 'usleep', 'time', 'timeout'],
  ...['ps', 'top', 'kill', 'killall', 'nproc', 'taskset', 'uptime', 'free', 'uname', 'hostname', 'id', 'who'],
  ...['mount', 'umount', 'dmesg', 'sysctl', 'devmem', 'poweroff', 'reboot', 'halt', 'sync', 'basename', 'dirname'],
];

export function buildInitramfs(busybox: FetchedPackage, folder: string): Uint8Array {
  const init: CpioEntry = {
    kind: 'file',
    path: 'init',
    bytes: new Uint8Array(readFileSync(INIT)),
    executable: true,
  };
  return cpio([
    ...['bin', 'dev', 'proc', 'sys', 'tmp', 'root'].map((path): CpioEntry => ({ kind: 'folder', path })),
    { kind: 'character-device', path: 'dev/console', major: 5, minor: 1 },
    init,
    { kind: 'file', path: 'bin/busybox', bytes: programOf(busybox, folder), executable: true },
    ...COMMANDS.map((name): CpioEntry => ({ kind: 'link', path: `bin/${name}`, target: 'busybox' })),
  ]);
}

function programOf(busybox: FetchedPackage, folder: string): Uint8Array {
  const scratch = mkdtempSync(join(folder, 'busybox-'));
  try {
    run('dpkg-deb', ['-x', busybox.path, scratch]);
    const place = PLACES.map((path) => join(scratch, path)).find((path) => existsSync(path));
    if (place === undefined) throw new FetchError(`${busybox.name} ${busybox.version} holds no busybox`);
    return new Uint8Array(readFileSync(place));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
