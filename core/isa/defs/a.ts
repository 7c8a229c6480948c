/** A: atomics, as its two halves Zaamo (read-modify-write) and Zalrsc (load-reserved, store-conditional). [Unprivileged ISA, A] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { AMO, LR } from '../dsl/formats.ts';
import type { CompareOp, Width } from '../dsl/ir.ts';

export const AMO_OPCODE = 0x2f;
export interface Size {
  readonly suffix: 'b' | 'h' | 'w' | 'd';
  readonly bytes: Width;
  readonly funct3: number;
  readonly what: string;
}
export const SIZES = [
  { suffix: 'w', bytes: 4, funct3: 2, what: '32-bit word' },
  { suffix: 'd', bytes: 8, funct3: 3, what: '64-bit doubleword' },
] as const;
export const SMALL_SIZES = [
  { suffix: 'b', bytes: 1, funct3: 0, what: 'byte' },
  { suffix: 'h', bytes: 2, funct3: 1, what: '16-bit halfword' },
] as const;

type Update = (e: Builder, old: I64, source: I64, bytes: Width) => I64;

/** The value as the access holds it, sign-extended as the old value is. */
export function atWidth(e: Builder, value: I64, bytes: Width): I64 {
  switch (bytes) {
    case 1:
      return e.sext8(value);
    case 2:
      return e.sext16(value);
    case 4:
      return e.sext32(e.wrap(value));
    case 8:
      return value;
    default:
      return bytes satisfies never;
  }
}

/** The one of two that `kind` prefers at the width of the access: sign extension keeps both orders. */
function select(kind: CompareOp): Update {
  return (e, old, source, bytes) => e.if_(e.compare(kind, old, atWidth(e, source, bytes)), old, source);
}

function atomics(def: Def, sizes: readonly Size[]): void {
  const amo = (name: string, funct5: number, says: string, update: Update): void => {
    for (const { suffix, bytes, funct3, what } of sizes) {
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
}

export const zaamo = extension(
  'Zaamo',
  { title: 'Atomic memory operations', spec: 'Unprivileged ISA, Zaamo', requires: ['I'] },
  (def) => atomics(def, SIZES),
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

export const zabha = extension(
  'Zabha',
  { title: 'Byte and halfword atomics', spec: 'Unprivileged ISA, Zabha', requires: ['Zaamo'] },
  (def) => atomics(def, SMALL_SIZES),
);

export const a = extension('A', {
  title: 'Atomic instructions',
  spec: 'Unprivileged ISA, A',
  requires: ['I'],
  implies: ['Zaamo', 'Zalrsc'],
});
