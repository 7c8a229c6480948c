/** Zcmop: 16-bit instructions that other extensions may give a meaning; until then they do nothing. [Unprivileged ISA, Zcmop] */
import { extension } from '../dsl/extension.ts';
import { CFixed } from '../dsl/formats-c.ts';

/** In the place of c.lui of these registers with the constant 0. */
const NUMBERS = [1, 3, 5, 7, 9, 11, 13, 15];

export const zcmop = extension(
  'Zcmop',
  { title: 'Compressed may-be operations', spec: 'Unprivileged ISA, Zcmop', requires: ['Zca'] },
  (def) => {
    for (const n of NUMBERS) {
      def(`c.mop.${n}`, {
        form: CFixed({ op: 1, funct3: 3 }, { '12': 0, '11:7': n, '6:2': 0 }),
        says: 'Does nothing; reserved for an extension that gives it another meaning.',
        does: () => {},
      });
    }
  },
);
