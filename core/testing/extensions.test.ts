/** Every extension that can be switched, on and off: in the decoder, on both harts, in the assembler, in the strings. */
import { describe, expect, it } from 'vitest';
import { HartClock, Timebase } from '../hart/clock.ts';
import { CAUSE_ILLEGAL_INSTRUCTION, CSR_SCAUSE, CSR_SSTATUS, CSR_STVEC } from '../hart/constants.ts';
import { assemble } from '../isa/asm/index.ts';
import { closure, EXTENSIONS, instructionByName, isPart, withRequired } from '../isa/defs/index.ts';
import { createDecoder } from '../isa/derive/decode.ts';
import { disassembleWord } from '../isa/derive/disassemble.ts';
import { encode, rangeOf } from '../isa/derive/encode.ts';
import { checkExtensions, isaExtensions, isaString, parseIsaString } from '../isa/derive/isa-string.ts';
import type { Extension, Field, Instruction } from '../isa/dsl/types.ts';
import { isaNames } from '../vmm/isa-string.ts';
import { interpreterSubject, referenceSubject } from './qemu/subjects.ts';

const RAM = 0x8000_0000n;
const RAM_BYTES = 0x1_0000;
const CODE = RAM + 0x1000n;
const DATA = RAM + 0x4000n;
const HANDLER = RAM + 0x8000n;
const FLOAT_INITIAL = 1n << 13n;
const A0 = 10;
/** The target of a jump over nothing. */
const AT_ITSELF = /0x80000000$/;
const ALWAYS_ILLEGAL: ReadonlySet<string> = new Set(['c.unimp']);
/** Without their extension these are two instructions that do the same. */
const PSEUDO: ReadonlySet<string> = new Set(['sext.b', 'sext.h', 'zext.h', 'zext.w']);
const SSCRATCH = 0x140;

/** What a word of an extension that is off still is, by design: hints and shared encodings. [Unprivileged ISA] */
const OTHERWISE: Readonly<Record<string, string>> = {
  pause: 'fence',
  'ntl.p1': 'add',
  'ntl.pall': 'add',
  'ntl.s1': 'add',
  'ntl.all': 'add',
  'c.ntl.p1': 'c.add',
  'c.ntl.pall': 'c.add',
  'c.ntl.s1': 'c.add',
  'c.ntl.all': 'c.add',
  'prefetch.i': 'ori',
  'prefetch.r': 'ori',
  'prefetch.w': 'ori',
};

/** What each requires and what comes with it, as its chapter says. [Unprivileged ISA; Privileged ISA] */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  F: ['Zicsr'],
  D: ['F'],
  Zfh: ['F'],
  Zfhmin: ['F'],
  Zfa: ['F'],
  Zcd: ['D', 'Zca'],
  Zcb: ['Zca'],
  Zcmop: ['Zca'],
  Zacas: ['Zaamo'],
  Zabha: ['Zaamo'],
  Zicntr: ['Zicsr'],
  Zihpm: ['Zicsr'],
};
const IMPLIED: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['A'], ['Zaamo', 'Zalrsc']],
  [['C'], ['Zca']],
  [
    ['C', 'F', 'D'],
    ['Zca', 'Zcd'],
  ],
  [['F', 'Zfh'], ['Zfhmin']],
];

/** What the word of an instruction is to a hart with these and without its own extension; null when it is illegal. */
function otherwise(name: string, on: readonly string[]): string | null {
  const other = instructionByName(OTHERWISE[name] ?? '');
  return other !== undefined && closure(on).has(other.extension) ? other.name : null;
}

const SWITCHED = EXTENSIONS.filter(({ always, name }) => !always && !isPart(name));

/** What has to be chosen for the extension, or for all that a part follows from; then for each alone that has to be left out. */
function choice({ name, follows }: Extension): { readonly on: readonly string[]; readonly off: readonly string[][] } {
  const of = follows === null ? [[name]] : 'all' in follows ? [follows.all] : follows.any.map((one) => [one]);
  const [first = []] = of;
  const on = [...new Set(first.flatMap(withRequired))];
  const without = (left: string): string[] => on.filter((one) => one !== left && !withRequired(one).includes(left));
  return { on, off: first.map(without) };
}

function fieldValue(field: Field, { name }: Instruction): number {
  const { min, max, step, excludes } = rangeOf(field);
  const wanted = field.kind === 'csr' ? SSCRATCH : field.kind === 'x' || field.kind === 'f' ? A0 : min < 0 ? 0 : min;
  for (let value = Math.min(Math.max(wanted, min), max); value <= max; value += step)
    if (!excludes.includes(value)) return value;
  throw new Error(`${name}: nothing fits in ${field.name}`);
}

function wordOf(instruction: Instruction): number {
  const fields = instruction.fields.filter((field) => field.bits.length > 0);
  const encoded = encode(instruction, Object.fromEntries(fields.map((f) => [f.name, fieldValue(f, instruction)])));
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.word;
}

/** Whether the hart takes each word for an illegal instruction, one after the other. */
function illegalOn(subject: typeof referenceSubject, words: readonly number[], on: readonly string[]): boolean[] {
  const options = { id: 0, extensions: closure(on), hcounteren: 2, delegatesIllegal: true, satpMode: 10 } as const;
  const { hart, memory } = subject.make(RAM_BYTES, options, new HartClock(new Timebase(1)));
  memory.mapSlot(0, RAM, BigInt(RAM_BYTES), 0n);
  return words.map((word) => {
    hart.reset();
    memory.write(Number(CODE - RAM), Uint8Array.from([0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff)));
    for (let register = 1; register < 32; register++) hart.writeX(register, DATA);
    hart.writeCsr(CSR_STVEC, HANDLER);
    hart.writeCsr(CSR_SSTATUS, FLOAT_INITIAL);
    hart.pc = CODE;
    const exit = hart.run(1);
    return exit.kind === 'illegal' || (exit.kind === 'limit' && hart.readCsr(CSR_SCAUSE) === CAUSE_ILLEGAL_INSTRUCTION);
  });
}

const named = EXTENSIONS.filter(({ always, instructions }) => !always && instructions.length > 0);

describe.each(named.map((extension) => [extension.name, extension] as const))(
  'the instructions of %s',
  (_, extension) => {
    const { on, off } = choice(extension);
    const words = extension.instructions.map(wordOf);
    const names = extension.instructions.map(({ name }) => name);
    const decodedWith = (chosen: readonly string[]) => {
      const decode = createDecoder(closure(chosen));
      return words.map((word) => decode(word)?.instruction.name ?? null);
    };

    it('are decoded with it, and without it are illegal or what they share their words with', () => {
      expect(decodedWith(on)).toEqual(names);
      for (const rest of off) expect(decodedWith(rest)).toEqual(names.map((name) => otherwise(name, rest)));
    });

    it.each([referenceSubject, interpreterSubject])('run on the $name hart with it only', (subject) => {
      const illegal = illegalOn(subject, words, on);
      expect(names.filter((name, index) => illegal[index] && !ALWAYS_ILLEGAL.has(name))).toEqual([]);
      for (const rest of off) {
        expect(illegalOn(subject, words, rest)).toEqual(names.map((name) => otherwise(name, rest) === null));
      }
    });

    it('are assembled with it only, be it chosen or switched on in the source', () => {
      const decode = createDecoder(closure(on));
      for (const [index, word] of words.entries()) {
        const line = disassembleWord(word, RAM, decode, { aliases: false }).replace(AT_ITSELF, '.');
        const source = names[index]?.startsWith('c.') ? line : `.option norvc\n${line}`;
        const length = (word & 3) === 3 ? 4 : 2;
        const bytes = (text: string, chosen: readonly string[]) =>
          assemble(text, { base: RAM, extensions: new Set(chosen) }).image?.bytes.subarray(0, length) ?? null;
        const expected = [0, 8, 16, 24].slice(0, length).map((shift) => (word >>> shift) & 0xff);
        const refused = (found: Uint8Array | null) =>
          PSEUDO.has(names[index] ?? '') ? found?.toString() !== expected.toString() : found === null;
        expect([line, [...(bytes(source, on) ?? [])]]).toEqual([line, expected]);
        for (const rest of off) {
          expect([line, refused(bytes(source, rest))]).toEqual([line, true]);
          const more = on.filter((name) => !rest.includes(name)).reverse();
          const switching = `.option arch, ${more.map((name) => `+${name.toLowerCase()}`).join(', ')}\n${source}`;
          expect([line, [...(bytes(switching, rest) ?? [])]]).toEqual([line, expected]);
        }
        const gone = (name: string) => `.option arch, -${name.toLowerCase()}\n${source}`;
        if (!isPart(extension.name)) expect([line, refused(bytes(gone(extension.name), on))]).toEqual([line, true]);
      }
    });
  },
);

describe('the name of an extension', () => {
  it.each(SWITCHED.map(({ name }) => [name] as const))(
    '%s stands in ISA string and device tree when it is on',
    (name) => {
      const on = withRequired(name);
      const rest = on.filter((one) => one !== name);
      const lower = name.toLowerCase();
      const parsed = parseIsaString(isaString(on));
      expect(parsed.ok && parsed.extensions.includes(name)).toBe(true);
      const tree = isaNames(isaExtensions(on));
      expect(tree.extensions).toContain(lower);
      expect(tree.isa).toBe(isaString(on));
      const without = parseIsaString(isaString(rest));
      expect(without.ok && without.extensions.includes(name)).toBe(false);
      expect(isaNames(isaExtensions(rest)).extensions).not.toContain(lower);
    },
  );

  it.each(Object.entries(REQUIRED))('%s needs %j', (name, required) => {
    for (const needed of required) {
      const others = withRequired(name).filter((one) => one === name || !withRequired(one).includes(needed));
      const messages = checkExtensions(['I', ...others]).map(({ message }) => message);
      expect(messages).toContain(`${name} needs ${needed}, which is off`);
    }
    expect(checkExtensions(withRequired(name))).toEqual([]);
  });

  it.each(IMPLIED)('%j stands for %j', (names, implied) => {
    expect([...closure(names)]).toEqual(expect.arrayContaining([...implied]));
  });
});
