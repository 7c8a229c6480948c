/**
 * The programs outside npm that the checks compare with, and how a machine gets them: GNU binutils for
 * RISC-V, QEMU, dtc and Chromium. Run as a program it installs what is missing through apt when it is root,
 * fetches what has to be newer than the machine's into the cache, and says what it found and what to do for
 * the rest. Under CI a missing tool is an error: nothing is skipped silently.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FetchError } from './apt.ts';
import { fetchedProgram, fetchPrograms, RELEASE } from './fetch.ts';
import { FIRMWARE_NAMES, fetchFirmware, findFirmware } from './firmware.ts';
import { fetchKernel, findKernel } from './real-kvm/kernel.ts';

export interface Tool {
  /** Names under which the program is known; the first found is taken. */
  readonly commands: readonly string[];
  /** Environment variable that overrides the search. */
  readonly variable: string;
  readonly debianPackage: string;
  readonly usedFor: string;
  /** It has to be this version, major and minor, at least: the one of the cache or, if new enough, of the machine. */
  readonly atLeast?: readonly [number, number];
  /** Arguments with which it has to succeed on no input: that what it needs beside itself is there. */
  readonly succeedsWith?: readonly string[];
}

const newerBinutils = <P extends string>(program: P, variable: string) => ({
  commands: [`riscv64-linux-gnu-${program}`],
  variable,
  debianPackage: 'binutils-riscv64-linux-gnu',
  usedFor: `comparing with GNU ${program} for all extensions`,
  atLeast: [2, 44] as const,
});

export const TOOLS = {
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    variable: 'ECALL_CHROMIUM',
    debianPackage: 'chromium',
    usedFor: 'end-to-end tests of the page',
  },
  as: {
    commands: ['riscv64-linux-gnu-as'],
    variable: 'ECALL_RISCV_AS',
    debianPackage: 'gcc-riscv64-linux-gnu',
    usedFor: 'comparing the assembler with GNU as',
  },
  ld: {
    commands: ['riscv64-linux-gnu-ld'],
    variable: 'ECALL_RISCV_LD',
    debianPackage: 'gcc-riscv64-linux-gnu',
    usedFor: 'comparing the assembler with GNU ld',
  },
  objdump: {
    commands: ['riscv64-linux-gnu-objdump'],
    variable: 'ECALL_RISCV_OBJDUMP',
    debianPackage: 'gcc-riscv64-linux-gnu',
    usedFor: 'comparing the disassembler with objdump',
  },
  gcc: {
    commands: ['riscv64-linux-gnu-gcc'],
    variable: 'ECALL_RISCV_GCC',
    debianPackage: 'gcc-riscv64-linux-gnu',
    usedFor: 'building the benchmark guests',
  },
  gccLinux: {
    commands: ['riscv64-linux-gnu-gcc'],
    variable: 'ECALL_RISCV_GCC',
    debianPackage: 'libc6-dev-riscv64-cross',
    usedFor: 'compiling exported programs with the headers of Linux and a static C library',
    succeedsWith: ['-static', '-include', 'linux/kvm.h', '-xc', '-E', '-', '-o', '/dev/null'],
  },
  qemu: {
    commands: ['qemu-system-riscv64'],
    variable: 'ECALL_QEMU',
    debianPackage: 'qemu-system-misc',
    usedFor: 'comparing the hart with QEMU',
  },
  dtc: {
    commands: ['dtc'],
    variable: 'ECALL_DTC',
    debianPackage: 'device-tree-compiler',
    usedFor: 'checking the device tree',
  },
  xz: {
    commands: ['xz'],
    variable: 'ECALL_XZ',
    debianPackage: 'xz-utils',
    usedFor: 'unpacking the KVM module of a host',
  },
  cpio: {
    commands: ['cpio'],
    variable: 'ECALL_CPIO',
    debianPackage: 'cpio',
    usedFor: 'checking the root file system of Linux',
  },
  qemuNew: {
    commands: ['qemu-system-riscv64'],
    variable: 'ECALL_QEMU_NEW',
    debianPackage: 'qemu-system-riscv',
    usedFor: 'comparing the hart with QEMU for all extensions',
    atLeast: [10, 0],
  },
  qemuUserNew: {
    commands: ['qemu-riscv64', 'qemu-riscv64-static'],
    variable: 'ECALL_QEMU_USER_NEW',
    debianPackage: 'qemu-user',
    usedFor: 'running single programs at user level',
    atLeast: [10, 0],
  },
  asNew: newerBinutils('as', 'ECALL_RISCV_AS_NEW'),
  ldNew: newerBinutils('ld', 'ECALL_RISCV_LD_NEW'),
  objdumpNew: newerBinutils('objdump', 'ECALL_RISCV_OBJDUMP_NEW'),
  objcopyNew: newerBinutils('objcopy', 'ECALL_RISCV_OBJCOPY_NEW'),
  nmNew: newerBinutils('nm', 'ECALL_RISCV_NM_NEW'),
} as const satisfies Record<string, Tool>;
export type ToolName = keyof typeof TOOLS;

const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/homebrew/bin'];

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function succeeds(path: string, args: readonly string[]): boolean {
  return spawnSync(path, args, { input: '', stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
}

/** What the program says of its version, or null when it does not run. */
function versionOf(path: string): string | null {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/\b\d+\.\d+[\w.]*/.exec(stdout)?.[0] ?? '') : null;
}

/** Whether the program runs and says that it is that version or a later one. */
export function isNewEnough(path: string, atLeast: readonly [number, number]): boolean {
  const version = versionOf(path);
  if (version === null) return false;
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > atLeast[0] || (major === atLeast[0] && minor >= atLeast[1]);
}

const found = new Map<ToolName, string>();

/** Path of the program, or null when the machine has none, or none new enough. */
export function findTool(name: ToolName): string | null {
  const known = found.get(name);
  if (known !== undefined) return known;
  const path = search(TOOLS[name]);
  if (path !== null) found.set(name, path);
  return path;
}

/** Path of the first program of that name in PATH or in the usual folders, or null. */
export function findCommand(command: string): string | null {
  return placesOf(command).find(executable) ?? null;
}

function placesOf(command: string): readonly string[] {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...USUAL_FOLDERS].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, command));
}

function search({ commands, variable, atLeast, succeedsWith }: Tool): string | null {
  const named = process.env[variable];
  const usable = (path: string): boolean =>
    executable(path) && (succeedsWith === undefined || succeeds(path, succeedsWith));
  if (named) return usable(named) ? named : null;
  const places = commands.flatMap(placesOf);
  if (atLeast === undefined) return places.find(usable) ?? null;
  const candidates = [...new Set([...commands.map((command) => fetchedProgram(command)), ...places])].filter(
    executable,
  );
  return candidates.find((path) => isNewEnough(path, atLeast)) ?? null;
}

function missingWords(name: ToolName): string {
  const { commands, usedFor, debianPackage, variable, atLeast }: Tool = TOOLS[name];
  const what = atLeast === undefined ? commands[0] : `${commands[0]} ${atLeast.join('.')} or newer`;
  const how =
    atLeast === undefined
      ? `Install the Debian package ${debianPackage}`
      : `Run \`npm run tools\`, which fetches the package ${debianPackage} of Debian ${RELEASE} where there is apt`;
  return `${what} is missing (${usedFor}). ${how}, or name the program in ${variable}.`;
}

/**
 * For tests: the path, or null with a reason to skip. Throws under CI, where nothing may be skipped for a
 * missing tool.
 */
export function toolOrSkip(name: ToolName): { path: string; reason: null } | { path: null; reason: string } {
  const path = findTool(name);
  if (path) return { path, reason: null };
  if (process.env.CI) throw new Error(missingWords(name));
  return { path: null, reason: missingWords(name) };
}

/** Whether packages of Debian can be installed here: as root, where there is apt. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && executable('/usr/bin/apt-get');
}

/** Installs packages of Debian; what apt says goes to standard error. False when it failed. */
export function install(packages: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
  return apt('update', '-q') && apt('install', '-q', '-y', '--no-install-recommends', ...packages);
}

function fetching(what: string, fetch: () => void): void {
  console.error(`fetching ${what}`);
  try {
    fetch();
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    console.error(error.message);
  }
}

/** What is fetched and is no program. */
const FETCHED: readonly { readonly name: string; readonly find: () => string | null; readonly fetch: () => void }[] = [
  ...FIRMWARE_NAMES.map((name) => ({ name, find: () => findFirmware(name), fetch: () => fetchFirmware(name) })),
  {
    name: `kernel of Debian ${RELEASE}`,
    find: () => findKernel()?.image ?? null,
    fetch: () => fetchKernel(),
  },
];

function main(): number {
  const names = Object.keys(TOOLS) as ToolName[];
  const isNewer = (name: ToolName) => 'atLeast' in TOOLS[name];
  const missing = () => names.filter((name) => !findTool(name));
  const hasApt = executable('/usr/bin/apt-get');
  const toInstall = missing().filter((name) => !isNewer(name));
  if (toInstall.length > 0 && canInstall()) install([...new Set(toInstall.map((name) => TOOLS[name].debianPackage))]);
  if (hasApt && missing().some(isNewer)) fetching(`newer tools from Debian ${RELEASE}`, () => fetchPrograms());
  const absent = () => FETCHED.filter(({ find }) => find() === null);
  if (hasApt) for (const { name, fetch } of absent()) fetching(name, fetch);
  for (const name of names) {
    const path = findTool(name);
    if (path) console.error(`${name.padEnd(12)}${(versionOf(path) ?? 'does not run').padEnd(10)} ${path}`);
    else console.error(`${process.env.CI ? 'error' : 'skipping what needs it'}: ${missingWords(name)}`);
  }
  for (const { name, find } of FETCHED) {
    const path = find();
    const word = process.env.CI ? 'error' : 'skipping what needs it';
    console.error(path === null ? `${word}: ${name} is missing` : `${name.padEnd(22)} ${path}`);
  }
  return process.env.CI && (missing().length > 0 || absent().length > 0) ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main());
