/** Zcb: more 16-bit forms. Those of instructions beyond RV64I are parts, which need another extension too. [Unprivileged ISA, Zcb] */
import { type Def, type Expansion, extension, instructionIn } from '../dsl/extension.ts';
import { type Form, uimm, x3 } from '../dsl/formats.ts';
import { CA, CFixed } from '../dsl/formats-c.ts';
import type { Extension, Instruction } from '../dsl/types.ts';
import { m } from './m.ts';
import { rv64i } from './rv64i.ts';
import { zba } from './zba.ts';
import { zbb } from './zbb.ts';

const SPEC = 'Unprivileged ISA, Zcb';
const BYTE_OFFSET = uimm('imm', '6=0, 5=1');
const HALF_OFFSET = uimm('imm', '5=1');
/** funct6 of the arithmetic forms. */
const ARITHMETIC = 0x27;

/** Quadrant 0, funct3 4: the access is told by the bits behind it. */
const access = (
  funct3: number,
  fixed: Readonly<Record<string, number>>,
  register: string,
  offset = HALF_OFFSET,
): Form => CFixed({ op: 0, funct3: 4 }, { '12:10': funct3, ...fixed }, x3(register, '4:2'), x3('rs1', '9:7'), offset);

function memory(def: Def): void {
  const form = (name: string, register: 'rd' | 'rs2', layout: Form, says: string): void => {
    def(`c.${name}`, {
      form: layout,
      asm: `${register}, imm(rs1)`,
      says: `${says} rs1 plus a constant.`,
      expands: { to: instructionIn(rv64i, name), fields: { [register]: register, rs1: 'rs1', imm: 'imm' } },
    });
  };
  form('lbu', 'rd', access(0, {}, 'rd', BYTE_OFFSET), 'Loads a byte, zero-extended, at');
  form('lhu', 'rd', access(1, { '6': 0 }, 'rd'), 'Loads 2 bytes, zero-extended, at');
  form('lh', 'rd', access(1, { '6': 1 }, 'rd'), 'Loads 2 bytes, sign-extended, at');
  form('sb', 'rs2', access(2, {}, 'rs2', BYTE_OFFSET), 'Stores the low byte of rs2 at');
  form('sh', 'rs2', access(3, { '6': 0 }, 'rs2'), 'Stores the low 2 bytes of rs2 at');
}

/** A form on one register: `funct3` tells what it does. */
function unary(
  def: Def,
  name: string,
  funct3: number,
  says: string,
  to: Instruction,
  fields: Expansion['fields'],
): void {
  def(name, {
    form: CFixed({ op: 1, funct3: 4 }, { '12:10': 7, '6:5': 3, '4:2': funct3 }, x3('rd', '9:7')),
    asm: 'rd',
    says,
    expands: { to, fields: { rd: 'rd', rs1: 'rd', ...fields } },
  });
}

export const zcb = extension(
  'Zcb',
  { title: 'Simple compressed instructions', spec: SPEC, requires: ['Zca'] },
  (def) => {
    memory(def);
    unary(def, 'c.zext.b', 0, 'Keeps the low byte of rd.', instructionIn(rv64i, 'andi'), { imm: 0xff });
    unary(def, 'c.not', 5, 'Inverts every bit of rd.', instructionIn(rv64i, 'xori'), { imm: -1 });
  },
);

function part(needed: string, define: (def: Def) => void): Extension {
  const words = { title: `Simple compressed forms of ${needed}`, spec: SPEC, follows: { all: ['Zcb', needed] } };
  return extension(`Zcb and ${needed}`, words, define);
}

export const zcbWithZbb = part('Zbb', (def) => {
  unary(def, 'c.sext.b', 1, 'Sign-extends the low byte of rd.', instructionIn(zbb, 'sext.b'), {});
  unary(def, 'c.zext.h', 2, 'Zero-extends the low 16 bits of rd.', instructionIn(zbb, 'zext.h'), {});
  unary(def, 'c.sext.h', 3, 'Sign-extends the low 16 bits of rd.', instructionIn(zbb, 'sext.h'), {});
});

export const zcbWithZba = part('Zba', (def) => {
  unary(def, 'c.zext.w', 4, 'Zero-extends the low 32 bits of rd.', instructionIn(zba, 'add.uw'), { rs2: 0 });
});

export const zcbWithM = part('M', (def) => {
  def('c.mul', {
    form: CA({ funct6: ARITHMETIC, funct2: 2 }, x3('rd', '9:7'), x3('rs2', '4:2')),
    asm: 'rd, rs2',
    says: 'Multiplies rd by rs2; the low 64 bits of the product.',
    expands: { to: instructionIn(m, 'mul'), fields: { rd: 'rd', rs1: 'rd', rs2: 'rs2' } },
  });
});
