/** Zbc: carry-less multiplication, of which Zbkc is the half without clmulr. [Unprivileged ISA, Zbc; Zbkc] */
import type { Builder, I64 } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { R } from '../dsl/formats.ts';
import type { Example } from '../dsl/types.ts';

function product(
  def: Def,
  name: string,
  funct3: number,
  says: string,
  value: (e: Builder, a: I64, b: I64) => I64,
  example: Example,
): void {
  def(name, {
    form: R({ opcode: 0x33, funct3, funct7: 0x05 }),
    asm: 'rd, rs1, rs2',
    says,
    does: (e) => e.setX('rd', value(e, e.x('rs1'), e.x('rs2'))),
    examples: [example],
  });
}

const TOP = 1n << 63n;

export const carryless = extension(
  'Zbc or Zbkc',
  {
    title: 'Carry-less multiplication that Zbc and Zbkc share',
    spec: 'Unprivileged ISA, Zbc and Zbkc',
    follows: { any: ['Zbc', 'Zbkc'] },
  },
  (def) => {
    product(
      def,
      'clmul',
      1,
      'Low 64 bits of the product of rs1 and rs2 as polynomials over two elements.',
      (e, a, b) => e.binary('clmul', a, b),
      gives({ rs1: 3n, rs2: 3n }, 5n),
    );
    product(
      def,
      'clmulh',
      3,
      'Bits 127 to 64 of the product of rs1 and rs2 as polynomials over two elements.',
      (e, a, b) => e.binary('shr_u', e.binary('clmulr', a, b), e.i64(1)),
      gives({ rs1: TOP, rs2: TOP }, 1n << 62n),
    );
  },
);

export const zbc = extension(
  'Zbc',
  { title: 'Carry-less multiplication', spec: 'Unprivileged ISA, Zbc', requires: ['I'] },
  (def) => {
    product(
      def,
      'clmulr',
      2,
      'Bits 126 to 63 of the product of rs1 and rs2 as polynomials over two elements.',
      (e, a, b) => e.binary('clmulr', a, b),
      gives({ rs1: TOP, rs2: TOP }, TOP),
    );
  },
);

export const zbkc = extension('Zbkc', {
  title: 'Carry-less multiplication for cryptography',
  spec: 'Unprivileged ISA, Zbkc',
  requires: ['I'],
});
