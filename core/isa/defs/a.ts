/** A: atomics, as its two halves Zaamo (read-modify-write) and Zalrsc (load-reserved, store-conditional). [Unprivileged ISA, A] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { extension } from '../dsl/extension.ts';
import { AMO, LR } from '../dsl/formats.ts';
import type { CompareOp } from '../dsl/ir.ts';

const AMO_OPCODE = 0x2f;
const SIZES = [
  { suffix: 'w', bytes: 4, funct3: 2, what: '32-bit word' },
  { suffix: 'd', bytes: 8, funct3: 3, what: '64-bit doubleword' },
] as const;

type Update = (e: Builder, old: I64, source: I64, bytes: 4 | 8) => I64;

/** The one of two that `kind` prefers, compared at the width of the access. */
function select(kind: CompareOp): Update {
  return (e, old, source, bytes) => {
    const better = bytes === 8 ? e.compare(kind, old, source) : e.compare(kind, e.wrap(old), e.wrap(source));
    return e.if_(better, old, source);
  };
}

export const zaamo = extension(
  'Zaamo',
  { title: 'Atomic memory operations', spec: 'Unprivileged ISA, Zaamo', requires: ['I'] },
  (def) => {
    const amo = (name: string, funct5: number, says: string, update: Update): void => {
      for (const { suffix, bytes, funct3, what } of SIZES) {
        def(`${name}.${suffix}`, {
          form: AMO({ opcode: AMO_OPCODE, funct3, funct5 }),
          asm: 'rd, rs2, (rs1)',
          says: `Atomically ${says} the ${what} at rs1; rd receives what was there, sign-extended.`,
          does: (e) =>
            e.setX(
              'rd',
              e.atomic(bytes, e.x('rs1'), (old) => update(e, old, e.x('rs2'), bytes)),
            ),
        });
      }
    };
    amo('amoadd', 0x00, 'adds rs2 to', (e, old, source) => e.add(old, source));
    amo('amoswap', 0x01, 'writes rs2 over', (_e, _old, source) => source);
    amo('amoxor', 0x04, 'exclusive-ors rs2 into', (e, old, source) => e.xor(old, source));
    amo('amoor', 0x08, 'ors rs2 into', (e, old, source) => e.or(old, source));
    amo('amoand', 0x0c, 'ands rs2 into', (e, old, source) => e.and(old, source));
    amo('amomin', 0x10, 'puts the signed minimum with rs2 into', select('lt_s'));
    amo('amomax', 0x14, 'puts the signed maximum with rs2 into', select('gt_s'));
    amo('amominu', 0x18, 'puts the unsigned minimum with rs2 into', select('lt_u'));
    amo('amomaxu', 0x1c, 'puts the unsigned maximum with rs2 into', select('gt_u'));
  },
);

export const zalrsc = extension(
  'Zalrsc',
  { title: 'Load-reserved and store-conditional', spec: 'Unprivileged ISA, Zalrsc', requires: ['I'] },
  (def) => {
    for (const { suffix, bytes, funct3, what } of SIZES) {
      def(`lr.${suffix}`, {
        form: LR({ opcode: AMO_OPCODE, funct3, funct5: 0x02 }),
        asm: 'rd, (rs1)',
        says: `Loads the ${what} at rs1, sign-extended, and reserves its bytes for a store-conditional.`,
        does: (e) => e.setX('rd', e.loadReserved(bytes, e.x('rs1'))),
      });
      def(`sc.${suffix}`, {
        form: AMO({ opcode: AMO_OPCODE, funct3, funct5: 0x03 }),
        asm: 'rd, rs2, (rs1)',
        says: `Stores the low ${what} of rs2 at rs1 if the reservation still holds; rd is 0 when it did, 1 when not.`,
        does: (e) => e.setX('rd', e.storeConditional(bytes, e.x('rs1'), e.x('rs2'))),
      });
    }
  },
);

export const a = extension('A', {
  title: 'Atomic instructions',
  spec: 'Unprivileged ISA, A',
  requires: ['I'],
  implies: ['Zaamo', 'Zalrsc'],
});
