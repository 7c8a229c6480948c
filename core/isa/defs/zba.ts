/** Zba: address generation, shifts by one to three with an add, and the same over unsigned 32-bit indices. [Unprivileged ISA, Zba] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { R, shift64 } from '../dsl/formats.ts';

const OP = 0x33;
const OP_32 = 0x3b;
const OP_IMM_32 = 0x1b;
const SHIFTS = [
  { amount: 1, funct3: 2 },
  { amount: 2, funct3: 4 },
  { amount: 3, funct3: 6 },
] as const;

const index = (e: Builder): I64 => e.zext32(e.xw('rs1'));

export const zba = extension(
  'Zba',
  { title: 'Address generation', spec: 'Unprivileged ISA, Zba', requires: ['I'] },
  (def, alias) => {
    def('add.uw', {
      form: R({ opcode: OP_32, funct3: 0, funct7: 0x04 }),
      asm: 'rd, rs1, rs2',
      says: 'Adds the low 32 bits of rs1, as an unsigned number, to rs2.',
      does: (e) => e.setX('rd', e.add(index(e), e.x('rs2'))),
      examples: [gives({ rs1: -1n, rs2: 1n }, 0x1_0000_0000n)],
    });
    for (const { amount, funct3 } of SHIFTS) {
      def(`sh${amount}add`, {
        form: R({ opcode: OP, funct3, funct7: 0x10 }),
        asm: 'rd, rs1, rs2',
        says: `Adds rs1 times ${1 << amount} to rs2: the address of an element of ${1 << amount} bytes.`,
        does: (e) => e.setX('rd', e.add(e.binary('shl', e.x('rs1'), e.i64(amount)), e.x('rs2'))),
        examples: [gives({ rs1: 5n, rs2: 0x1000n }, BigInt(0x1000 + (5 << amount)))],
      });
      def(`sh${amount}add.uw`, {
        form: R({ opcode: OP_32, funct3, funct7: 0x10 }),
        asm: 'rd, rs1, rs2',
        says: `Adds the low 32 bits of rs1, as an unsigned number, times ${1 << amount} to rs2.`,
        does: (e) => e.setX('rd', e.add(e.binary('shl', index(e), e.i64(amount)), e.x('rs2'))),
        examples: [gives({ rs1: -1n, rs2: 0n }, 0xffff_ffffn << BigInt(amount))],
      });
    }
    def('slli.uw', {
      form: shift64({ opcode: OP_IMM_32, funct3: 1, funct6: 0x02 }),
      asm: 'rd, rs1, shamt',
      says: 'Shifts the low 32 bits of rs1, as an unsigned number, left by a constant.',
      does: (e) => e.setX('rd', e.binary('shl', index(e), e.imm('shamt'))),
      examples: [gives({ rs1: -1n, shamt: 4n }, 0xf_ffff_fff0n)],
    });
    alias('zext.w', { of: 'add.uw', asm: 'rd, rs1', fixed: { rs2: 0 }, says: 'Zero-extends the low 32 bits.' });
  },
);
