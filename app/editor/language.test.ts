import { describe, expect, it } from 'vitest';
import { INSTRUCTIONS } from '../../core/isa/defs/index.ts';
import { CSR_NAMES, completionsAt, helpFor, MNEMONICS, wordAt } from './language.ts';
import { lineRange } from './lines.ts';

describe('help', () => {
  it('knows every instruction of the table', () => {
    for (const { name } of INSTRUCTIONS) expect(helpFor(name)?.says).not.toBe('');
    expect(MNEMONICS).toContain('ecall');
    expect(CSR_NAMES).toContain('stimecmp');
  });

  it('explains SBI ids in any spelling of the number', () => {
    expect(helpFor('0x4442434E')?.syntax).toBe('DBCN: Debug console');
    expect(helpFor(String(0x4442434e))?.syntax).toBe('DBCN: Debug console');
  });

  it('does not take small numbers for ids', () => {
    expect([helpFor('16'), helpFor('0x10'), helpFor('nonsense')]).toEqual([null, null, null]);
  });

  it('explains directives, pseudo-instructions, CSRs and error names', () => {
    expect(['.rept', 'li', 'sepc', 'sbi_err_denied', 'amoadd.w.aq'].map((word) => helpFor(word)?.kind)).toEqual([
      'directive',
      'instruction',
      'csr',
      'sbi',
      'instruction',
    ]);
  });
});

describe('completion', () => {
  const kinds = (before: string): readonly string[] =>
    [...new Set(completionsAt(before).map(({ kind }) => kind))].sort();

  it('offers mnemonics and directives where a statement begins', () => {
    expect(['', '\tad', 'loop: ', '1: be', '  .se'].map(kinds)).toEqual(Array(5).fill(['directive', 'instruction']));
  });

  it('offers registers and CSRs among operands', () => {
    expect([kinds('  add a0, '), kinds('  csrr t0, s')]).toEqual([
      ['csr', 'register'],
      ['csr', 'register'],
    ]);
  });

  it('offers SBI ids for a7 and nothing in comments', () => {
    expect([kinds('  li a7, '), kinds('  ecall # ad')]).toEqual([['sbi'], []]);
  });
});

describe('words and lines', () => {
  it('takes dots into a word', () => {
    expect(wordAt('  amoadd.w.aq a0, a1', 8)?.text).toBe('amoadd.w.aq');
    expect(wordAt('  .section .text', 5)?.text).toBe('.section');
    expect(wordAt('a  b', 3)).toBe(null);
  });

  it('finds the range of a line, the last one beyond the end', () => {
    const text = 'one\ntwo\nthree';
    expect([1, 2, 3, 9].map((line) => text.slice(...lineRange(text, line)))).toEqual(['one', 'two', 'three', 'three']);
  });
});
