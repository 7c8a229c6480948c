import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GNU_MARCH } from '../../testing/gnu.ts';
import { Rng } from '../../testing/qemu/rng.ts';
import { toolOrSkip } from '../../testing/tools.ts';
import { EXTENSIONS, INSTRUCTIONS } from '../defs/index.ts';
import type { Instruction } from '../dsl/types.ts';
import { createDecoder } from './decode.ts';
import { disassembleWord } from './disassemble.ts';

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));
const { path: objdump, reason: noObjdump } = toolOrSkip('objdumpNew');
const { path: as, reason: noAs } = toolOrSkip('asNew');
const reason = noObjdump ?? noAs;

interface Line {
  readonly address: bigint;
  readonly word: number;
  readonly text: string;
}

/** What objdump makes of a run of code bytes at address 0, its comments removed. The object file tells it the extensions. */
function objdumpLines(bytes: Uint8Array, aliases: boolean): readonly Line[] {
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

function unexpected(bytes: Uint8Array, aliases: boolean): readonly string[] {
  return objdumpLines(bytes, aliases).flatMap((line) => {
    const ours = disassembleWord(line.word, line.address, decode, { aliases });
    if (ours === line.text || EXPECTED.some(({ when }) => when(line, ours))) return [];
    return [`${line.word.toString(16)}: objdump '${line.text}', ours '${ours}'`];
  });
}

function everyCompressedWord(): Uint8Array {
  const words = Array.from({ length: 0x10000 }, (_, word) => word).filter((word) => (word & 3) !== 3);
  return Uint8Array.from(words.flatMap((word) => [word & 0xff, word >> 8]));
}

function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word, true);
  return bytes;
}

const SAMPLES = 300;

/** Random operands; every second word has about half of its fields zero, where aliases live. */
function sampleOf(instruction: Instruction, random: Rng): number {
  let word = ((random.word() & ~instruction.mask) | instruction.match) >>> 0;
  if (random.chance(50)) {
    for (const run of instruction.fields.flatMap((field) => field.bits)) {
      if (random.chance(50)) word &= ~((2 ** run.width - 1) << run.lo);
    }
  }
  return word >>> 0;
}

describe.skipIf(reason !== null)(`the disassembler beside objdump${reason === null ? '' : ` (${reason})`}`, () => {
  it.each([true, false])('prints and rejects every 16-bit word as objdump does (aliases: %s)', (aliases) => {
    expect(unexpected(everyCompressedWord(), aliases)).toEqual([]);
  });

  it.each([true, false])('prints a sample of every 32-bit instruction as objdump does (aliases: %s)', (aliases) => {
    const random = new Rng(1);
    const full = INSTRUCTIONS.filter((instruction) => instruction.length === 4);
    const words = full.flatMap((one) => Array.from({ length: SAMPLES }, () => sampleOf(one, random)));
    expect(unexpected(bytesOf(words), aliases)).toEqual([]);
  });

  it('knows of arbitrary 32-bit words what objdump knows, as far as the extensions go', () => {
    const random = new Rng(2);
    // Opcodes evenly, as most are sparse; those that begin instructions of more than 32 bits left out.
    const opcodes = Array.from({ length: 32 }, (_, n) => n).filter((n) => (n & 7) !== 7);
    const words = Array.from(
      { length: 40_000 },
      () => ((random.word() & ~0x7f) | (random.pick(opcodes) << 2) | 3) >>> 0,
    );
    const legal = words.filter((word) => decode(word) !== null);
    expect(legal.length).toBeGreaterThan(8000);
    expect(unexpected(bytesOf(words), false)).toEqual([]);
  });
});
