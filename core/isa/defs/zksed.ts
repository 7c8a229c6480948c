/** Zksed: rounds and key schedule of the block cipher SM4, a byte at a time. [Unprivileged ISA, Scalar cryptography, Zksed] */
import type { Builder, I32 } from '../dsl/builder.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { form, uimm, x } from '../dsl/formats.ts';

/** Exclusive or of the parts of `value` under each mask, shifted left. */
function spread(e: Builder, value: I32, shifts: readonly (readonly [mask: number, amount: number])[]): I32 {
  return shifts.reduce<I32>(
    (sum, [mask, n]) => e.xor(sum, e.binary('shl', e.and(value, e.i32(mask)), e.i32(n))),
    value,
  );
}

function step(def: Def, name: string, funct5: number, says: string, linear: (e: Builder, value: I32) => I32): void {
  def(name, {
    form: form(4, { '6:0': 0x33, '14:12': 0, '29:25': funct5 }, [
      x('rd', '11:7'),
      x('rs1', '19:15'),
      x('rs2', '24:20'),
      uimm('bs', '31:30'),
    ]),
    asm: 'rd, rs1, rs2, bs',
    says: `${says}: substitutes byte bs of rs2, spreads it over the word at that place and exclusive-ors it with rs1.`,
    does: (e) => {
      const place = e.let_(e.binary('shl', e.imm('bs'), e.i64(3)));
      const byte = e.and(e.binary('shr_u', e.x('rs2'), place), e.i64(0xff));
      const substituted = e.let_(e.and(e.wrap(e.unary('sm4Sub8', byte)), e.i32(0xff)));
      const word = e.binary('rotl', linear(e, substituted), e.wrap(place));
      e.setX('rd', e.sext32(e.xor(e.xw('rs1'), word)));
    },
  });
}

export const zksed = extension(
  'Zksed',
  { title: 'Block cipher SM4', spec: 'Unprivileged ISA, Zksed', requires: ['I'] },
  (def) => {
    const all = 0xff;
    step(def, 'sm4ed', 0x18, 'Round of SM4', (e, value) =>
      spread(e, value, [
        [all, 8],
        [all, 2],
        [all, 18],
        [0x3f, 26],
        [0xc0, 10],
      ]),
    );
    step(def, 'sm4ks', 0x1a, 'Key schedule of SM4', (e, value) =>
      spread(e, value, [
        [0x07, 29],
        [0xfe, 7],
        [0x01, 23],
        [0xf8, 13],
      ]),
    );
  },
);
