/** The image: placement, symbols, lines, options and limits. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXTENSIONS } from '../defs/index.ts';
import { type AssembleOptions, assemble, type Image } from './index.ts';
import { DIRECTIVES } from './reference.ts';

function image(source: string, options?: AssembleOptions): Image {
  const assembled = assemble(source, options);
  expect(assembled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return assembled.image!;
}

const hex = ({ bytes }: Image): string => Buffer.from(bytes).toString('hex');

describe('the image', () => {
  it('starts at the base address and enters at _start, or at the base when there is none', () => {
    expect(image('nop', { base: 0x1000n })).toMatchObject({ base: 0x1000n, entry: 0x1000n });
    expect(image('nop\nnop\n_start: nop', { base: 0x1000n }).entry).toBe(0x1004n);
    expect(image('').bytes.length).toBe(0);
  });

  it('places code, read-only data, data and zeroed data in this order, each aligned', () => {
    const source = `
      .bss
      .space 16
      .data
      .align 3
      .byte 1
      .section .custom, "aw"
      .byte 2
      .rodata
      .byte 3
      .section .note.test
      .byte 4
      .section .text.more, "ax"
      nop
      .text
      nop`;
    const { sections, bytes, memorySize } = image(source, { base: 0x1000n });
    expect(sections.map(({ name, address, size }) => [name, address, size])).toEqual([
      ['.text', 0x1000n, 2],
      ['.text.more', 0x1002n, 2],
      ['.rodata', 0x1004n, 1],
      ['.data', 0x1008n, 1],
      ['.custom', 0x1009n, 1],
      ['.bss', 0x100an, 16],
    ]);
    expect(bytes.length).toBe(10);
    expect(memorySize).toBe(26);
  });

  it('lists symbols with section and kind, and leaves local labels out', () => {
    const source =
      '.type f, @function\nf: nop\n.Llocal: nop\n1: nop\nsize = 64\n.data\n.type v, @object\nv: .word 1\nhere = . - 4';
    expect(image(source, { base: 0x1000n }).symbols).toEqual([
      { name: 'size', address: 64n, section: '*ABS*', kind: 'constant' },
      { name: 'f', address: 0x1000n, section: '.text', kind: 'function' },
      { name: 'here', address: 0x1006n, section: '*ABS*', kind: 'label' },
      { name: 'v', address: 0x1006n, section: '.data', kind: 'object' },
    ]);
  });

  it('defines the symbols that linker scripts define', () => {
    const source = 'nop\n.data\n.dword _end, __bss_start, _edata, _etext, __global_pointer$\n.bss\n.space 8';
    expect(hex(image(source, { base: 0x1000n })).slice(4)).toBe(
      ['3210', '2a10', '2a10', '0210', '0218'].map((low) => low.padEnd(16, '0')).join(''),
    );
  });

  it('knows the line of every byte; a macro counts for the line that uses it', () => {
    const source =
      '.macro two\nnop\n li a0, 0x12345678\n.endm\n nop\n two\n.rept 2\n ret\n.endr\n.word 1,\\\n2'.replace('\\\n', '');
    expect(image(source, { base: 0x1000n }).lines).toEqual([
      { address: 0x1000n, line: 5, length: 2 },
      { address: 0x1002n, line: 6, length: 2 },
      { address: 0x1004n, line: 6, length: 8 },
      { address: 0x100cn, line: 8, length: 2 },
      { address: 0x100en, line: 8, length: 2 },
      { address: 0x1010n, line: 10, length: 8 },
    ]);
  });

  it('is not compressed when the machine has no C', () => {
    expect(hex(image('nop\nj .', { extensions: new Set(['I']) }))).toBe('130000006f000000');
    expect(hex(image('nop\nj .', { extensions: new Set(['C']) }))).toBe('010001a0');
  });

  it('has what needs C again when .option rvc comes after .option norvc, as GNU as does', () => {
    const source = '.option norvc\nadd a0, a0, a1\n.option rvc\nc.lh a0, 0(a1)';
    expect(hex(image(source, { extensions: new Set(['C', 'Zcb']) }))).toBe('3305b500c885');
    const without = '.option norvc\n.option arch, -zcb\n.option rvc\nc.lh a0, 0(a1)';
    expect(assemble(without, { extensions: new Set(['C', 'Zcb']) }).diagnostics).toHaveLength(1);
  });

  it('uses an instruction of an extension that .option arch switched on', () => {
    expect(hex(image('.option arch, +m\nmul a0, a1, a2', { extensions: new Set(['I']) }))).toBe('3385c502');
  });
});

describe('limits', () => {
  const message = (source: string, options?: AssembleOptions): string | undefined =>
    assemble(source, options).diagnostics[0]?.message;

  it('refuses an image that is larger than allowed, wherever the size comes from', () => {
    for (const source of [
      '.space 101',
      '.bss\n.space 101',
      '.fill 26, 4, 1',
      '.org 101',
      '.balign 128\nnop\n.balign 128',
      '.comm x, 101',
      '.rept 102\n.byte 1\n.endr',
    ]) {
      expect([source, message(source, { maxBytes: 100 })]).toEqual([source, expect.stringMatching(/100 (bytes|fit)/)]);
    }
  });

  it('ends macros that call themselves, repetitions of repetitions and endless text', () => {
    expect(message('.macro m\n m\n.endm\n m')).toMatch(/nested more than 100/);
    expect(message('.rept 1000000\n.rept 1000000\n.equ a, 1\n.endr\n.endr')).toMatch(/statements/);
    expect(message('.macro m x\n m \\x\\x\n.endm\n m ab')).toMatch(/nested|characters/);
    expect(message('#'.repeat(5 * 2 ** 20))).toMatch(/characters/);
    expect(message(`.byte 1${', 1'.repeat(100_000)}`)).toMatch(/split it|characters/);
    expect(message(Array.from({ length: 10_001 }, (_, i) => `.section s${i}, "aw"`).join('\n'))).toMatch(/sections/);
  });

  it('survives deep and wide expressions', () => {
    expect(message(`.word ${'('.repeat(100_000)}`)).toMatch(/deep/);
    expect(message(`.word ${'-'.repeat(100_000)}1`)).toMatch(/deep/);
    expect(image(`.word ${'1+'.repeat(100_000)}1`).bytes.length).toBe(4);
    expect(message(`.word ${'a+'.repeat(100_000)}1`)).toMatch(/too large/);
    expect(message('.equ one, two + 1\n.equ two, one + 1\nbeqz a0, one')).toMatch(/defined by itself/);
    const chain = Array.from({ length: 5000 }, (_, i) => `.equ sym${i}, sym${i + 1} + 1`).join('\n');
    expect(message(`${chain}\n.dword sym0\n.equ sym5000, 1`)).toMatch(/deep/);
  });
});

const words = [
  ...DIRECTIVES.map(({ name }) => name),
  ...EXTENSIONS.flatMap(({ instructions, aliases }) => [...instructions, ...aliases].map(({ name }) => name)),
  ...[
    'li',
    'la',
    'call',
    'tail',
    'a0',
    'x1',
    'sp',
    'm',
    'foo',
    '1',
    '1b',
    '1f',
    '0x10',
    '-1',
    '"text"',
    "'c'",
    '%hi',
    '%lo',
    '%pcrel_hi',
  ],
  ...[
    ',',
    '(',
    ')',
    ':',
    ';',
    '\n',
    '\n',
    '=',
    '+',
    '-',
    '*',
    '/',
    '<<',
    '\\',
    '\\foo',
    '\\@',
    '.',
    '#',
    '/*',
    '*/',
    '//',
    '"',
    "'",
    '@function',
  ],
];

describe('any input', () => {
  const survives = (source: string): void => {
    const { diagnostics, image: made } = assemble(source, { maxBytes: 1 << 16 });
    expect(made === null).toBe(diagnostics.some(({ severity }) => severity === 'error'));
    const lines = source.split('\n').length;
    for (const { line, column, length } of diagnostics) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(length).toBeGreaterThanOrEqual(1);
    }
  };

  it('is assembled or explained, never thrown at: words in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) => survives(parts.join(' '))),
      { numRuns: 3000, seed: 1 },
    );
  });

  it('is assembled or explained, never thrown at: any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: 1000, seed: 2 });
  });

  it('is assembled or explained, never thrown at: the corpus with pieces cut out and moved', () => {
    const folder = new URL('./corpus/', import.meta.url);
    const sources = readdirSync(folder)
      .filter((file) => file.endsWith('.s'))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const piece = fc.tuple(fc.nat(sources.length - 1), fc.nat(10_000), fc.nat(60));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        survives(
          pieces
            .map(([file, start, length]) => sources[file]!.slice(start % sources[file]!.length).slice(0, length))
            .join(''),
        );
      }),
      { numRuns: 1500, seed: 3 },
    );
  });
});
