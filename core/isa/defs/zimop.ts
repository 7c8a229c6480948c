/**
 * Zimop: instructions that other extensions may give a meaning; until then they write zero. [Unprivileged ISA, Zimop]
 */
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { form, x } from '../dsl/formats.ts';

const SYSTEM = { '6:0': 0x73, '14:12': 4, '31': 1, '29:28': 0 };
const ONE_SOURCE = 32;
const TWO_SOURCES = 8;

export const zimop = extension(
  'Zimop',
  { title: 'May-be operations', spec: 'Unprivileged ISA, Zimop', requires: ['I'] },
  (def) => {
    for (let n = 0; n < ONE_SOURCE; n++) {
      const number = { '30': n >> 4, '27:26': (n >> 2) & 3, '21:20': n & 3 };
      def(`mop.r.${n}`, {
        form: form(4, { ...SYSTEM, '25:22': 7, ...number }, [x('rd', '11:7'), x('rs1', '19:15')]),
        asm: 'rd, rs1',
        says: 'Writes zero; reserved for an extension that gives it another meaning.',
        does: (e) => e.setX('rd', e.i64(0)),
        examples: [gives({ rs1: -1n }, 0n)],
      });
    }
    for (let n = 0; n < TWO_SOURCES; n++) {
      const number = { '30': n >> 2, '27:26': n & 3 };
      def(`mop.rr.${n}`, {
        form: form(4, { ...SYSTEM, '25': 1, ...number }, [x('rd', '11:7'), x('rs1', '19:15'), x('rs2', '24:20')]),
        asm: 'rd, rs1, rs2',
        says: 'Writes zero; reserved for an extension that gives it another meaning.',
        does: (e) => e.setX('rd', e.i64(0)),
        examples: [gives({ rs1: -1n, rs2: -1n }, 0n)],
      });
    }
  },
);
