/**
 * C for RV64 without floating point (Zca): 16-bit forms of common instructions. Each names what it
 * stands for; its meaning is that of the full instruction. Reserved values are excluded, hints are
 * legal. [Unprivileged ISA, C]
 */
import { type Def, type DefAlias, type Expansion, extension, instructionIn } from '../dsl/extension.ts';
import { type Form, simm, target, uimm, upper, x, x3 } from '../dsl/formats.ts';
import { C, CA, CFixed, CR } from '../dsl/formats-c.ts';
import type { Field, Spelling } from '../dsl/types.ts';
import { rv64i } from './rv64i.ts';

const RA = 1;
const SP = 2;
const Q0 = 0;
const Q1 = 1;
const Q2 = 2;

interface Short {
  readonly form: Form;
  readonly asm?: string;
  readonly says: string;
  /** The base instruction it stands for, and where each of its fields comes from. */
  readonly base: string;
  readonly with: Expansion['fields'];
  readonly prints?: readonly Spelling[];
}

/** Defines a form of an RV64I instruction. */
function shortener(def: Def): (name: string, short: Short) => void {
  return (name, { base, with: fields, ...words }) => {
    def(name, { ...words, expands: { to: instructionIn(rv64i, base), fields } });
  };
}

/** Hints are printed as themselves, the rest as objdump spells it. */
function prints(name: string, asm: string, fixed: Spelling['fixed'] = {}): Spelling {
  return { name, asm, fixed };
}

function memory(def: Def): void {
  const c = shortener(def);
  const load = (
    name: string,
    base: string,
    funct3: number,
    layout: string,
    stackLayout: string,
    bytes: number,
  ): void => {
    const says = `Loads ${bytes} bytes, sign-extended, at`;
    c(`c.${name}`, {
      form: C({ op: Q0, funct3 }, x3('rd', '4:2'), x3('rs1', '9:7'), uimm('imm', layout)),
      asm: 'rd, imm(rs1)',
      says: `${says} rs1 plus a constant.`,
      base,
      with: { rd: 'rd', rs1: 'rs1', imm: 'imm' },
    });
    c(`c.${name}sp`, {
      form: C({ op: Q2, funct3 }, x('rd', '11:7', { excludes: [0] }), uimm('imm', stackLayout)),
      asm: 'rd, imm(rs1)',
      says: `${says} sp plus a constant.`,
      base,
      with: { rd: 'rd', rs1: SP, imm: 'imm' },
    });
  };
  const store = (
    name: string,
    base: string,
    funct3: number,
    layout: string,
    stackLayout: string,
    bytes: number,
  ): void => {
    const says = `Stores the low ${bytes} bytes of rs2 at`;
    c(`c.${name}`, {
      form: C({ op: Q0, funct3 }, x3('rs2', '4:2'), x3('rs1', '9:7'), uimm('imm', layout)),
      asm: 'rs2, imm(rs1)',
      says: `${says} rs1 plus a constant.`,
      base,
      with: { rs2: 'rs2', rs1: 'rs1', imm: 'imm' },
    });
    c(`c.${name}sp`, {
      form: C({ op: Q2, funct3 }, x('rs2', '6:2'), uimm('imm', stackLayout)),
      asm: 'rs2, imm(rs1)',
      says: `${says} sp plus a constant.`,
      base,
      with: { rs2: 'rs2', rs1: SP, imm: 'imm' },
    });
  };
  load('lw', 'lw', 2, '12:10=5:3, 6:5=2|6', '12=5, 6:2=4:2|7:6', 4);
  load('ld', 'ld', 3, '12:10=5:3, 6:5=7:6', '12=5, 6:2=4:3|8:6', 8);
  store('sw', 'sw', 6, '12:10=5:3, 6:5=2|6', '12:7=5:2|7:6', 4);
  store('sd', 'sd', 7, '12:10=5:3, 6:5=7:6', '12:7=5:3|8:6', 8);
}

function control(def: Def): void {
  const c = shortener(def);
  c('c.j', {
    form: C({ op: Q1, funct3: 5 }, target('imm', '12:2=11|4|9:8|10|6|7|3:1|5')),
    asm: 'imm',
    says: 'Jumps to a label within 2 KiB.',
    base: 'jal',
    with: { rd: 0, imm: 'imm' },
  });
  const branch = (name: string, funct3: number, base: string, when: string): void =>
    c(name, {
      form: C({ op: Q1, funct3 }, x3('rs1', '9:7'), target('imm', '12:10=8|4:3, 6:2=7:6|2:1|5')),
      asm: 'rs1, imm',
      says: `Jumps to a label within 256 bytes when rs1 ${when} zero.`,
      base,
      with: { rs1: 'rs1', rs2: 0, imm: 'imm' },
    });
  branch('c.beqz', 6, 'beq', 'is');
  branch('c.bnez', 7, 'bne', 'is not');
  const indirect = (name: string, bit12: number, rd: number, says: string): void =>
    c(name, {
      form: CR({ op: Q2, funct4: 8 + bit12 }, { '6:2': 0 }, x('rs1', '11:7', { excludes: [0] })),
      asm: 'rs1',
      says,
      base: 'jalr',
      with: { rd, rs1: 'rs1', imm: 0 },
    });
  indirect('c.jr', 0, 0, 'Jumps to the address in rs1.');
  indirect('c.jalr', 1, RA, 'Calls the address in rs1, leaving the return address in ra.');
  c('c.ebreak', {
    form: CR({ op: Q2, funct4: 9 }, { '11:2': 0 }),
    says: 'Raises a breakpoint exception.',
    base: 'ebreak',
    with: {},
  });
}

const CONSTANT = '12=5, 6:2=4:0';
const NONZERO = { excludes: [0] };

function constants(def: Def): void {
  const c = shortener(def);
  const rd = x('rd', '11:7');
  const imm = simm('imm', CONSTANT);
  const onto = { rd: 'rd', rs1: 'rd', imm: 'imm' };
  c('c.addi', {
    form: C({ op: Q1, funct3: 0 }, rd, imm),
    asm: 'rd, imm',
    says: 'Adds a constant to rd.',
    base: 'addi',
    with: onto,
    prints: [prints('nop', '', { rd: 0, imm: 0 }), prints('c.nop', 'imm', { rd: 0 }), prints('addi', 'rd, rd, imm')],
  });
  c('c.addiw', {
    form: C({ op: Q1, funct3: 1 }, x('rd', '11:7', NONZERO), imm),
    asm: 'rd, imm',
    says: 'Adds a constant to the low 32 bits of rd and sign-extends the result.',
    base: 'addiw',
    with: onto,
  });
  c('c.li', {
    form: C({ op: Q1, funct3: 2 }, rd, imm),
    asm: 'rd, imm',
    says: 'Loads a constant from -32 to 31.',
    base: 'addi',
    with: { rd: 'rd', rs1: 0, imm: 'imm' },
    prints: [prints('c.li', 'rd, imm', { rd: 0 })],
  });
  c('c.lui', {
    form: C({ op: Q1, funct3: 3 }, x('rd', '11:7', { excludes: [SP] }), upper('imm', '12=17, 6:2=16:12', NONZERO)),
    asm: 'rd, imm',
    says: 'Loads a constant into bits 17..12 of rd, sign-extended.',
    base: 'lui',
    with: { rd: 'rd', imm: 'imm' },
    prints: [prints('c.lui', 'rd, imm', { rd: 0 })],
  });
  c('c.addi16sp', {
    form: CFixed({ op: Q1, funct3: 3 }, { '11:7': SP }, simm('imm', '12=9, 6:2=4|6|8:7|5', NONZERO)),
    asm: 'rd, imm',
    says: 'Moves the stack pointer by a multiple of 16.',
    base: 'addi',
    with: { rd: SP, rs1: SP, imm: 'imm' },
  });
  c('c.addi4spn', {
    form: C({ op: Q0, funct3: 0 }, x3('rd', '4:2'), uimm('imm', '12:5=5:4|9:6|2|3', NONZERO)),
    asm: 'rd, rs1, imm',
    says: 'Address on the stack: sp plus a multiple of 4.',
    base: 'addi',
    with: { rd: 'rd', rs1: SP, imm: 'imm' },
  });
  c('c.andi', {
    form: CFixed({ op: Q1, funct3: 4 }, { '11:10': 2 }, x3('rd', '9:7'), imm),
    asm: 'rd, imm',
    says: 'Ands a constant into rd.',
    base: 'andi',
    with: onto,
  });
}

/** Each shift, and its hint: the form that shifts by nothing, which RV128 gives another meaning. */
function shifts(def: Def): void {
  const c = shortener(def);
  const shift = (
    name: string,
    says: string,
    op: 1 | 2,
    funct3: number,
    fixed: Record<string, number>,
    rd: Field,
  ): void => {
    c(`c.${name}i`, {
      form: CFixed({ op, funct3 }, fixed, rd, uimm('shamt', CONSTANT, NONZERO)),
      asm: 'rd, shamt',
      says,
      base: `${name}i`,
      with: { rd: 'rd', rs1: 'rd', shamt: 'shamt' },
      prints: [prints(`c.${name}i`, 'rd, shamt', { rd: 0 })],
    });
    c(`c.${name}i64`, {
      form: CFixed({ op, funct3 }, { ...fixed, '12': 0, '6:2': 0 }, rd),
      asm: 'rd',
      says: 'Shifts by nothing: a hint on RV64.',
      base: `${name}i`,
      with: { rd: 'rd', rs1: 'rd', shamt: 0 },
      prints: [prints(`c.${name}i64`, 'rd')],
    });
  };
  shift('sll', 'Shifts rd left.', Q2, 0, {}, x('rd', '11:7'));
  shift('srl', 'Shifts rd right; zeros come in.', Q1, 4, { '11:10': 0 }, x3('rd', '9:7'));
  shift('sra', 'Shifts rd right, keeping its sign.', Q1, 4, { '11:10': 1 }, x3('rd', '9:7'));
}

function registers(def: Def): void {
  const c = shortener(def);
  const fields = [x('rd', '11:7'), x('rs2', '6:2', NONZERO)];
  c('c.mv', {
    form: CR({ op: Q2, funct4: 8 }, {}, ...fields),
    asm: 'rd, rs2',
    says: 'Copies rs2 to rd.',
    base: 'add',
    with: { rd: 'rd', rs1: 0, rs2: 'rs2' },
    prints: [prints('c.mv', 'rd, rs2', { rd: 0 }), prints('mv', 'rd, rs2')],
  });
  c('c.add', {
    form: CR({ op: Q2, funct4: 9 }, {}, ...fields),
    asm: 'rd, rs2',
    says: 'Adds rs2 to rd.',
    base: 'add',
    with: { rd: 'rd', rs1: 'rd', rs2: 'rs2' },
    prints: [prints('c.add', 'rd, rs2', { rd: 0 })],
  });
  const onto = (base: string, funct6: number, funct2: number, says: string): void =>
    c(`c.${base}`, {
      form: CA({ funct6, funct2 }, x3('rd', '9:7'), x3('rs2', '4:2')),
      asm: 'rd, rs2',
      says,
      base,
      with: { rd: 'rd', rs1: 'rd', rs2: 'rs2' },
    });
  onto('sub', 0x23, 0, 'Subtracts rs2 from rd.');
  onto('xor', 0x23, 1, 'Exclusive-ors rs2 into rd.');
  onto('or', 0x23, 2, 'Ors rs2 into rd.');
  onto('and', 0x23, 3, 'Ands rs2 into rd.');
  onto('subw', 0x27, 0, 'Subtracts the low 32 bits of rs2 from those of rd, sign-extended.');
  onto('addw', 0x27, 1, 'Adds the low 32 bits of rs2 to those of rd, sign-extended.');
}

function unimplemented(def: Def, alias: DefAlias): void {
  def('c.unimp', {
    form: CFixed({ op: Q0, funct3: 0 }, { '12:2': 0 }),
    says: 'The all-zero halfword, defined to be illegal so that running into zeroed memory traps.',
    does: (e) => e.illegal(),
  });
  alias('unimp', { of: 'c.unimp', says: 'Always an illegal instruction.' });
  alias('c.nop', { of: 'c.addi', fixed: { rd: 0, imm: 0 }, inputOnly: true, says: 'Does nothing.' });
  alias('c.nop', { of: 'c.addi', asm: 'imm', fixed: { rd: 0 }, inputOnly: true, says: 'Does nothing: a hint.' });
}

export const zca = extension(
  'Zca',
  { title: 'Compressed integer instructions', spec: 'Unprivileged ISA, C', requires: ['I'] },
  (def, alias) => {
    for (const part of [memory, control, constants, shifts, registers]) part(def);
    unimplemented(def, alias);
  },
);

export const c = extension('C', {
  title: 'Compressed instructions',
  spec: 'Unprivileged ISA, C',
  requires: ['I'],
  implies: ['Zca'],
});
