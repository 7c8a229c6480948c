/**
 * C for RV64 without floating point (Zca): 16-bit forms of common instructions. Each names what it
 * stands for; its meaning is that of the full instruction. Reserved values are excluded, hints are
 * legal. [Unprivileged ISA, C]
 */
import { type Def, type Expansion, extension, instructionIn } from '../dsl/extension.ts';
import { type Form, simm, target, uimm, upper, x, x3 } from '../dsl/formats.ts';
import { C, CA, CFixed, CR } from '../dsl/formats-c.ts';
import type { Extension } from '../dsl/types.ts';
import { rv64i } from './rv64i.ts';

const RA = 1;
const SP = 2;

function standsFor(base: string, fields: Expansion['fields'], from: Extension = rv64i): Expansion {
  return { to: instructionIn(from, base), fields };
}

/** What people call the effect of a form, with its operands as the form names them. */
function short(def: Def) {
  return (name: string, form: Form, asm: string, says: string, expands: Expansion): void => {
    def(name, { form, asm, says, expands });
  };
}

function stackRelative(def: Def): void {
  const c = short(def);
  const rd = x('rd', '11:7', { excludes: [0] });
  const rs2 = x('rs2', '6:2');
  const wordOffset = uimm('imm', '12=5, 6:2=4:2|7:6');
  const doubleOffset = uimm('imm', '12=5, 6:2=4:3|8:6');
  const load = { rd: 'rd', rs1: SP, imm: 'imm' };
  const store = { rs2: 'rs2', rs1: SP, imm: 'imm' };
  c(
    'c.lwsp',
    C({ op: 2, funct3: 2 }, rd, wordOffset),
    'rd, imm(rs1)',
    'Loads 4 bytes at sp plus a constant.',
    standsFor('lw', load),
  );
  c(
    'c.ldsp',
    C({ op: 2, funct3: 3 }, rd, doubleOffset),
    'rd, imm(rs1)',
    'Loads 8 bytes at sp plus a constant.',
    standsFor('ld', load),
  );
  const wordStore = uimm('imm', '12:7=5:2|7:6');
  const doubleStore = uimm('imm', '12:7=5:3|8:6');
  c(
    'c.swsp',
    C({ op: 2, funct3: 6 }, rs2, wordStore),
    'rs2, imm(rs1)',
    'Stores 4 bytes at sp plus a constant.',
    standsFor('sw', store),
  );
  c(
    'c.sdsp',
    C({ op: 2, funct3: 7 }, rs2, doubleStore),
    'rs2, imm(rs1)',
    'Stores 8 bytes at sp plus a constant.',
    standsFor('sd', store),
  );
}

function registerRelative(def: Def): void {
  const c = short(def);
  const rd = x3('rd', '4:2');
  const rs2 = x3('rs2', '4:2');
  const rs1 = x3('rs1', '9:7');
  const wordOffset = uimm('imm', '12:10=5:3, 6:5=2|6');
  const doubleOffset = uimm('imm', '12:10=5:3, 6:5=7:6');
  const load = { rd: 'rd', rs1: 'rs1', imm: 'imm' };
  const store = { rs2: 'rs2', rs1: 'rs1', imm: 'imm' };
  c(
    'c.lw',
    C({ op: 0, funct3: 2 }, rd, rs1, wordOffset),
    'rd, imm(rs1)',
    'Loads 4 bytes at rs1 plus a constant.',
    standsFor('lw', load),
  );
  c(
    'c.ld',
    C({ op: 0, funct3: 3 }, rd, rs1, doubleOffset),
    'rd, imm(rs1)',
    'Loads 8 bytes at rs1 plus a constant.',
    standsFor('ld', load),
  );
  c(
    'c.sw',
    C({ op: 0, funct3: 6 }, rs2, rs1, wordOffset),
    'rs2, imm(rs1)',
    'Stores 4 bytes at rs1 plus a constant.',
    standsFor('sw', store),
  );
  c(
    'c.sd',
    C({ op: 0, funct3: 7 }, rs2, rs1, doubleOffset),
    'rs2, imm(rs1)',
    'Stores 8 bytes at rs1 plus a constant.',
    standsFor('sd', store),
  );
}

function control(def: Def): void {
  const c = short(def);
  const jump = target('imm', '12:2=11|4|9:8|10|6|7|3:1|5');
  c(
    'c.j',
    C({ op: 1, funct3: 5 }, jump),
    'imm',
    'Jumps to a label within 2 KiB.',
    standsFor('jal', { rd: 0, imm: 'imm' }),
  );
  const branch = target('imm', '12:10=8|4:3, 6:2=7:6|2:1|5');
  const rs1 = x3('rs1', '9:7');
  const fields = { rs1: 'rs1', rs2: 0, imm: 'imm' };
  c(
    'c.beqz',
    C({ op: 1, funct3: 6 }, rs1, branch),
    'rs1, imm',
    'Jumps to a label when rs1 is zero.',
    standsFor('beq', fields),
  );
  c(
    'c.bnez',
    C({ op: 1, funct3: 7 }, rs1, branch),
    'rs1, imm',
    'Jumps to a label when rs1 is not zero.',
    standsFor('bne', fields),
  );
  const from = x('rs1', '11:7', { excludes: [0] });
  const none = { '6:2': 0 };
  c(
    'c.jr',
    CFixed({ op: 2, funct3: 4 }, { '12': 0, ...none }, from),
    'rs1',
    'Jumps to the address in rs1.',
    standsFor('jalr', { rd: 0, rs1: 'rs1', imm: 0 }),
  );
  c(
    'c.jalr',
    CFixed({ op: 2, funct3: 4 }, { '12': 1, ...none }, from),
    'rs1',
    'Calls the address in rs1, linking in ra.',
    standsFor('jalr', { rd: RA, rs1: 'rs1', imm: 0 }),
  );
  c(
    'c.ebreak',
    CFixed({ op: 2, funct3: 4 }, { '12:2': 0x400 }),
    '',
    'Raises a breakpoint exception.',
    standsFor('ebreak', {}),
  );
}

function constants(def: Def): void {
  const c = short(def);
  const imm = simm('imm', '12=5, 6:2=4:0');
  const rd = x('rd', '11:7');
  const changed = x('rd', '11:7', { excludes: [0] });
  const onto = { rd: 'rd', rs1: 'rd', imm: 'imm' };
  c(
    'c.nop',
    CFixed({ op: 1, funct3: 0 }, { '11:7': 0 }, imm),
    'imm',
    'Does nothing; a constant other than 0 is a hint.',
    standsFor('addi', { rd: 0, rs1: 0, imm: 'imm' }),
  );
  c('c.addi', C({ op: 1, funct3: 0 }, changed, imm), 'rd, imm', 'Adds a constant to rd.', standsFor('addi', onto));
  c(
    'c.addiw',
    C({ op: 1, funct3: 1 }, changed, imm),
    'rd, imm',
    'Adds a constant to the low 32 bits of rd, sign-extended.',
    standsFor('addiw', onto),
  );
  c(
    'c.li',
    C({ op: 1, funct3: 2 }, rd, imm),
    'rd, imm',
    'Loads a constant from -32 to 31.',
    standsFor('addi', { rd: 'rd', rs1: 0, imm: 'imm' }),
  );
  c(
    'c.addi16sp',
    CFixed({ op: 1, funct3: 3 }, { '11:7': SP }, simm('imm', '12=9, 6:2=4|6|8:7|5', { excludes: [0] })),
    'rd, imm',
    'Moves the stack pointer by a multiple of 16.',
    standsFor('addi', { rd: SP, rs1: SP, imm: 'imm' }),
  );
  c(
    'c.addi4spn',
    C({ op: 0, funct3: 0 }, x3('rd', '4:2'), uimm('imm', '12:5=5:4|9:6|2|3', { excludes: [0] })),
    'rd, rs1, imm',
    'Address on the stack: sp plus a multiple of 4.',
    standsFor('addi', { rd: 'rd', rs1: SP, imm: 'imm' }),
  );
  c(
    'c.lui',
    C({ op: 1, funct3: 3 }, x('rd', '11:7', { excludes: [SP] }), upper('imm', '12=17, 6:2=16:12', { excludes: [0] })),
    'rd, imm',
    'Loads a constant into bits 17..12 of rd, sign-extended.',
    standsFor('lui', { rd: 'rd', imm: 'imm' }),
  );
  const shamt = uimm('shamt', '12=5, 6:2=4:0');
  const shift = { rd: 'rd', rs1: 'rd', shamt: 'shamt' };
  const short3 = x3('rd', '9:7');
  c('c.slli', C({ op: 2, funct3: 0 }, rd, shamt), 'rd, shamt', 'Shifts rd left.', standsFor('slli', shift));
  c(
    'c.srli',
    CFixed({ op: 1, funct3: 4 }, { '11:10': 0 }, short3, shamt),
    'rd, shamt',
    'Shifts rd right; zeros come in.',
    standsFor('srli', shift),
  );
  c(
    'c.srai',
    CFixed({ op: 1, funct3: 4 }, { '11:10': 1 }, short3, shamt),
    'rd, shamt',
    'Shifts rd right, keeping its sign.',
    standsFor('srai', shift),
  );
  c(
    'c.andi',
    CFixed({ op: 1, funct3: 4 }, { '11:10': 2 }, short3, imm),
    'rd, imm',
    'Ands a constant into rd.',
    standsFor('andi', onto),
  );
}

function registers(def: Def): void {
  const c = short(def);
  const rd = x('rd', '11:7');
  const source = x('rs2', '6:2', { excludes: [0] });
  c(
    'c.mv',
    CR({ op: 2, funct4: 8 }, rd, source),
    'rd, rs2',
    'Copies rs2 to rd.',
    standsFor('add', { rd: 'rd', rs1: 0, rs2: 'rs2' }),
  );
  c(
    'c.add',
    CR({ op: 2, funct4: 9 }, rd, source),
    'rd, rs2',
    'Adds rs2 to rd.',
    standsFor('add', { rd: 'rd', rs1: 'rd', rs2: 'rs2' }),
  );
  const onto = (name: string, funct6: number, funct2: number, says: string): void =>
    c(
      `c.${name}`,
      CA({ funct6, funct2 }, x3('rd', '9:7'), x3('rs2', '4:2')),
      'rd, rs2',
      says,
      standsFor(name, { rd: 'rd', rs1: 'rd', rs2: 'rs2' }),
    );
  onto('sub', 0x23, 0, 'Subtracts rs2 from rd.');
  onto('xor', 0x23, 1, 'Exclusive-ors rs2 into rd.');
  onto('or', 0x23, 2, 'Ors rs2 into rd.');
  onto('and', 0x23, 3, 'Ands rs2 into rd.');
  onto('subw', 0x27, 0, 'Subtracts the low 32 bits of rs2 from those of rd, sign-extended.');
  onto('addw', 0x27, 1, 'Adds the low 32 bits of rs2 to those of rd, sign-extended.');
}

export const zca = extension(
  'Zca',
  { title: 'Compressed integer instructions', spec: 'Unprivileged ISA, C', requires: ['I'] },
  (def, alias) => {
    for (const part of [stackRelative, registerRelative, control, constants, registers]) part(def);
    def('c.unimp', {
      form: CFixed({ op: 0, funct3: 0 }, { '12:2': 0 }),
      says: 'The all-zero halfword, defined to be illegal so that running into zeroed memory traps.',
      does: (e) => e.illegal(),
    });
    alias('unimp', { of: 'c.unimp', says: 'Always an illegal instruction.' });
    alias('c.nop', { of: 'c.nop', fixed: { imm: 0 }, says: 'Does nothing.' });
    alias('mv', { of: 'c.mv', asm: 'rd, rs2', says: 'Copies a register.' });
  },
);

export const c = extension('C', {
  title: 'Compressed instructions',
  spec: 'Unprivileged ISA, C',
  requires: ['I'],
  implies: ['Zca'],
});
