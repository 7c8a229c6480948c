import { describe, expect, it } from 'vitest';
import { assemble } from '../../core/isa/asm/index.ts';
import { assembledProgram } from '../panels/program/select.ts';
import { assemblySlice } from '../state/assembly.ts';
import { lineMarkdown } from './line-help.ts';

const ISA = ['M', 'A', 'C', 'F', 'D', 'Zicsr', 'Sstc'];

function told(source: string, line: number): string | null {
  const { diagnostics, image } = assemble(source, { extensions: new Set(['I', ...ISA, 'Zca', 'Zcd']) });
  expect(diagnostics).toEqual([]);
  if (image === null) throw new Error('nothing was assembled');
  const { base, bytes, lines, symbols } = image;
  const program = assembledProgram({ ...assemblySlice, of: source, lines, symbols, code: { base, bytes } }, ISA);
  return program === null ? null : lineMarkdown(program, line);
}

describe('the hover over the mnemonic of a line', () => {
  it('gives the fields of that instruction with their values, and what it does', () => {
    const text = told('_start: addi a0, a1, 291\n', 1);
    // 12-bit constant, rs1, funct3, rd, opcode: as GNU as encodes it, 0x12358513.
    expect(text).toContain('| 000100100011 | 01011 | 000 | 01010 | 0010011 |');
    expect(text).toContain('| imm | rs1 |  | rd |  |');
    expect(text).toContain('`rd` = `a0` (x10); `rs1` = `a1` (x11); `imm` = `291` (0x123)');
    expect(text).toContain('a0 = a1 + 291');
    expect(text).toContain('at 0x80200000');
  });

  it('shows what a pseudo-instruction expands to', () => {
    const text = told('_start: la a0, there\n li a1, 0x123456789abcdef\nthere: nop\n', 1);
    expect(text).toContain('This line is 2 instructions');
    expect(text).toContain('`auipc a0,0x0`');
    expect(text).toContain('`addi a0,a0,');
    expect(told('_start: li a1, 0x123456789abcdef\n', 1)).toMatch(/This line is [5-8] instructions[\s\S]*\n- `/);
  });

  it('says which full form a compressed instruction is short for, and names the target of a branch', () => {
    expect(told('_start: addi a0, a0, 1\n', 1)).toContain('short for `addi a0,a0,1`');
    expect(told('_start: nop\nloop: bgeu a0, a1, loop\n', 2)).toContain('(0 bytes from here, loop)');
  });

  it('explains the CSR operand with its fields', () => {
    const text = told('_start: csrr a0, sstatus\n', 1);
    expect(text).toContain('`csr` = `sstatus` (0x100.');
    expect(text).toMatch(/Fields: [^)]*SPP/);
  });

  it('is silent on data and on lines without code', () => {
    expect(told('_start: nop\n# note\n .8byte 0\n', 2)).toBeNull();
    expect(told('_start: nop\n .asciz "hello"\n', 2)).toBeNull();
  });
});
