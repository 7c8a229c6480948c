/** Zbs: single bits, each by the number in a register or by a constant. [Unprivileged ISA, Zbs] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { R, shift64 } from '../dsl/formats.ts';

const OP = 0x33;
const OP_IMM = 0x13;

type Change = (e: Builder, value: I64, index: I64) => I64;

const bit = (e: Builder, index: I64): I64 => e.binary('shl', e.i64(1), index);

export const zbs = extension(
  'Zbs',
  { title: 'Single-bit instructions', spec: 'Unprivileged ISA, Zbs', requires: ['I'] },
  (def, alias) => {
    const single = (
      name: string,
      funct3: number,
      funct6: number,
      says: string,
      after: bigint,
      change: Change,
    ): void => {
      def(name, {
        form: R({ opcode: OP, funct3, funct7: funct6 << 1 }),
        asm: 'rd, rs1, rs2',
        says: `${says} that the low 6 bits of rs2 number.`,
        does: (e) => e.setX('rd', change(e, e.x('rs1'), e.x('rs2'))),
        examples: [gives({ rs1: 6n, rs2: 65n }, after)],
      });
      def(`${name}i`, {
        form: shift64({ opcode: OP_IMM, funct3, funct6 }),
        asm: 'rd, rs1, shamt',
        says: `${says} that a constant numbers.`,
        does: (e) => e.setX('rd', change(e, e.x('rs1'), e.imm('shamt'))),
        examples: [gives({ rs1: 6n, shamt: 1n }, after)],
      });
      alias(name, { of: `${name}i`, asm: 'rd, rs1, shamt', inputOnly: true });
    };
    single('bclr', 1, 0x12, 'Clears the bit of rs1', 4n, (e, a, n) => e.and(a, e.xor(bit(e, n), e.i64(-1))));
    single('bext', 5, 0x12, 'Gives, as 0 or 1, the bit of rs1', 1n, (e, a, n) =>
      e.and(e.binary('shr_u', a, n), e.i64(1)),
    );
    single('binv', 1, 0x1a, 'Inverts the bit of rs1', 4n, (e, a, n) => e.xor(a, bit(e, n)));
    single('bset', 1, 0x0a, 'Sets the bit of rs1', 6n, (e, a, n) => e.or(a, bit(e, n)));
  },
);
