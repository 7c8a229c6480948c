/** Assembly source to a linked program with GNU binutils, for tests that compare with them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** What binutils 2.40 is told to know, for tests over the whole instruction table. */
export const GNU_MARCH =
  'rv64imafdc_zicsr_zifencei_zihintpause_zawrs_zba_zbb_zbc_zbkb_zbkc_zbkx_zbs_zknd_zkne_zknh_zksed_zksh_svinval';

/** Extensions that came after binutils 2.40: their encodings are compared with `.insn`. */
export const NEWER_THAN_GNU: ReadonlySet<string> = new Set(['Zicond', 'Zihintntl', 'Zimop', 'Zabha', 'Zcb', 'Zcmop']);
