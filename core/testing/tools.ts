/**
 * The programs outside npm that the checks compare with, and how a machine gets them: GNU binutils for
 * RISC-V, QEMU, dtc and Chromium. Run as a program it installs what is missing through apt when it is
 * root, and says what to do otherwise. Under CI a missing tool is an error: nothing is skipped silently.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Tool {
  /** Names under which the program is known; the first found is taken. */
  readonly commands: readonly string[];
  /** Environment variable that overrides the search. */
  readonly variable: string;
  readonly debianPackage: string;
  readonly usedFor: string;
}

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

/** Path of the program, or null when the machine has none. */
export function findTool(name: ToolName): string | null {
  const tool: Tool = TOOLS[name];
  const named = process.env[tool.variable];
  if (named) return executable(named) ? named : null;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...USUAL_FOLDERS];
  for (const command of tool.commands)
    for (const folder of folders) if (folder && executable(join(folder, command))) return join(folder, command);
  return null;
}

function missingWords(name: ToolName): string {
  const tool = TOOLS[name];
  return `${tool.commands[0]} is missing (${tool.usedFor}). Install the Debian package ${tool.debianPackage}, or name the program in ${tool.variable}.`;
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

function install(packages: readonly string[]): boolean {
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  const apt = (...args: string[]) => spawnSync('apt-get', args, { ...options, stdio: ['ignore', 2, 2] }).status === 0;
  return apt('update', '-q') && apt('install', '-q', '-y', '--no-install-recommends', ...packages);
}

function main(): number {
  const names = Object.keys(TOOLS) as ToolName[];
  const missing = () => names.filter((name) => !findTool(name));
  const before = missing();
  const root = process.getuid?.() === 0 && executable('/usr/bin/apt-get');
  if (before.length > 0 && root) install([...new Set(before.map((name) => TOOLS[name].debianPackage))]);
  const after = missing();
  for (const name of after)
    console.error(`${process.env.CI ? 'error' : 'skipping what needs it'}: ${missingWords(name)}`);
  return after.length > 0 && process.env.CI ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main());
