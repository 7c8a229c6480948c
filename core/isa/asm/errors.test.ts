/** What is said about mistakes, against golden text. `UPDATE_GOLDEN=1` rewrites it; the diff is what gets reviewed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assemble, type Diagnostic } from './index.ts';
import { nearest } from './suggest.ts';

const corpus = (name: string): URL => new URL(`./corpus/${name}`, import.meta.url);

function render(source: string, diagnostics: readonly Diagnostic[]): string {
  const lines = source.split('\n');
  const blocks = diagnostics.map(({ line, column, length, severity, message, hint }) => {
    const marks = `${' '.repeat(column - 1)}${'^'.repeat(length)} ${severity}: ${message}`;
    return [
      `${line}: ${lines[line - 1]}`,
      `${' '.repeat(String(line).length)}  ${marks}`,
      ...(hint === undefined ? [] : [`    ${hint}`]),
    ].join('\n');
  });
  return `${blocks.join('\n')}\n`;
}

describe('diagnostics', () => {
  it.each(['errors', 'errors-layout'])('%s.s: every mistake is reported where it is, with a way out', (name) => {
    const source = readFileSync(corpus(`${name}.s`), 'utf8');
    const { diagnostics, image } = assemble(source);
    const text = render(source, diagnostics);
    if (process.env.UPDATE_GOLDEN === '1' && process.env.CI !== 'true') writeFileSync(corpus(`${name}.golden`), text);
    expect(text).toBe(readFileSync(corpus(`${name}.golden`), 'utf8'));
    expect(image).toBeNull();
  });

  it('says what a floating-point operand may be', () => {
    const source = 'fadd.s fa0, 1, fa2\nfadd.s fa0, a1, fa2\nfadd.d fa0, fa1, fa2, up\nfli.s fa0, 0.3\nflw fa0, x';
    const { diagnostics } = assemble(source);
    expect(diagnostics.map(({ line, message, hint }) => `${line}: ${message}; ${hint}`)).toEqual([
      '1: expected a floating-point register, found "1"; they are f0 to f31 or ft0-ft11, fs0-fs11, fa0-fa7',
      '2: "a1" is not a floating-point register; did you mean "fa1"?',
      '3: "up" is not a rounding mode; known are rne, rtz, rdn, rup, rmm and dyn',
      expect.stringMatching(/^4: "0.3" is not a constant of fli; known are -1, min, .*, inf, nan$/),
      expect.stringMatching(/^5: .* write: flw rd, offset\(rs1\), or flw rd, symbol, rt/),
    ]);
  });

  it('knows floating point, its loads from symbols and its constants only where the machine has them', () => {
    const isa = new Set(['I', 'Zicsr', 'F']);
    const source =
      'fadd.s fa0, fa1, fa2\nfadd.d fa0, fa1, fa2\nfld fa0, x, t0\nfli.s fa0, 1.0\n.option arch, +zfa, +d\nfli.d fa0, 1.0\nx: .double 1';
    const { diagnostics } = assemble(source, { extensions: isa });
    expect(diagnostics.map(({ line, message, hint }) => `${line}: ${message}; ${hint}`)).toEqual([
      '2: "fadd.d" needs the extension D, which is switched off; switch it on in the machine, or write .option arch, +d',
      '3: "fld" needs the extension D, which is switched off; switch it on in the machine, or write .option arch, +d',
      '4: "fli.s" needs the extension Zfa, which is switched off; switch it on in the machine, or write .option arch, +zfa',
    ]);
  });

  it('says which extension an instruction needs when it is switched off', () => {
    const { diagnostics } = assemble('mul a0, a1, a2\namoadd.w a0, a1, (a2)\nc.nop', { extensions: new Set(['I']) });
    expect(diagnostics.map(({ line, message }) => [line, message])).toEqual([
      [1, '"mul" needs the extension M, which is switched off'],
      [2, '"amoadd.w" needs the extension A (Zaamo), which is switched off'],
      [3, '"c.nop" needs the extension C (Zca), which is switched off'],
    ]);
    expect(diagnostics[0]!.hint).toBe('switch it on in the machine, or write .option arch, +m');
  });

  it('reports undefined symbols beside other mistakes, but not those that a wrong line would have defined', () => {
    const { diagnostics } = assemble('adi a0, a0, 1\nj nowhere\n.equ size 5\n.word size');
    expect(diagnostics.map(({ line, message }) => [line, message])).toEqual([
      [1, 'unknown instruction "adi"'],
      [2, 'the symbol "nowhere" is not defined'],
      [3, 'expected ",", found "5"'],
    ]);
  });

  it('keeps a bounded number of diagnostics', () => {
    const { diagnostics } = assemble('bad\n'.repeat(10_000));
    expect(diagnostics.length).toBe(200);
  });

  it('suggests the nearest name and nothing when none is near', () => {
    expect(nearest('adid', ['add', 'addi', 'and'])).toBe('addi');
    expect(nearest('q', ['r', 'i'])).toBeUndefined();
    expect(nearest('completely', ['add'])).toBeUndefined();
  });
});
