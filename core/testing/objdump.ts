/** Compares the disassembler with GNU objdump over code bytes, and knows where the two may differ. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXTENSIONS } from '../isa/defs/index.ts';
import { createDecoder } from '../isa/derive/decode.ts';
import { disassembleWord } from '../isa/derive/disassemble.ts';
import type { Instruction } from '../isa/dsl/types.ts';
import { GNU_MARCH } from './gnu.ts';
import type { Rng } from './qemu/rng.ts';
import { findTool } from './tools.ts';

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));

interface Line {
  readonly address: bigint;
  readonly word: number;
  readonly text: string;
}

/** What objdump makes of a run of code bytes at address 0, its comments removed. The object file tells it the extensions. */
function objdumpLines(bytes: Uint8Array, aliases: boolean): readonly Line[] {
  const [objdump, as] = [findTool('objdumpNew'), findTool('asNew')];
  if (objdump === null || as === null) throw new Error('objdump and as are needed');
  const folder = mkdtempSync(join(tmpdir(), 'ecall-objdump-'));
  try {
    writeFileSync(join(folder, 'code.bin'), bytes);
    writeFileSync(join(folder, 'code.s'), '.incbin "code.bin"\n');
    execFileSync(as, [`-march=${GNU_MARCH}`, 'code.s', '-o', 'code.o'], { cwd: folder });
    const options = ['-D', '-z', '-j', '.text', ...(aliases ? [] : ['-M', 'no-aliases'])];
    const output = execFileSync(objdump, [...options, join(folder, 'code.o')], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return [...output.matchAll(/^\s*([0-9a-f]+):\t([0-9a-f]+)\s+\t(.*)$/gm)].map((line) => ({
      address: BigInt(`0x${line[1]}`),
      word: Number.parseInt(line[2] ?? '', 16),
      text: (line[3] ?? '')
        .replace(/\s+# \S+( <\S+>)?$/, '')
        .replace(/([0-9a-f]+) <\S+>$/, '0x$1')
        .replace(/^\.insn\t(\d), 0x0*(.*)$/, '.$1byte\t0x$2'),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Difference {
  readonly why: string;
  readonly when: (line: Line, ours: string) => boolean;
}

/** Where the two may differ, and why; nothing else may. */
const EXPECTED: readonly Difference[] = [
  {
    why: 'objdump prints c.addi16sp with the constant 0, which is reserved',
    when: ({ word }, ours) => word === 0x6101 && ours === '.2byte\t0x6101',
  },
  {
    why: 'objdump names CSRs that no guest here can have',
    when: ({ word }, ours) => (word & 0x7f) === 0x73 && ours.includes(`0x${(word >>> 20).toString(16)}`),
  },
  {
    why: 'objdump prints reserved rounding modes',
    when: ({ text }, ours) => text.endsWith(',unknown') && ours.startsWith('.4byte'),
  },
  {
    why: 'objdump knows conversions that never round with rne only',
    when: ({ text, word }) => /^\.4byte/.test(text) && decode(word)?.instruction.fields.at(-1)?.unwritten === 0,
  },
  {
    why: 'objdump prints reserved round numbers of aes64ks1i',
    when: ({ text }, ours) => /^aes64ks1i\t.*,0x[b-f]$/.test(text) && ours.startsWith('.4byte'),
  },
];

/** Where our text of code bytes, as words from address 0, is not that of objdump and should be. */
export function unexpectedTexts(bytes: Uint8Array, aliases: boolean): readonly string[] {
  return objdumpLines(bytes, aliases).flatMap((line) => {
    const ours = disassembleWord(line.word, line.address, decode, { aliases });
    if (ours === line.text || EXPECTED.some(({ when }) => when(line, ours))) return [];
    return [`${line.word.toString(16)}: objdump '${line.text}', ours '${ours}'`];
  });
}

/** Whether some extension of the table has the word. */
export const knows = (word: number): boolean => decode(word) !== null;

export function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word, true);
  return bytes;
}

/** Random operands; every second word has about half of its fields zero, where aliases live. */
export function sampleOf(instruction: Instruction, random: Rng): number {
  let word = ((random.word() & ~instruction.mask) | instruction.match) >>> 0;
  if (random.chance(50)) {
    for (const run of instruction.fields.flatMap((field) => field.bits)) {
      if (random.chance(50)) word &= ~((2 ** run.width - 1) << run.lo);
    }
  }
  return word >>> 0;
}
