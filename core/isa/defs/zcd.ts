/** Zcd: 16-bit forms of the loads and stores of D. C means it too when D is on. [Unprivileged ISA, C, Zcd] */
import { extension, instructionIn } from '../dsl/extension.ts';
import { f, f3, uimm, x3 } from '../dsl/formats.ts';
import { C } from '../dsl/formats-c.ts';
import { d } from './d.ts';

const SP = 2;
const OFFSET = '12:10=5:3, 6:5=7:6';

export const zcd = extension(
  'Zcd',
  {
    title: 'Compressed double-precision loads and stores',
    spec: 'Unprivileged ISA, Zcd',
    requires: ['D', 'Zca'],
    comesWith: ['C', 'D'],
  },
  (def) => {
    const [load, store] = [instructionIn(d, 'fld'), instructionIn(d, 'fsd')];
    const [loads, stores] = ['Loads a double-precision number at', 'Stores the double-precision number in rs2 at'];
    def('c.fld', {
      form: C({ op: 0, funct3: 1 }, f3('rd', '4:2'), x3('rs1', '9:7'), uimm('imm', OFFSET)),
      asm: 'rd, imm(rs1)',
      says: `${loads} rs1 plus a constant.`,
      expands: { to: load, fields: { rd: 'rd', rs1: 'rs1', imm: 'imm' } },
    });
    def('c.fsd', {
      form: C({ op: 0, funct3: 5 }, f3('rs2', '4:2'), x3('rs1', '9:7'), uimm('imm', OFFSET)),
      asm: 'rs2, imm(rs1)',
      says: `${stores} rs1 plus a constant.`,
      expands: { to: store, fields: { rs2: 'rs2', rs1: 'rs1', imm: 'imm' } },
    });
    def('c.fldsp', {
      form: C({ op: 2, funct3: 1 }, f('rd', '11:7'), uimm('imm', '12=5, 6:2=4:3|8:6')),
      asm: 'rd, imm(rs1)',
      says: `${loads} sp plus a constant.`,
      expands: { to: load, fields: { rd: 'rd', rs1: SP, imm: 'imm' } },
    });
    def('c.fsdsp', {
      form: C({ op: 2, funct3: 5 }, f('rs2', '6:2'), uimm('imm', '12:7=5:3|8:6')),
      asm: 'rs2, imm(rs1)',
      says: `${stores} sp plus a constant.`,
      expands: { to: store, fields: { rs2: 'rs2', rs1: SP, imm: 'imm' } },
    });
  },
);
