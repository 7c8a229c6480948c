/** Zicond: conditional zeroing, from which a conditional move is two instructions and an or. [Unprivileged ISA, Zicond] */
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { R } from '../dsl/formats.ts';
import type { CompareOp } from '../dsl/ir.ts';
import type { Example } from '../dsl/types.ts';

export const zicond = extension(
  'Zicond',
  { title: 'Integer conditional operations', spec: 'Unprivileged ISA, Zicond', requires: ['I'] },
  (def) => {
    const zero = (name: string, funct3: number, kind: CompareOp, says: string, examples: readonly Example[]): void => {
      def(name, {
        form: R({ opcode: 0x33, funct3, funct7: 0x07 }),
        asm: 'rd, rs1, rs2',
        says,
        does: (e) => e.setX('rd', e.if_(e.compare(kind, e.x('rs2'), e.i64(0)), e.i64(0), e.x('rs1'))),
        examples,
      });
    };
    zero('czero.eqz', 5, 'eq', 'Gives 0 when rs2 is zero, else rs1.', [
      gives({ rs1: 7n, rs2: 0n }, 0n),
      gives({ rs1: 7n, rs2: -1n }, 7n),
    ]);
    zero('czero.nez', 7, 'ne', 'Gives 0 when rs2 is not zero, else rs1.', [
      gives({ rs1: 7n, rs2: 0n }, 7n),
      gives({ rs1: 7n, rs2: -1n }, 0n),
    ]);
  },
);
