import { describe, expect, it } from 'vitest';
import { Rng } from '../../testing/qemu/rng.ts';
import { EXTENSIONS, INSTRUCTIONS, instructionByName } from '../defs/index.ts';
import type { Field, Instruction } from '../dsl/types.ts';
import { createDecoder, fieldWidth } from './decode.ts';
import { encode, rangeOf } from './encode.ts';

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));

function named(name: string): Instruction {
  const found = instructionByName(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function legalValue(field: Field, random: Rng): number {
  const { min, max, step, excludes } = rangeOf(field);
  const count = (max - min) / step + 1;
  const value = min + step * [0, count - 1, random.below(count)][random.below(3)]!;
  return excludes.includes(value) ? legalValue(field, random) : value;
}

/** Legal values of one instruction that are another instruction's words. */
const TAKEN_BY: Readonly<Record<string, readonly string[]>> = {
  fence: ['pause', 'fence.tso'],
  packw: ['zext.h'],
  ori: ['prefetch.i', 'prefetch.r', 'prefetch.w'],
  add: ['ntl.p1', 'ntl.pall', 'ntl.s1', 'ntl.all'],
  'c.add': ['c.ntl.p1', 'c.ntl.pall', 'c.ntl.s1', 'c.ntl.all'],
};

describe('encoding and decoding', () => {
  it.each(INSTRUCTIONS.map((one) => [one.name, one] as const))('%s comes back from its own encoding', (name, one) => {
    const random = new Rng(one.match);
    for (let n = 0; n < 200; n += 1) {
      const values = Object.fromEntries(one.fields.map((field) => [field.name, legalValue(field, random)]));
      const encoded = encode(one, values);
      if (!encoded.ok) throw new Error(encoded.error.message);
      const decoded = decode(encoded.word);
      if (TAKEN_BY[name]?.includes(decoded?.instruction.name ?? '')) continue;
      expect(decoded?.instruction.name).toBe(name);
      expect(decoded?.values).toEqual(values);
      expect(decoded?.word).toBe(encoded.word);
    }
  });

  it('has no two definitions that share a word, besides hints inside others and zext.h, which Zbkb writes as packw', () => {
    const shared = INSTRUCTIONS.flatMap((one, index) =>
      INSTRUCTIONS.slice(index + 1)
        .filter((other) => one.length === other.length && overlap(one, other))
        .map((other) => [one.name, other.name].sort().join(' ')),
    );
    const allowed = Object.entries(TAKEN_BY).flatMap(([name, others]) =>
      others.map((other) => [name, other].sort().join(' ')),
    );
    expect(shared.sort()).toEqual(allowed.sort());
  });

  it('decodes the upper half of a word only when the instruction has one', () => {
    expect(decode(0xffff_4501)).toEqual(decode(0x4501));
  });

  it('finds nothing of an extension that is off, and what an extension implies', () => {
    const plain = createDecoder(new Set(['I']));
    expect(plain(0x02b50533)).toBeNull();
    expect(plain(0x4501)).toBeNull();
    expect(createDecoder(new Set(['I', 'A']))(0x100527af)?.instruction.name).toBe('lr.w');
    expect(createDecoder(new Set(['I', 'C']))(0x4501)?.instruction.name).toBe('c.li');
    expect(plain(0x0100000f)?.instruction.name).toBe('fence');
    expect(plain(0x10200073)?.instruction.name).toBe('sret');
  });

  it('finds what several extensions share with each of them, and what needs several only with all', () => {
    const found = (word: number, ...on: string[]) => createDecoder(new Set(on))(word)?.instruction.name;
    const [andn, zextH, csextB] = [0x40b57533, 0x0805c53b, 0x9d65];
    expect(['Zba', 'Zbb', 'Zbkb'].map((name) => found(andn, name))).toEqual([undefined, 'andn', 'andn']);
    expect(['Zba', 'Zbb', 'Zbkb'].map((name) => found(zextH, name))).toEqual([undefined, 'zext.h', 'packw']);
    expect([found(csextB, 'Zcb'), found(csextB, 'C', 'Zbb'), found(csextB, 'Zcb', 'Zbb')]).toEqual([
      undefined,
      undefined,
      'c.sext.b',
    ]);
  });

  it.each([
    ['c.addi4spn with 0', 0x0004],
    ['c.addiw to x0', 0x2005],
    ['c.lui with 0', 0x6081],
    ['c.addi16sp with 0', 0x6101],
    ['c.lwsp to x0', 0x4002],
    ['c.ldsp to x0', 0x6002],
    ['c.jr to x0', 0x8002],
    ['the reserved arithmetic forms', 0x9c41],
    ['quadrant 0, funct3 4', 0x8000],
  ])('takes %s as illegal [Unprivileged ISA, C]', (_, word) => {
    expect(createDecoder(new Set(['C']))(word)).toBeNull();
  });

  it.each([
    ['c.nop with a constant', 0x0005],
    ['c.li to x0', 0x4005],
    ['c.lui to x0', 0x6005],
    ['c.mv to x0', 0x8006],
    ['c.add to x0', 0x9006],
    ['c.slli of x0', 0x0006],
    ['c.srli by 0', 0x8001],
  ])('takes the hint %s as legal [Unprivileged ISA, C]', (_, word) => {
    expect(decode(word)).not.toBeNull();
  });

  it('ignores the bits of fence and fence.i that are to be ignored', () => {
    expect(decode(0xf33a_8a8f)?.values).toEqual({ pred: 3, succ: 3 });
    expect(decode(0xfff0_9f8f)?.instruction.name).toBe('fence.i');
  });
});

describe('encode', () => {
  it.each([
    ['addi', { rd: 1, rs1: 2, imm: 2048 }, 'imm', 'range', 'imm is 2048, but must be from -2048 to 2047'],
    ['addi', { rd: 32, rs1: 2, imm: 0 }, 'rd', 'range', 'rd is 32, but must be from 0 to 31'],
    ['beq', { rs1: 1, rs2: 2, imm: 3 }, 'imm', 'alignment', 'imm is 3, but must be a multiple of 2'],
    ['c.addi4spn', { rd: 8, imm: 0 }, 'imm', 'excluded', 'imm is 0, but must be other than 0'],
    ['c.lw', { rd: 7, rs1: 8, imm: 0 }, 'rd', 'range', 'rd is 7, but must be from 8 to 15'],
    ['c.lwsp', { rd: 7, rs1: 3, imm: 0 }, 'rs1', 'range', 'rs1 is 3, but must be 2'],
    ['add', { rd: 1, rs1: 2 }, 'rs2', 'missing', 'add needs a value for rs2'],
    ['add', { rd: 1, rs1: 2, rs2: 3, imm: 1 }, 'imm', 'unknown', 'add has no field imm'],
    ['addi', { rd: 1, rs1: 2, imm: 0.5 }, 'imm', 'range', 'imm is 0.5, but must be from -2048 to 2047'],
  ])('names the field of %s %o that is wrong: %s', (name, values, field, problem, message) => {
    expect(encode(named(name), values)).toEqual({ ok: false, error: { field, problem, message } });
  });

  it('takes a missing order as relaxed', () => {
    expect(encode(named('lr.w'), { rd: 15, rs1: 10 })).toEqual({ ok: true, word: 0x100527af });
  });

  it('takes the upper immediate as the value it stands for', () => {
    expect(encode(named('lui'), { rd: 10, imm: -4096 })).toEqual({ ok: true, word: 0xfffff537 });
  });
});

/** Whether some word matches both, with the values each excludes taken into account. */
function overlap(one: Instruction, other: Instruction): boolean {
  if (((one.match ^ other.match) & one.mask & other.mask) !== 0) return false;
  return !(alwaysExcluded(one, other) || alwaysExcluded(other, one));
}

/** Whether `fixed` pins a field of `open` to a value that `open` excludes. */
function alwaysExcluded(open: Instruction, fixed: Instruction): boolean {
  return open.fields.some((field) => {
    if (field.excludes === undefined || field.bits.some((run) => !pinned(fixed, run.lo, run.width))) return false;
    const raw = field.bits.reduce((all, run) => all | (((fixed.match >>> run.lo) & (2 ** run.width - 1)) << run.at), 0);
    const width = fieldWidth(field);
    const value = field.signed ? (raw << (32 - width)) >> (32 - width) : raw;
    return field.excludes.includes(value + (field.bias ?? 0));
  });
}

function pinned({ mask }: Instruction, lo: number, width: number): boolean {
  return ((mask >>> lo) & (2 ** width - 1)) === 2 ** width - 1;
}
