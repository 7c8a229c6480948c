/** RV64I: the base integer instruction set. [Unprivileged ISA, RV32I and RV64I chapters] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { B, exact, form, I, J, R, S, shift32, shift64, special, U } from '../dsl/formats.ts';
import type { BinaryOp, CompareOp, Width } from '../dsl/ir.ts';
import { aliasesOfI } from './rv64i-aliases.ts';

const LOAD = 0x03;
const MISC_MEM = 0x0f;
const OP_IMM = 0x13;
const AUIPC = 0x17;
const OP_IMM_32 = 0x1b;
const STORE = 0x23;
const OP = 0x33;
const LUI = 0x37;
const OP_32 = 0x3b;
const BRANCH = 0x63;
const JALR = 0x67;
const JAL = 0x6f;

const RV64 = 'Unprivileged ISA, RV64I';
const ORDERING = 'Unprivileged ISA, Memory ordering instructions';
const ENVIRONMENT = 'Unprivileged ISA, Environment call and breakpoints';

function upperImmediates(def: Def): void {
  def('lui', {
    form: U({ opcode: LUI }),
    asm: 'rd, imm',
    says: 'Puts a 20-bit constant into bits 31..12 of rd, sign-extended to 64 bits, with zeros below.',
    does: (e) => e.setX('rd', e.imm('imm')),
  });
  def('auipc', {
    form: U({ opcode: AUIPC }),
    asm: 'rd, imm',
    says: 'Adds a 20-bit constant, shifted left by 12, to the address of this instruction.',
    does: (e) => e.setX('rd', e.add(e.pc(), e.imm('imm'))),
  });
}

function jumps(def: Def): void {
  def('jal', {
    form: J({ opcode: JAL }),
    asm: 'rd, imm',
    says: 'Jumps to a label within 1 MiB and leaves the return address in rd.',
    does: (e) => {
      e.setX('rd', e.nextPc());
      e.jump(e.add(e.pc(), e.imm('imm')));
    },
  });
  def('jalr', {
    form: I({ opcode: JALR, funct3: 0 }),
    asm: 'rd, imm(rs1)',
    says: 'Jumps to rs1 plus a constant, with bit 0 cleared, and leaves the return address in rd.',
    does: (e) => {
      const target = e.let_(e.and(e.add(e.x('rs1'), e.imm('imm')), e.i64(-2)));
      e.setX('rd', e.nextPc());
      e.jump(target);
    },
  });

  const branch = (name: string, funct3: number, kind: CompareOp, when: string): void => {
    def(name, {
      form: B({ opcode: BRANCH, funct3 }),
      asm: 'rs1, rs2, imm',
      says: `Jumps to a label within 4 KiB when rs1 ${when} rs2.`,
      does: (e) => e.branch(e.compare(kind, e.x('rs1'), e.x('rs2')), e.add(e.pc(), e.imm('imm'))),
    });
  };
  branch('beq', 0, 'eq', 'equals');
  branch('bne', 1, 'ne', 'differs from');
  branch('blt', 4, 'lt_s', 'is less than (signed)');
  branch('bge', 5, 'ge_s', 'is at least (signed)');
  branch('bltu', 6, 'lt_u', 'is less than (unsigned)');
  branch('bgeu', 7, 'ge_u', 'is at least (unsigned)');
}

function memory(def: Def): void {
  const load = (name: string, funct3: number, bytes: Width, filled: 'signed' | 'unsigned', spec?: string): void => {
    const how = bytes === 8 ? '' : filled === 'signed' ? ', sign-extended' : ', zero-extended';
    def(name, {
      form: I({ opcode: LOAD, funct3 }),
      asm: 'rd, imm(rs1)',
      says: `Loads ${bytes === 1 ? 'a byte' : `${bytes} bytes`} from memory at rs1 plus a constant into rd${how}.`,
      ...(spec === undefined ? {} : { spec }),
      does: (e) => e.setX('rd', e.load(bytes, filled, e.add(e.x('rs1'), e.imm('imm')))),
    });
  };
  load('lb', 0, 1, 'signed');
  load('lh', 1, 2, 'signed');
  load('lw', 2, 4, 'signed');
  load('ld', 3, 8, 'signed', RV64);
  load('lbu', 4, 1, 'unsigned');
  load('lhu', 5, 2, 'unsigned');
  load('lwu', 6, 4, 'unsigned', RV64);

  const store = (name: string, funct3: number, bytes: Width, spec?: string): void => {
    def(name, {
      form: S({ opcode: STORE, funct3 }),
      asm: 'rs2, imm(rs1)',
      says: `Stores the low ${bytes === 1 ? 'byte' : `${bytes} bytes`} of rs2 to memory at rs1 plus a constant.`,
      ...(spec === undefined ? {} : { spec }),
      does: (e) => e.store(bytes, e.add(e.x('rs1'), e.imm('imm')), e.x('rs2')),
    });
  };
  store('sb', 0, 1);
  store('sh', 1, 2);
  store('sw', 2, 4);
  store('sd', 3, 8, RV64);
}

type Op = (e: Builder, a: I64, b: I64) => I64;

const lessThan: Op = (e, a, b) => e.zext32(e.compare('lt_s', a, b));
const lessThanU: Op = (e, a, b) => e.zext32(e.compare('lt_u', a, b));
const shifted =
  (kind: BinaryOp): Op =>
  (e, a, b) =>
    e.binary(kind, a, b);

function constants(def: Def): void {
  const immediate = (name: string, funct3: number, says: string, op: Op): void => {
    def(name, {
      form: I({ opcode: OP_IMM, funct3 }),
      asm: 'rd, rs1, imm',
      says,
      does: (e) => e.setX('rd', op(e, e.x('rs1'), e.imm('imm'))),
    });
  };
  const shift = (name: string, funct3: number, funct6: number, says: string, kind: BinaryOp): void => {
    def(name, {
      form: shift64({ opcode: OP_IMM, funct3, funct6 }),
      asm: 'rd, rs1, shamt',
      says,
      spec: RV64,
      does: (e) => e.setX('rd', e.binary(kind, e.x('rs1'), e.imm('shamt'))),
    });
  };
  immediate('addi', 0, 'Adds a 12-bit constant to rs1; overflow is ignored.', (e, a, b) => e.add(a, b));
  immediate('slti', 2, 'Writes 1 when rs1 is less than a constant (signed), else 0.', lessThan);
  immediate('sltiu', 3, 'Writes 1 when rs1 is less than a sign-extended constant (both unsigned), else 0.', lessThanU);
  immediate('xori', 4, 'Exclusive or of rs1 and a sign-extended constant.', (e, a, b) => e.xor(a, b));
  immediate('ori', 6, 'Bitwise or of rs1 and a sign-extended constant.', (e, a, b) => e.or(a, b));
  immediate('andi', 7, 'Bitwise and of rs1 and a sign-extended constant.', (e, a, b) => e.and(a, b));
  shift('slli', 1, 0x00, 'Shifts rs1 left by a constant; zeros come in.', 'shl');
  shift('srli', 5, 0x00, 'Shifts rs1 right by a constant; zeros come in.', 'shr_u');
  shift('srai', 5, 0x10, 'Shifts rs1 right by a constant; copies of the sign come in.', 'shr_s');
}

function registers(def: Def): void {
  const register = (name: string, funct3: number, funct7: number, says: string, op: Op): void => {
    def(name, {
      form: R({ opcode: OP, funct3, funct7 }),
      asm: 'rd, rs1, rs2',
      says,
      does: (e) => e.setX('rd', op(e, e.x('rs1'), e.x('rs2'))),
    });
  };
  register('add', 0, 0x00, 'Adds rs1 and rs2; overflow is ignored.', (e, a, b) => e.add(a, b));
  register('sub', 0, 0x20, 'Subtracts rs2 from rs1; overflow is ignored.', (e, a, b) => e.sub(a, b));
  register('sll', 1, 0x00, 'Shifts rs1 left by the low 6 bits of rs2; zeros come in.', shifted('shl'));
  register('slt', 2, 0x00, 'Writes 1 when rs1 is less than rs2 (signed), else 0.', lessThan);
  register('sltu', 3, 0x00, 'Writes 1 when rs1 is less than rs2 (unsigned), else 0.', lessThanU);
  register('xor', 4, 0x00, 'Exclusive or of rs1 and rs2.', (e, a, b) => e.xor(a, b));
  register('srl', 5, 0x00, 'Shifts rs1 right by the low 6 bits of rs2; zeros come in.', shifted('shr_u'));
  register('sra', 5, 0x20, 'Shifts rs1 right by the low 6 bits of rs2; copies of the sign come in.', shifted('shr_s'));
  register('or', 6, 0x00, 'Bitwise or of rs1 and rs2.', (e, a, b) => e.or(a, b));
  register('and', 7, 0x00, 'Bitwise and of rs1 and rs2.', (e, a, b) => e.and(a, b));
}

function words(def: Def): void {
  def('addiw', {
    form: I({ opcode: OP_IMM_32, funct3: 0 }),
    asm: 'rd, rs1, imm',
    says: 'Adds a constant to the low 32 bits of rs1 and sign-extends the 32-bit result.',
    spec: RV64,
    does: (e) => e.setX('rd', e.sext32(e.add(e.xw('rs1'), e.wrap(e.imm('imm'))))),
    examples: [gives({ rs1: 0x7fff_ffffn, imm: 1n }, -(2n ** 31n)), gives({ rs1: 0x1_0000_0000n, imm: 0n }, 0n)],
  });
  const shiftWord = (name: string, funct3: number, funct7: number, says: string, kind: BinaryOp): void => {
    def(name, {
      form: shift32({ opcode: OP_IMM_32, funct3, funct7 }),
      asm: 'rd, rs1, shamt',
      says,
      spec: RV64,
      does: (e) => e.setX('rd', e.sext32(e.binary(kind, e.xw('rs1'), e.wrap(e.imm('shamt'))))),
    });
  };
  shiftWord('slliw', 1, 0x00, 'Shifts the low 32 bits of rs1 left by a constant; sign-extends the result.', 'shl');
  shiftWord(
    'srliw',
    5,
    0x00,
    'Shifts the low 32 bits of rs1 right, zeros coming in; sign-extends the result.',
    'shr_u',
  );
  shiftWord(
    'sraiw',
    5,
    0x20,
    'Shifts the low 32 bits of rs1 right, keeping their sign; sign-extends the result.',
    'shr_s',
  );

  const word = (name: string, funct3: number, funct7: number, says: string, kind: BinaryOp): void => {
    def(name, {
      form: R({ opcode: OP_32, funct3, funct7 }),
      asm: 'rd, rs1, rs2',
      says,
      spec: RV64,
      does: (e) => e.setX('rd', e.sext32(e.binary(kind, e.xw('rs1'), e.xw('rs2')))),
    });
  };
  word('addw', 0, 0x00, 'Adds the low 32 bits of rs1 and rs2 and sign-extends the 32-bit result.', 'add');
  word('subw', 0, 0x20, 'Subtracts the low 32 bits of rs2 from those of rs1; sign-extends the result.', 'sub');
  word('sllw', 1, 0x00, 'Shifts the low 32 bits of rs1 left by the low 5 bits of rs2; sign-extends the result.', 'shl');
  word(
    'srlw',
    5,
    0x00,
    'Shifts the low 32 bits of rs1 right by the low 5 bits of rs2; sign-extends the result.',
    'shr_u',
  );
  word('sraw', 5, 0x20, 'Shifts the low 32 bits of rs1 right, keeping their sign; sign-extends the result.', 'shr_s');
}

function system(def: Def): void {
  def('fence', {
    form: form(
      4,
      { '6:0': MISC_MEM, '14:12': 0 },
      [special('pred', 'fence', '27:24'), special('succ', 'fence', '23:20')],
      ['31:28', '19:15', '11:7'],
    ),
    asm: 'pred, succ',
    says: 'Orders the accesses named first (input, output, reads, writes) before those named second.',
    spec: ORDERING,
    does: (e) => e.system('fence'),
  });
  def('fence.tso', {
    form: form(4, { '31:20': 0x833, '14:12': 0, '6:0': MISC_MEM }, [], ['19:15', '11:7']),
    says: 'Orders loads before loads and stores, and stores before stores: total store order.',
    spec: ORDERING,
    does: (e) => e.system('fence'),
  });
  def('ecall', {
    form: exact(0x00000073),
    says: 'Calls the next more privileged level. From VS-mode that is the hypervisor: an SBI call.',
    spec: ENVIRONMENT,
    does: (e) => e.system('ecall'),
  });
  def('ebreak', {
    form: exact(0x00100073),
    says: 'Raises a breakpoint exception, for a debugger.',
    spec: ENVIRONMENT,
    does: (e) => e.system('ebreak'),
  });
}

export const rv64i = extension(
  'I',
  { title: 'Base integer instruction set', spec: 'Unprivileged ISA, RV32I', always: true },
  (def, alias) => {
    for (const part of [upperImmediates, jumps, memory, constants, registers, words, system]) part(def);
    aliasesOfI(alias);
  },
);
