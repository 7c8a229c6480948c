import { describe, expect, it } from 'vitest';
import { bytesOf, knows, sampleOf, unexpectedTexts } from '../../testing/objdump.ts';
import { Rng } from '../../testing/qemu/rng.ts';
import { toolOrSkip } from '../../testing/tools.ts';
import { INSTRUCTIONS } from '../defs/index.ts';

const reason = toolOrSkip('objdumpNew').reason ?? toolOrSkip('asNew').reason;

function everyCompressedWord(): Uint8Array {
  const words = Array.from({ length: 0x10000 }, (_, word) => word).filter((word) => (word & 3) !== 3);
  return Uint8Array.from(words.flatMap((word) => [word & 0xff, word >> 8]));
}

const SAMPLES = 300;

describe.skipIf(reason !== null)(`the disassembler beside objdump${reason === null ? '' : ` (${reason})`}`, () => {
  it.each([true, false])('prints and rejects every 16-bit word as objdump does (aliases: %s)', (aliases) => {
    expect(unexpectedTexts(everyCompressedWord(), aliases)).toEqual([]);
  });

  it.each([true, false])('prints a sample of every 32-bit instruction as objdump does (aliases: %s)', (aliases) => {
    const random = new Rng(1);
    const full = INSTRUCTIONS.filter((instruction) => instruction.length === 4);
    const words = full.flatMap((one) => Array.from({ length: SAMPLES }, () => sampleOf(one, random)));
    expect(unexpectedTexts(bytesOf(words), aliases)).toEqual([]);
  });

  it('knows of arbitrary 32-bit words what objdump knows, as far as the extensions go', () => {
    const random = new Rng(2);
    // Opcodes evenly, as most are sparse; those that begin instructions of more than 32 bits left out.
    const opcodes = Array.from({ length: 32 }, (_, n) => n).filter((n) => (n & 7) !== 7);
    const words = Array.from(
      { length: 40_000 },
      () => ((random.word() & ~0x7f) | (random.pick(opcodes) << 2) | 3) >>> 0,
    );
    const legal = words.filter((word) => knows(word));
    expect(legal.length).toBeGreaterThan(8000);
    expect(unexpectedTexts(bytesOf(words), false)).toEqual([]);
  });
});
