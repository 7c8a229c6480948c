/** The instructions that Zbb and Zbkb share: logic with an inverted operand, rotations, byte reversal. [Unprivileged ISA, Zbb; Zbkb] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { type Def, type DefAlias, extension } from '../dsl/extension.ts';
import { R, shift32, shift64, unary } from '../dsl/formats.ts';
import type { Example } from '../dsl/types.ts';

const OP = 0x33;
const OP_32 = 0x3b;
const OP_IMM = 0x13;
const OP_IMM_32 = 0x1b;
const INVERTED = 0x20;
const ROTATE = 0x30;

function logic(def: Def): void {
  const inverted = (
    name: string,
    funct3: number,
    says: string,
    value: (e: Builder, a: I64, notB: I64) => I64,
    example: Example,
  ): void => {
    def(name, {
      form: R({ opcode: OP, funct3, funct7: INVERTED }),
      asm: 'rd, rs1, rs2',
      says,
      does: (e) => e.setX('rd', value(e, e.x('rs1'), e.xor(e.x('rs2'), e.i64(-1)))),
      examples: [example],
    });
  };
  inverted(
    'andn',
    7,
    'Ands rs1 with the inverse of rs2.',
    (e, a, b) => e.and(a, b),
    gives({ rs1: 0xffn, rs2: 0xfn }, 0xf0n),
  );
  inverted('orn', 6, 'Ors rs1 with the inverse of rs2.', (e, a, b) => e.or(a, b), gives({ rs1: 1n, rs2: 3n }, -3n));
  inverted('xnor', 4, 'Exclusive-nors rs1 and rs2.', (e, a, b) => e.xor(a, b), gives({ rs1: 5n, rs2: 5n }, -1n));
}

function rotations(def: Def, alias: DefAlias): void {
  const rotate = (name: 'rol' | 'ror', funct3: number, kind: 'rotl' | 'rotr', where: string): void => {
    def(name, {
      form: R({ opcode: OP, funct3, funct7: ROTATE }),
      asm: 'rd, rs1, rs2',
      says: `Rotates rs1 ${where} by the low 6 bits of rs2.`,
      does: (e) => e.setX('rd', e.binary(kind, e.x('rs1'), e.x('rs2'))),
      examples: [gives({ rs1: 0x8000_0000_0000_0001n, rs2: 65n }, kind === 'rotl' ? 3n : 3n << 62n)],
    });
    def(`${name}w`, {
      form: R({ opcode: OP_32, funct3, funct7: ROTATE }),
      asm: 'rd, rs1, rs2',
      says: `Rotates the low 32 bits of rs1 ${where} by the low 5 bits of rs2 and sign-extends them.`,
      does: (e) => e.setX('rd', e.sext32(e.binary(kind, e.xw('rs1'), e.xw('rs2')))),
      examples: [gives({ rs1: 0x8000_0001n, rs2: 33n }, kind === 'rotl' ? 3n : -(1n << 30n))],
    });
  };
  rotate('rol', 1, 'rotl', 'left');
  rotate('ror', 5, 'rotr', 'right');
  def('rori', {
    form: shift64({ opcode: OP_IMM, funct3: 5, funct6: 0x18 }),
    asm: 'rd, rs1, shamt',
    says: 'Rotates rs1 right by a constant.',
    does: (e) => e.setX('rd', e.binary('rotr', e.x('rs1'), e.imm('shamt'))),
    examples: [gives({ rs1: 1n, shamt: 1n }, 1n << 63n)],
  });
  def('roriw', {
    form: shift32({ opcode: OP_IMM_32, funct3: 5, funct7: ROTATE }),
    asm: 'rd, rs1, shamt',
    says: 'Rotates the low 32 bits of rs1 right by a constant and sign-extends them.',
    does: (e) => e.setX('rd', e.sext32(e.binary('rotr', e.xw('rs1'), e.wrap(e.imm('shamt'))))),
    examples: [gives({ rs1: 1n, shamt: 1n }, -(1n << 31n))],
  });
  alias('ror', { of: 'rori', asm: 'rd, rs1, shamt', inputOnly: true });
  alias('rorw', { of: 'roriw', asm: 'rd, rs1, shamt', inputOnly: true });
}

export const bits = extension(
  'Zbb or Zbkb',
  {
    title: 'Bit manipulation that Zbb and Zbkb share',
    spec: 'Unprivileged ISA, Zbb and Zbkb',
    follows: { any: ['Zbb', 'Zbkb'] },
  },
  (def, alias) => {
    logic(def);
    rotations(def, alias);
    def('rev8', {
      form: unary({ opcode: OP_IMM, funct3: 5, funct12: 0x6b8 }),
      asm: 'rd, rs1',
      says: 'Reverses the order of the bytes of rs1.',
      does: (e) => e.setX('rd', e.unary('rev8', e.x('rs1'))),
      examples: [gives({ rs1: 0x0102_0304_0506_0708n }, 0x0807_0605_0403_0201n)],
    });
  },
);
