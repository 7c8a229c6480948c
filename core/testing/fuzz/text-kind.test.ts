import { describe, expect, it } from 'vitest';
import { EXTENSIONS } from '../../isa/defs/index.ts';
import { createDecoder } from '../../isa/derive/decode.ts';
import { toolOrSkip } from '../tools.ts';
import { reassemble } from './text-kind.ts';

const { reason } = toolOrSkip('asNew');
/** Words of one source, so that a difference names few lines. */
const CHUNK = 2 ** 12;
const COMPRESSED_WORDS = 2 ** 16;

describe.skipIf(reason !== null)(`text of instructions${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('of every 16-bit word is assembled to that word again, by us and by GNU as', { timeout: 120_000 }, () => {
    const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));
    let legal = 0;
    let spelled = 0;
    const differences: string[] = [];
    for (let first = 0; first < COMPRESSED_WORDS; first += CHUNK) {
      const words = Array.from({ length: CHUNK }, (_, index) => first + index).filter((word) => (word & 3) !== 3);
      const decoded = words.flatMap((word) => decode(word) ?? []);
      const again = reassemble(decoded);
      legal += decoded.length;
      spelled += again.words;
      differences.push(...again.differences);
    }
    expect(differences).toEqual([]);
    expect(spelled).toBe(legal);
  });
});
