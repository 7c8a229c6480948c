/**
 * Words as text: what the disassembler prints is what objdump prints, and both our assembler and GNU as make the same
 * word of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../isa/asm/index.ts';
import { EXTENSIONS, INSTRUCTIONS } from '../../isa/defs/index.ts';
import { createDecoder } from '../../isa/derive/decode.ts';
import { disassembleWord } from '../../isa/derive/disassemble.ts';
import type { Decoded } from '../../isa/dsl/types.ts';
import { GNU_MARCH } from '../gnu.ts';
import { bytesOf, sampleOf, unexpectedTexts } from '../objdump.ts';
import { Rng } from '../qemu/rng.ts';
import { findTool } from '../tools.ts';
import type { CheckKind } from './kind.ts';

/** Words of one check. */
const WORDS = 4000;
const ALL = new Set(EXTENSIONS.map(({ name }) => name));
const decode = createDecoder(ALL);

/** A line of source, or null where the text does not stand for the word alone. */
function lineOf(decoded: Decoded): string | null {
  const { instruction, values, word } = decoded;
  const text = disassembleWord(word, 0n, decode, { aliases: false });
  // What is reserved or to be ignored has no spelling.
  if (/^\.[24]byte|unknown/.test(text)) return null;
  // GNU as takes no rounding mode for conversions that never round.
  const last = instruction.fields.at(-1);
  if (last?.unwritten === 0 && values[last.name] !== 0) return null;
  const target = instruction.fields.find(({ kind }) => kind === 'target');
  // Relative, since the line is anywhere.
  const written = target === undefined ? text : text.replace(/0x[0-9a-f]+$/, `.+${values[target.name]}`);
  return `.option ${instruction.length === 2 ? 'rvc' : 'norvc'}\n${written}`;
}

function byGnu(source: string): Uint8Array {
  const [as, objcopy] = [findTool('asNew'), findTool('objcopyNew')];
  if (as === null || objcopy === null) throw new Error('as and objcopy are needed');
  const folder = mkdtempSync(join(tmpdir(), 'ecall-text-'));
  try {
    writeFileSync(join(folder, 'a.s'), source);
    execFileSync(as, [`-march=${GNU_MARCH}`, '-mno-relax', 'a.s', '-o', 'a.o'], { cwd: folder, stdio: 'pipe' });
    execFileSync(objcopy, ['-O', 'binary', '-j', '.text', 'a.o', 'a.bin'], { cwd: folder });
    return new Uint8Array(readFileSync(join(folder, 'a.bin')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function byUs(source: string): Uint8Array {
  const { image, diagnostics } = assemble(source, { extensions: ALL });
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (image === null || wrong) throw new Error(`line ${wrong?.line}: ${wrong?.message}`);
  return image.bytes;
}

function wordsOf(decoded: readonly Decoded[]): Uint8Array {
  return Uint8Array.from(
    decoded.flatMap(({ word, instruction }) =>
      Array.from({ length: instruction.length }, (_, at) => (word >>> (8 * at)) & 0xff),
    ),
  );
}

/** Where a list of bytes is not what it should be, in words; none when it is. */
function differing(who: string, expected: Uint8Array, actual: Uint8Array, lines: readonly string[]): string[] {
  if (Buffer.compare(expected, actual) === 0) return [];
  const at = expected.findIndex((byte, index) => byte !== actual[index]);
  return [`${who} gives other bytes, from byte ${at} of ${expected.length} on, for:\n${lines.join('\n')}`];
}

/** Where our assembler or GNU as make something else of the text of these words; `words` of them can be spelled. */
export function reassemble(decoded: readonly Decoded[]): { readonly words: number; readonly differences: string[] } {
  const spelled = decoded.flatMap((one) => {
    const line = lineOf(one);
    return line === null ? [] : [{ one, line }];
  });
  const lines = spelled.map(({ line }) => line);
  const source = `${lines.join('\n')}\n`;
  const bytes = wordsOf(spelled.map(({ one }) => one));
  const differences = [
    ...differing('our assembler', bytes, byUs(source), lines),
    ...differing('GNU as', bytes, byGnu(source), lines),
  ];
  return { words: spelled.length, differences };
}

function check(seed: number): { readonly words: number; readonly differences: readonly string[] } {
  const rng = new Rng(seed);
  const full = INSTRUCTIONS.filter(({ length }) => length === 4);
  const words = Array.from({ length: WORDS }, () =>
    rng.chance(20) ? rng.word() & 0xffff : sampleOf(rng.pick(full), rng),
  );
  const decoded = words.flatMap((word) => decode(word) ?? []);
  const printed = unexpectedTexts(
    bytesOf(decoded.filter(({ instruction }) => instruction.length === 4).map(({ word }) => word)),
    rng.chance(50),
  );
  const again = reassemble(decoded);
  return { words: again.words, differences: [...printed, ...again.differences] };
}

export function textKinds(): CheckKind[] {
  return [{ name: 'text', subject: 'words as text', check }];
}
