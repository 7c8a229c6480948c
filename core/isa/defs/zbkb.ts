/** Zbkb: bit manipulation for cryptography, besides what it shares with Zbb (`bits.ts`). [Unprivileged ISA, Zbkb] */
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { R, unary } from '../dsl/formats.ts';

const OP = 0x33;
const OP_32 = 0x3b;
const PACK = 0x04;

export const zbkb = extension(
  'Zbkb',
  { title: 'Bit manipulation for cryptography', spec: 'Unprivileged ISA, Zbkb', requires: ['I'] },
  (def) => {
    def('pack', {
      form: R({ opcode: OP, funct3: 4, funct7: PACK }),
      asm: 'rd, rs1, rs2',
      says: 'Puts the low 32 bits of rs2 above those of rs1.',
      does: (e) => e.setX('rd', e.or(e.zext32(e.xw('rs1')), e.binary('shl', e.x('rs2'), e.i64(32)))),
      examples: [gives({ rs1: -1n, rs2: 2n }, 0x2_ffff_ffffn)],
    });
    def('packh', {
      form: R({ opcode: OP, funct3: 7, funct7: PACK }),
      asm: 'rd, rs1, rs2',
      says: 'Puts the low byte of rs2 above that of rs1 and zero-extends both.',
      does: (e) => {
        const high = e.binary('shl', e.and(e.x('rs2'), e.i64(0xff)), e.i64(8));
        e.setX('rd', e.or(e.and(e.x('rs1'), e.i64(0xff)), high));
      },
      examples: [gives({ rs1: -1n, rs2: 2n }, 0x2ffn)],
    });
    def('packw', {
      form: R({ opcode: OP_32, funct3: 4, funct7: PACK }),
      asm: 'rd, rs1, rs2',
      says: 'Puts the low 16 bits of rs2 above those of rs1 and sign-extends the 32 bits.',
      does: (e) => {
        const high = e.binary('shl', e.xw('rs2'), e.i32(16));
        e.setX('rd', e.sext32(e.or(e.and(e.xw('rs1'), e.i32(0xffff)), high)));
      },
      examples: [gives({ rs1: -1n, rs2: 0x8000n }, -0x7fff_0001n)],
    });
    def('brev8', {
      form: unary({ opcode: 0x13, funct3: 5, funct12: 0x687 }),
      asm: 'rd, rs1',
      says: 'Reverses the order of the bits in each byte of rs1.',
      does: (e) => e.setX('rd', e.unary('brev8', e.x('rs1'))),
      examples: [gives({ rs1: 0x0102_0408_1020_4080n }, 0x8040_2010_0804_0201n)],
    });
  },
);
