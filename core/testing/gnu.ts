/** Assembly source to a linked program with GNU binutils, for tests that compare with them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXTENSIONS } from '../isa/defs/index.ts';
import { isaString } from '../isa/derive/isa-string.ts';

export interface GnuTools {
  readonly as: string;
  readonly ld: string;
}

export interface GnuOptions {
  readonly march?: string;
  /** Address of .text. */
  readonly base?: bigint;
  readonly ldFlags?: readonly string[];
}

/** The linked ELF file; throws with the tools' own words when the source has errors. */
export function linkedByGnu(tools: GnuTools, source: string, options: GnuOptions = {}): Uint8Array {
  const { march = 'rv64imac_zicsr_zifencei', base = 0x8020_0000n, ldFlags = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ecall-gnu-'));
  try {
    const [s, o, elf] = ['a.s', 'a.o', 'a.elf'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(s, source);
    execFileSync(tools.as, [`-march=${march}`, '-mno-relax', '-o', o, s], { stdio: 'pipe' });
    execFileSync(tools.ld, ['-N', `-Ttext=0x${base.toString(16)}`, '--no-relax', ...ldFlags, '-o', elf, o], {
      stdio: 'pipe',
    });
    return new Uint8Array(readFileSync(elf));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What binutils 2.44 does not know; none of them has instructions. */
const UNKNOWN: ReadonlySet<string> = new Set(['Ssnpm', 'Svvptc']);

/** All other extensions that there are, as `-march` takes them. */
export const GNU_MARCH = isaString(EXTENSIONS.map(({ name }) => name).filter((name) => !UNKNOWN.has(name)));
