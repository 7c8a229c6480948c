/**
 * Pseudo-instructions that are one base instruction. Where several could print the same word, the
 * first one here is printed. [RISC-V Assembly Programmer's Manual, table of pseudo-instructions]
 */
import type { DefAlias } from '../dsl/extension.ts';

function moves(alias: DefAlias): void {
  alias('nop', { of: 'addi', fixed: { rd: 0, rs1: 0, imm: 0 }, says: 'Does nothing.' });
  alias('li', { of: 'addi', asm: 'rd, imm', fixed: { rs1: 0 }, says: 'Loads a small constant.' });
  alias('mv', { of: 'addi', asm: 'rd, rs1', fixed: { imm: 0 }, says: 'Copies a register.' });
  alias('move', { of: 'addi', asm: 'rd, rs1', fixed: { imm: 0 }, inputOnly: true, says: 'Copies a register.' });
  alias('not', { of: 'xori', asm: 'rd, rs1', fixed: { imm: -1 }, says: 'Inverts every bit.' });
  alias('neg', { of: 'sub', asm: 'rd, rs2', fixed: { rs1: 0 }, says: 'Negates (two’s complement).' });
  alias('negw', { of: 'subw', asm: 'rd, rs2', fixed: { rs1: 0 }, says: 'Negates the low 32 bits.' });
  alias('sext.w', { of: 'addiw', asm: 'rd, rs1', fixed: { imm: 0 }, says: 'Sign-extends the low 32 bits.' });
  alias('zext.b', { of: 'andi', asm: 'rd, rs1', fixed: { imm: 255 }, says: 'Keeps the low byte.' });
}

function comparisons(alias: DefAlias): void {
  alias('seqz', { of: 'sltiu', asm: 'rd, rs1', fixed: { imm: 1 }, says: 'Writes 1 when rs1 is zero, else 0.' });
  alias('snez', { of: 'sltu', asm: 'rd, rs2', fixed: { rs1: 0 }, says: 'Writes 1 when rs2 is not zero, else 0.' });
  alias('sltz', { of: 'slt', asm: 'rd, rs1', fixed: { rs2: 0 }, says: 'Writes 1 when rs1 is negative, else 0.' });
  alias('sgtz', { of: 'slt', asm: 'rd, rs2', fixed: { rs1: 0 }, says: 'Writes 1 when rs2 is positive, else 0.' });
  alias('sgt', {
    of: 'slt',
    asm: 'rd, rs2, rs1',
    inputOnly: true,
    says: 'Writes 1 when the first is greater (signed).',
  });
  alias('sgtu', {
    of: 'sltu',
    asm: 'rd, rs2, rs1',
    inputOnly: true,
    says: 'Writes 1 when the first is greater (unsigned).',
  });
}

function branches(alias: DefAlias): void {
  const zero = (name: string, of: string, other: 'rs1' | 'rs2', when: string): void =>
    alias(name, {
      of,
      asm: `${other === 'rs1' ? 'rs2' : 'rs1'}, imm`,
      fixed: { [other]: 0 },
      says: `Jumps when the register ${when} zero.`,
    });
  zero('beqz', 'beq', 'rs2', 'equals');
  zero('bnez', 'bne', 'rs2', 'differs from');
  zero('blez', 'bge', 'rs1', 'is at most');
  zero('bgez', 'bge', 'rs2', 'is at least');
  zero('bltz', 'blt', 'rs2', 'is less than');
  zero('bgtz', 'blt', 'rs1', 'is greater than');
  const swapped = (name: string, of: string, when: string): void =>
    alias(name, {
      of,
      asm: 'rs2, rs1, imm',
      inputOnly: true,
      says: `Jumps when the first register is ${when} the second.`,
    });
  swapped('bgt', 'blt', 'greater than (signed)');
  swapped('ble', 'bge', 'at most (signed)');
  swapped('bgtu', 'bltu', 'greater than (unsigned)');
  swapped('bleu', 'bgeu', 'at most (unsigned)');
}

function jumps(alias: DefAlias): void {
  const RA = 1;
  alias('j', { of: 'jal', asm: 'imm', fixed: { rd: 0 }, says: 'Jumps to a label.' });
  alias('jal', { of: 'jal', asm: 'imm', fixed: { rd: RA }, says: 'Calls a label, leaving the return address in ra.' });
  alias('ret', { of: 'jalr', fixed: { rd: 0, rs1: RA, imm: 0 }, says: 'Returns to the address in ra.' });
  alias('jr', { of: 'jalr', asm: 'rs1', fixed: { rd: 0, imm: 0 }, says: 'Jumps to the address in a register.' });
  alias('jr', { of: 'jalr', asm: 'imm(rs1)', fixed: { rd: 0 }, says: 'Jumps to a register plus a constant.' });
  alias('jr', {
    of: 'jalr',
    asm: 'rs1, imm',
    fixed: { rd: 0 },
    inputOnly: true,
    says: 'Jumps to a register plus a constant.',
  });
  alias('jalr', { of: 'jalr', asm: 'rs1', fixed: { rd: RA, imm: 0 }, says: 'Calls the address in a register.' });
  alias('jalr', { of: 'jalr', asm: 'imm(rs1)', fixed: { rd: RA }, says: 'Calls a register plus a constant.' });
  alias('jalr', {
    of: 'jalr',
    asm: 'rs1, imm',
    fixed: { rd: RA },
    inputOnly: true,
    says: 'Calls a register plus a constant.',
  });
  alias('jalr', { of: 'jalr', asm: 'rd, rs1', fixed: { imm: 0 }, says: 'Jumps to the address in rs1, linking in rd.' });
  alias('jalr', {
    of: 'jalr',
    asm: 'rd, rs1, imm',
    inputOnly: true,
    says: 'Jumps to rs1 plus a constant, linking in rd.',
  });
}

/** `add rd, rs1, 5` and its like: the register mnemonic with a constant. */
function constants(alias: DefAlias): void {
  const names = { add: 'addi', addw: 'addiw', slt: 'slti', sltu: 'sltiu', xor: 'xori', or: 'ori', and: 'andi' };
  for (const [name, of] of Object.entries(names)) alias(name, { of, asm: 'rd, rs1, imm', inputOnly: true });
  for (const name of ['sll', 'srl', 'sra']) {
    alias(name, { of: `${name}i`, asm: 'rd, rs1, shamt', inputOnly: true });
    alias(`${name}w`, { of: `${name}iw`, asm: 'rd, rs1, shamt', inputOnly: true });
  }
}

function system(alias: DefAlias): void {
  const IORW = 15;
  alias('fence', {
    of: 'fence',
    fixed: { pred: IORW, succ: IORW },
    says: 'Orders all accesses before all later ones.',
  });
  alias('scall', { of: 'ecall', inputOnly: true, says: 'Old name of ecall.' });
  alias('sbreak', { of: 'ebreak', inputOnly: true, says: 'Old name of ebreak.' });
}

export function aliasesOfI(alias: DefAlias): void {
  for (const part of [moves, comparisons, branches, jumps, constants, system]) part(alias);
}
