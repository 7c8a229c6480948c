/** Zacas: atomic compare-and-swap of 32, 64 and 128 bits; with Zabha of 8 and 16 bits too. [Unprivileged ISA, Zacas] */
import { type Def, extension } from '../dsl/extension.ts';
import { AMO, form, special, x } from '../dsl/formats.ts';
import { AMO_OPCODE, atWidth, SIZES, type Size, SMALL_SIZES } from './a.ts';

const SPEC = 'Unprivileged ISA, Zacas';
const CAS = 0x05;
const QUADWORD = 4;

function swaps(def: Def, sizes: readonly Size[]): void {
  for (const { suffix, bytes, funct3, what } of sizes) {
    def(`amocas.${suffix}`, {
      form: AMO({ opcode: AMO_OPCODE, funct3, funct5: CAS }),
      asm: 'rd, rs2, (rs1)',
      says: `Atomically writes rs2 over the ${what} at rs1 if it equals rd; rd receives what was there, sign-extended.`,
      does: (e) =>
        e.setX(
          'rd',
          e.atomic(bytes, e.x('rs1'), (old) => e.if_(e.eq(old, atWidth(e, e.x('rd'), bytes)), e.x('rs2'), old)),
        ),
    });
  }
}

/** Registers in pairs, named by the even one: odd numbers are reserved. */
const PAIRS = form(4, { '6:0': AMO_OPCODE, '7': 0, '14:12': QUADWORD, '20': 0, '31:27': CAS }, [
  x('rd', '11:8=4:1'),
  x('rs2', '24:21=4:1'),
  x('rs1', '19:15'),
  special('order', 'order', '26:25'),
]);

export const zacas = extension(
  'Zacas',
  { title: 'Atomic compare-and-swap', spec: SPEC, requires: ['Zaamo'] },
  (def) => {
    swaps(def, SIZES);
    def('amocas.q', {
      form: PAIRS,
      asm: 'rd, rs2, (rs1)',
      says: 'Atomically writes the pair rs2 over the 16 bytes at rs1 if they equal the pair rd; rd receives what was there.',
      does: (e) => {
        const [low, high] = e.atomicPair(e.x('rs1'), (oldLow, oldHigh) => {
          const isEqual = e.and(e.eq(oldLow, e.x('rd')), e.eq(oldHigh, e.xHigh('rd')));
          return [e.if_(isEqual, e.x('rs2'), oldLow), e.if_(isEqual, e.xHigh('rs2'), oldHigh)];
        });
        e.setX('rd', low);
        e.setXHigh('rd', high);
      },
    });
  },
);

export const zacasWithZabha = extension(
  'Zacas and Zabha',
  { title: 'Compare-and-swap of bytes and halfwords', spec: SPEC, follows: { all: ['Zacas', 'Zabha'] } },
  (def) => swaps(def, SMALL_SIZES),
);
