/**
 * Zbb: basic bit manipulation. What Zbkb has as well is a part of its own, in `bits.ts`. [Unprivileged ISA, Zbb]
 */
import type { Builder, I32, I64 } from '../dsl/builder.ts';
import { gives } from '../dsl/example.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { R, unary } from '../dsl/formats.ts';
import type { CompareOp, UnaryOp } from '../dsl/ir.ts';
import type { Example } from '../dsl/types.ts';

const OP = 0x33;
const OP_32 = 0x3b;
const OP_IMM = 0x13;
const OP_IMM_32 = 0x1b;
const COUNT = 0x600;

const COUNTS: readonly { readonly kind: UnaryOp; readonly name: string; readonly at: number; readonly what: string }[] =
  [
    { kind: 'clz', name: 'clz', at: 0, what: 'zeros above the highest one' },
    { kind: 'ctz', name: 'ctz', at: 1, what: 'zeros below the lowest one' },
    { kind: 'popcnt', name: 'cpop', at: 2, what: 'ones' },
  ];

function counts(def: Def): void {
  for (const { kind, name, at, what } of COUNTS) {
    const ofZero = kind === 'popcnt' ? 0n : 64n;
    def(name, {
      form: unary({ opcode: OP_IMM, funct3: 1, funct12: COUNT + at }),
      asm: 'rd, rs1',
      says: `Counts the ${what} in rs1.`,
      does: (e) => e.setX('rd', e.unary(kind, e.x('rs1'))),
      examples: [
        gives({ rs1: 0n }, ofZero),
        gives({ rs1: 1n << 63n }, kind === 'ctz' ? 63n : kind === 'clz' ? 0n : 1n),
      ],
    });
    def(`${name}w`, {
      form: unary({ opcode: OP_IMM_32, funct3: 1, funct12: COUNT + at }),
      asm: 'rd, rs1',
      says: `Counts the ${what} in the low 32 bits of rs1.`,
      does: (e) => e.setX('rd', e.zext32(e.unary(kind, e.xw('rs1')))),
      examples: [gives({ rs1: 1n << 32n }, ofZero / 2n)],
    });
  }
}

function extensions(def: Def): void {
  const extend = (
    name: string,
    at: number,
    says: string,
    value: (e: Builder, a: I64) => I64,
    example: Example,
  ): void => {
    def(name, {
      form: unary({ opcode: OP_IMM, funct3: 1, funct12: COUNT + at }),
      asm: 'rd, rs1',
      says,
      does: (e) => e.setX('rd', value(e, e.x('rs1'))),
      examples: [example],
    });
  };
  extend('sext.b', 4, 'Sign-extends the low byte.', (e, a) => e.sext8(a), gives({ rs1: 0x180n }, -128n));
  extend('sext.h', 5, 'Sign-extends the low 16 bits.', (e, a) => e.sext16(a), gives({ rs1: 0x18000n }, -32768n));
  def('zext.h', {
    form: unary({ opcode: OP_32, funct3: 4, funct12: 0x080 }),
    asm: 'rd, rs1',
    says: 'Zero-extends the low 16 bits.',
    does: (e) => e.setX('rd', e.and(e.x('rs1'), e.i64(0xffff))),
    examples: [gives({ rs1: -1n }, 0xffffn)],
  });
}

function choices(def: Def): void {
  const choose = (name: string, funct3: number, kind: CompareOp, what: string, example: Example): void => {
    def(name, {
      form: R({ opcode: OP, funct3, funct7: 0x05 }),
      asm: 'rd, rs1, rs2',
      says: `Gives the ${what} of rs1 and rs2.`,
      does: (e) => e.setX('rd', e.if_(compared(e, kind), e.x('rs1'), e.x('rs2'))),
      examples: [example],
    });
  };
  const compared = (e: Builder, kind: CompareOp): I32 => e.compare(kind, e.x('rs1'), e.x('rs2'));
  choose('min', 4, 'lt_s', 'signed minimum', gives({ rs1: -1n, rs2: 1n }, -1n));
  choose('minu', 5, 'lt_u', 'unsigned minimum', gives({ rs1: -1n, rs2: 1n }, 1n));
  choose('max', 6, 'gt_s', 'signed maximum', gives({ rs1: -1n, rs2: 1n }, 1n));
  choose('maxu', 7, 'gt_u', 'unsigned maximum', gives({ rs1: -1n, rs2: 1n }, -1n));
}

export const zbb = extension(
  'Zbb',
  { title: 'Basic bit manipulation', spec: 'Unprivileged ISA, Zbb', requires: ['I'] },
  (def) => {
    counts(def);
    extensions(def);
    choices(def);
    def('orc.b', {
      form: unary({ opcode: OP_IMM, funct3: 5, funct12: 0x287 }),
      asm: 'rd, rs1',
      says: 'Sets every bit of each byte of rs1 that is not zero: finds the end of a string.',
      does: (e) => e.setX('rd', e.unary('orc8', e.x('rs1'))),
      examples: [gives({ rs1: 0x0100_2000_8001_0000n }, 0xff00_ff00_ffff_0000n)],
    });
  },
);
