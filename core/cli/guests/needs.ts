/** The programs that a kernel is built with, and how a machine gets them. */
import { existsSync } from 'node:fs';
import { canInstall, findCommand, install } from '../../testing/tools.ts';
import { UsageError } from '../usage.ts';

/** Package of Debian by the program that is looked for. */
const NEEDED: Readonly<Record<string, string>> = {
  'riscv64-linux-gnu-gcc': 'gcc-riscv64-linux-gnu',
  gcc: 'gcc',
  make: 'make',
  bc: 'bc',
  flex: 'flex',
  bison: 'bison',
  perl: 'perl',
  tar: 'tar',
  xz: 'xz-utils',
};
/** What the compiler of the host needs, and a file of it. */
const HOST_HEADERS = { name: 'libc6-dev', file: '/usr/include/stdio.h' };
/** Only Debian and what descends from it has these; nothing installs them elsewhere. */
const APT = ['apt-get', 'apt-cache', 'dpkg', 'dpkg-deb'];

/** Installs what is missing when it can. Throws UsageError with what to do when something stays missing. */
export function provide(say: (words: string) => void): void {
  const apt = APT.filter((command) => findCommand(command) === null);
  if (apt.length > 0) {
    const hint = 'Build the guests on Debian or in a container of it, and copy public/guests here.';
    throw new UsageError(`the images come from packages of Debian, and this machine has no ${apt.join(', ')}`, hint);
  }
  const packages = missing();
  if (packages.length === 0) return;
  if (canInstall()) {
    say(`installing ${packages.join(' ')}`);
    install(packages);
  }
  const left = missing();
  if (left.length === 0) return;
  throw new UsageError(`building a kernel needs ${left.join(' ')}`, `As root: apt-get install ${left.join(' ')}`);
}

function missing(): readonly string[] {
  const packages = Object.entries(NEEDED).filter(([command]) => findCommand(command) === null);
  const names = packages.map(([, name]) => name);
  return existsSync(HOST_HEADERS.file) ? names : [...names, HOST_HEADERS.name];
}
