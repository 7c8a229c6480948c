/** Byte for byte against GNU as and ld. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GNU_MARCH } from '../../testing/gnu.ts';
import { type ToolName, toolOrSkip } from '../../testing/tools.ts';
import { CSRS } from '../csr/index.ts';
import { EXTENSIONS, INSTRUCTIONS } from '../defs/index.ts';
import { FLI_DECIMALS } from '../derive/fli.ts';
import { ROUNDING_MODES } from '../derive/operands.ts';
import { parseTemplate } from '../dsl/operands.ts';
import type { Field, Instruction } from '../dsl/types.ts';
import { DIFFERENCES } from './corpus/differences.ts';
import { rangeOf } from './encoding.ts';
import { type Assembled, assemble, type Image } from './index.ts';

const BASE = 0x80200000n;
/** As the extensions are in most files of the corpus. */
const PLAIN_MARCH = 'rv64imac_zicsr_zifencei_zihintpause';
const PLAIN = ['M', 'A', 'C', 'Zicntr', 'Zicsr', 'Zifencei', 'Zihintpause'];
/** Extensions and what GNU calls them. */
interface Isa {
  readonly march: string;
  readonly extensions: ReadonlySet<string>;
}
const plain: Isa = { march: PLAIN_MARCH, extensions: new Set(PLAIN) };
const all: Isa = { march: GNU_MARCH, extensions: new Set(EXTENSIONS.map(({ name }) => name)) };
const CORPUS = new URL('./corpus/', import.meta.url);
const corpus = readdirSync(CORPUS).filter((file) => file.endsWith('.s') && !file.startsWith('errors'));

const TOOLS = ['asNew', 'ldNew', 'objcopyNew', 'nmNew'] as const satisfies readonly ToolName[];
const reasons = TOOLS.map((name) => toolOrSkip(name).reason).filter((text) => text !== null);
const why = reasons.length > 0 ? ` (skipped: ${reasons.join(' ')})` : '';
const tool = (name: (typeof TOOLS)[number]): string => toolOrSkip(name).path ?? '';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assembler-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Gnu {
  readonly bytes: Uint8Array;
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** Assembles and links with GNU, sections in the order of our image; null when it refuses. */
function gnu(source: string, sections: readonly string[], march = GNU_MARCH): Gnu | null {
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('in.s'), source);
  const places = sections.map((name) => `${name} : { *(${name}) ${name === '.bss' ? '*(COMMON)' : ''} }`);
  writeFileSync(path('script.ld'), `SECTIONS { . = ${BASE}; ${places.join('\n')}\n/DISCARD/ : { *(*) } }`);
  const flags = [`-march=${march}`, '-mno-relax', '-mno-arch-attr', path('in.s'), '-o', path('out.o')];
  if (spawnSync(tool('asNew'), flags).status !== 0) return null;
  const link = [
    '--no-relax',
    '--no-warn-rwx-segments',
    '-T',
    path('script.ld'),
    path('out.o'),
    '-e',
    String(BASE),
    '-o',
    path('out.elf'),
  ];
  if (spawnSync(tool('ldNew'), link).status !== 0) return null;
  execFileSync(tool('objcopyNew'), ['-O', 'binary', path('out.elf'), path('out.bin')]);
  const names = execFileSync(tool('nmNew'), [path('out.elf')], { encoding: 'utf8' });
  const symbols = new Map<string, bigint>();
  for (const [, value, name] of names.matchAll(/^([0-9a-f]{16}) [a-zA-Z] (\S+)$/gm)) {
    if (name && value && !name.startsWith('$')) symbols.set(name, BigInt(`0x${value}`));
  }
  return { bytes: readFileSync(path('out.bin')), symbols };
}

function errors({ diagnostics }: Assembled): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map((it) => `${it.line}: ${it.message}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The first line whose bytes differ, for a readable failure. */
function firstDifference(source: string, image: Image, bytes: Uint8Array): string {
  const length = Math.max(bytes.length, image.bytes.length);
  let at = 0;
  while (at < length && bytes[at] === image.bytes[at]) at++;
  if (at === length) return 'none';
  const entry = image.lines.findLast(({ address }) => address <= BASE + BigInt(at));
  const text = source.split('\n')[(entry?.line ?? 1) - 1];
  return `line ${entry?.line} "${text}" at ${at}: GNU ${hex(bytes.subarray(at, at + 8))}, ours ${hex(image.bytes.subarray(at, at + 8))}`;
}

function compare(source: string, { march, extensions } = all): void {
  const ours = assemble(source, { base: BASE, extensions });
  expect(errors(ours)).toEqual([]);
  const image = ours.image!;
  const theirs = gnu(
    source,
    image.sections.map(({ name }) => name),
    march,
  );
  expect(theirs, 'GNU as and ld accept the source').not.toBeNull();
  expect(firstDifference(source, image, theirs!.bytes)).toBe('none');
  const symbols = new Map(image.symbols.map(({ name, address }) => [name, address]));
  for (const [name, address] of theirs!.symbols) expect([name, symbols.get(name)]).toEqual([name, address]);
}

/** A small seeded generator (mulberry32): the same sources in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const ORDERS = ['', '.rl', '.aq', '.aqrl'];

/** Constants that GNU as refuses or turns into another instruction: hints of compressed forms. */
function isRefused({ name }: Instruction, field: Field, value: number): boolean {
  if (name === 'c.nop' && field.name === 'imm') return value === 0;
  return field.name === 'shamt' && name.startsWith('c.') && value === 0;
}

function randomOperand(instruction: Instruction, field: Field, random: (below: number) => number): string {
  const { min, max, step, excludes } = rangeOf(field);
  for (;;) {
    const value = min + step * random((max - min) / step + 1);
    if (excludes.includes(value) || isRefused(instruction, field, value)) continue;
    switch (field.kind) {
      case 'x':
      case 'f':
        return `${field.kind}${value}`;
      case 'upper':
        return `0x${((value >> 12) & 0xfffff).toString(16)}`;
      case 'target':
        return `. + ${value}`;
      case 'fence':
        if (value === 0) continue;
        return [...'iorw'].filter((_, bit) => (value & (8 >> bit)) !== 0).join('');
      case 'fli':
        return FLI_DECIMALS[value]!;
      case 'rm':
        return ROUNDING_MODES[value]!;
      default:
        return String(value);
    }
  }
}

function randomLine(instruction: Instruction, random: (below: number) => number): string {
  // GNU as 2.40 does not read a rounding mode where nothing is rounded.
  const isExact = instruction.fields.some(({ unwritten }) => unwritten === 0);
  const template = parseTemplate(instruction.asm);
  const operands = (isExact ? template.slice(0, -2) : template).map((token) => {
    if (token.token === 'punctuation') return token.text;
    return randomOperand(instruction, instruction.fields.find(({ name }) => name === token.name)!, random);
  });
  const order = instruction.fields.some(({ kind }) => kind === 'order') ? ORDERS[random(4)] : '';
  return `${instruction.name}${order} ${operands.join(' ')}`;
}

describe.skipIf(why !== '')(`compared with GNU as and ld${why}`, () => {
  it.each(corpus)('%s gives the same bytes and symbols', (file) => {
    compare(readFileSync(new URL(file, CORPUS), 'utf8'), file === 'extensions.s' ? all : plain);
  });

  it('li gives the same instructions for 3000 random constants of every length', () => {
    const random = generator(1);
    const lines = Array.from({ length: 3000 }, () => {
      const high = BigInt(random(2 ** 32)) << 32n;
      const value = BigInt.asIntN(64, (high | BigInt(random(2 ** 32))) >> BigInt(random(64)));
      const shifted = BigInt.asIntN(64, value << BigInt(random(4) === 0 ? random(64) : 0));
      return `li x${random(32)}, ${shifted}`;
    });
    compare(lines.join('\n'));
  });

  it.each([2, 3])(
    '2000 random instructions of the table are encoded the same, with and without compression (seed %i)',
    (seed) => {
      const random = generator(seed);
      const lines = Array.from({ length: 2000 }, () => randomLine(INSTRUCTIONS[random(INSTRUCTIONS.length)]!, random));
      const wide = lines.filter((line) => !line.startsWith('c.'));
      compare([...lines, '.option norvc', ...wide].join('\n'));
    },
  );

  it('instructions whose operands repeat are compressed alike', () => {
    const random = generator(4);
    const full = INSTRUCTIONS.filter(
      ({ length, asm }) =>
        length === 4 && asm !== '' && !asm.includes('imm(') && !/csr|pred|bs|rnum|constant/.test(asm),
    ).filter(({ fields }) => fields.every((field) => field.kind !== 'x' || rangeOf(field).step === 1));
    const lines = Array.from({ length: 3000 }, () => {
      const line = randomLine(full[random(full.length)]!, random);
      const registers = ['x0', 'x2', 'x8', 'x9'];
      const small = line.replace(/x\d+/g, () => registers[random(4)]!);
      return small.replace(/(?<!\+ )-?\b\d+$/, (number) =>
        small.includes('. +') || Number(number) < 0 ? number : String(random(40)),
      );
    });
    compare(lines.filter((line) => !/^(slliw|srliw|sraiw|roriw) .* (3[2-9])$/.test(line)).join('\n'));
  });

  it('branches over random distances get the same lengths', () => {
    const random = generator(5);
    const forms = ['beqz a0,', 'bnez s1,', 'beqz t0,', 'blt a0, a1,', 'j', 'jal', 'c.beqz a0,'];
    const lines: string[] = [];
    for (let i = 0; i < 600; i++) {
      lines.push(`l${i}: ${forms[random(forms.length)]} l${Math.max(0, Math.min(599, i + random(61) - 30))}`);
      const gap = random(8);
      if (gap === 0) lines.push(`.balign ${4 << random(5)}`);
      else if (gap === 1) lines.push(`.space ${2 * random(200)}`);
      else if (gap === 2) lines.push('li a0, 0x12345678');
    }
    compare(lines.join('\n'));
  });

  it('every CSR that GNU as knows by name has the same number', () => {
    const known = CSRS.filter(({ name }) => gnuKnows(name));
    expect(known.length).toBeGreaterThan(100);
    compare(known.map(({ name }) => `csrr a0, ${name}`).join('\n'));
  });

  it.each(DIFFERENCES)('differs on purpose: $source ($because)', ({ source, gnu: theirs, ours }) => {
    const assembled = assemble(source, { base: BASE });
    expect(assembled.image !== null).toBe(ours === 'accepts');
    const other = gnu(source, ['.text', '.rodata', '.data', '.sdata', '.sbss', '.got']);
    if (theirs === 'refuses') expect(other).toBeNull();
    else if (assembled.image !== null && other !== null) expect(hex(other.bytes)).not.toBe(hex(assembled.image.bytes));
  });
});

/** All names at once in one file: a line with an error names the CSR. */
const unknownCsrs = new Set<string>();
let asked = false;
function gnuKnows(name: string): boolean {
  if (!asked) {
    asked = true;
    const path = join(folder, 'csrs.s');
    writeFileSync(path, CSRS.map((csr) => `csrr a0, ${csr.name}`).join('\n'));
    const { stderr } = spawnSync(tool('asNew'), [`-march=${PLAIN_MARCH}`, path, '-o', join(folder, 'csrs.o')], {
      encoding: 'utf8',
    });
    for (const [, csr] of stderr.matchAll(/unknown CSR `(\w+)'/g)) if (csr) unknownCsrs.add(csr);
  }
  return !unknownCsrs.has(name);
}
