import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ecall, scratch } from '../testing/command-line.ts';

const { folder, file, remove } = scratch();
afterAll(remove);

describe('ecall asm and disasm', () => {
  it('asm reports every error with its place and exits with 2', async () => {
    const result = await ecall('asm', file('bad.s', '_start: nonsense\n addi a0, a0\n'));
    expect(result.code).toBe(2);
    expect(result.err).toMatch(/bad\.s:1:\d+: error: .*\n(.*\n)*.*bad\.s:2:\d+: error: /);
  });

  it('asm prints symbols by address', async () => {
    const result = await ecall('asm', file('symbols.s', '_start: nop\nnext: nop\n'), '--symbols', '--isa=-C');
    expect(result.out).toBe('0000000080200000 _start\n0000000080200004 next\n');
  });

  it('an ISA string is taken with what its extensions require and stand for', async () => {
    const path = file('double.s', '_start: fadd.d fa0, fa1, fa2\n csrr a0, fcsr\n c.fld fa0, 0(a0)\n');
    const elf = join(folder, 'double.elf');
    expect((await ecall('asm', path, '-o', elf, '--isa', 'rv64gc')).code).toBe(0);
    expect((await ecall('asm', path, '-o', elf, '--isa', 'rv64idc')).code).toBe(0);
    expect((await ecall('asm', path, '-o', elf, '--isa', 'rv64imac')).code).not.toBe(0);
    expect((await ecall('disasm', elf, '--isa', 'rv64gc')).out).toContain('fadd.d');
  });

  it('disasm shows what asm made', async () => {
    const elf = join(folder, 'disasm.elf');
    await ecall('asm', file('disasm.s', '_start: xori a0, a1, 100\n mul a0, a0, a1\n c.nop\n ecall\n'), '-o', elf);
    const lines = (await ecall('disasm', elf)).out.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
    expect(lines.slice(0, 4)).toEqual([
      '80200000: 0645c513 xori a0,a1,100',
      '80200004: 02b50533 mul a0,a0,a1',
      '80200008: 0001 nop',
      '8020000a: 00000073 ecall',
    ]);
  });

  it('disasm refuses what is no image', async () => {
    expect((await ecall('disasm', file('empty.bin', ''))).code).toBe(2);
  });
});
