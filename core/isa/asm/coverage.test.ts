/** Nothing of the tables may be missing from the corpus that is compared with GNU as. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXTENSIONS, INSTRUCTIONS } from '../defs/index.ts';
import { DIFFERENCES } from './corpus/differences.ts';
import { DIRECTIVES, PSEUDO_INSTRUCTIONS } from './reference.ts';

const folder = new URL('./corpus/', import.meta.url);
const compared = readdirSync(folder)
  .filter((file) => file.endsWith('.s') && !file.startsWith('errors'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'));
const lines = [...compared, ...DIFFERENCES.map(({ source }) => source)].join('\n').split('\n');
const words = new Set(lines.flatMap((line) => /^\s*(?:[\w.]+:\s*)?([\w.]+)/.exec(line)?.[1] ?? []));
/** Atomics are in the corpus with and without their ordering suffix. */
const bare = new Set([...words].map((word) => word.replace(/\.(aq|rl|aqrl)$/, '')));

/** They end the assembly with an error or do nothing but print, so that there are no bytes to compare. */
const WITHOUT_BYTES = new Set(['.error', '.err', '.warning']);
const mistakes = readFileSync(new URL('errors.s', folder), 'utf8');

describe('the corpus', () => {
  it('has at least 300 lines that are compared with GNU as', () => {
    const statements = compared
      .join('\n')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
    expect(statements.length).toBeGreaterThanOrEqual(300);
  });

  it('uses every mnemonic of the instruction table', () => {
    const names = [...INSTRUCTIONS, ...EXTENSIONS.flatMap(({ aliases }) => aliases)].map(({ name }) => name);
    expect(names.filter((name) => !bare.has(name))).toEqual([]);
  });

  it('uses every pseudo-instruction', () => {
    expect(PSEUDO_INSTRUCTIONS.map(({ name }) => name).filter((name) => !bare.has(name))).toEqual([]);
  });

  it('uses every directive', () => {
    const missing = DIRECTIVES.map(({ name }) => name).filter((name) => !words.has(name));
    expect(missing.filter((name) => !WITHOUT_BYTES.has(name))).toEqual([]);
    for (const name of WITHOUT_BYTES) expect(mistakes).toContain(name);
  });
});
