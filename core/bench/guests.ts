/** The bench guests and their compilation with the cross compiler of Debian. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const INTEGER_GUESTS = ['sieve', 'crc32', 'matrix', 'quicksort', 'fib', 'strings', 'mixed'] as const;
export const FLOAT_GUESTS = ['double-matrix', 'nbody', 'mandelbrot', 'horner', 'saxpy', 'whole-doubles'] as const;
/** Guests that leave guest code over and over, for the last table. */
export const LEAVING_GUESTS = [
  'sbi-call',
  'vmm-exit',
  'uart',
  'rdtime',
  'csr-write',
  'page-walk',
  'trap-return',
] as const;
export type GuestName = (typeof INTEGER_GUESTS | typeof FLOAT_GUESTS | typeof LEAVING_GUESTS)[number];

const usesFloat = (name: GuestName): boolean => FLOAT_GUESTS.some((guest) => guest === name);

export const LOAD_ADDRESS = 0x8020_0000n;
const SOURCES = fileURLToPath(new URL('./guests', import.meta.url));
const PREFIX = 'riscv64-linux-gnu-';
const FLAGS = [
  ...['-O2', '-mcmodel=medany', '-ffreestanding', '-fno-builtin'],
  // Else the compiler would turn our loops into calls of a memset that nobody links.
  '-fno-tree-loop-distribute-patterns',
  ...[
    '-nostdlib',
    '-static',
    '-fno-pic',
    '-no-pie',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-Wl,-T,link.ld',
    '-Wl,--build-id=none',
  ],
];

const INTEGER_FLAGS = ['-march=rv64imac_zicsr', '-mabi=lp64'];
const FLOAT_FLAGS = ['-march=rv64gc', '-mabi=lp64d'];

/** A program that is not installed, and the package that has it. */
export class MissingTool extends Error {
  constructor(tool: string, debianPackage: string) {
    super(`${tool} is not installed: apt-get install ${debianPackage}`);
  }
}

export interface Guest {
  readonly name: GuestName;
  readonly elf: string;
  /** What is to be at `LOAD_ADDRESS`. */
  readonly image: Uint8Array;
}

/** Compiles guests into a directory that `dispose` removes. Throws MissingTool. */
export class GuestBuilder {
  readonly #directory = mkdtempSync(join(tmpdir(), 'ecall-bench-'));

  build(name: GuestName): Guest {
    const elf = join(this.#directory, `${name}.elf`);
    const bin = join(this.#directory, `${name}.bin`);
    const target = usesFloat(name) ? FLOAT_FLAGS : INTEGER_FLAGS;
    run(`${PREFIX}gcc`, 'gcc-riscv64-linux-gnu', [...FLAGS, ...target, 'start.S', 'main.c', `${name}.c`, '-o', elf]);
    run(`${PREFIX}objcopy`, 'binutils-riscv64-linux-gnu', ['-O', 'binary', elf, bin]);
    return { name, elf, image: new Uint8Array(readFileSync(bin)) };
  }

  dispose(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function run(tool: string, debianPackage: string, args: readonly string[]): void {
  try {
    execFileSync(tool, args, { cwd: SOURCES, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new MissingTool(tool, debianPackage);
    throw error;
  }
}
