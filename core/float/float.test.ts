import { describe, expect, it } from 'vitest';
import { Rng } from '../testing/qemu/rng.ts';
import {
  box,
  CLASSES,
  FLAG,
  FLI_CONSTANTS,
  FLOAT_FORMATS,
  type FloatOp,
  floatOperate,
  ROUNDING,
  ROUNDING_MODES,
  SHAPES,
  unbox,
} from './index.ts';

const { NX, UF, OF, DZ, NV } = FLAG;
const { RNE, RTZ, RDN, RUP, RMM } = ROUNDING;
const view = new DataView(new ArrayBuffer(8));
const double = (value: number): bigint => {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const single = (value: number): bigint => {
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
};
const ofDouble = (bits: bigint): number => {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
};
const NAN = SHAPES.d.canonicalNan;
const SIGNALING = 0x7ff0_0000_0000_0001n;
const INFINITY = SHAPES.d.infinity;
const MINUS_ZERO = 1n << 63n;
const SMALLEST_NORMAL = 0x0010_0000_0000_0000n;
const LARGEST = INFINITY - 1n;
const d = (op: FloatOp, rm: 0 | 1 | 2 | 3 | 4, ...operands: bigint[]) => floatOperate(op, 'd', rm, operands);

describe('arithmetic to nearest even', () => {
  const ALIKE: Readonly<Record<string, (a: number, b: number) => number>> = {
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    div: (a, b) => a / b,
    sqrt: Math.sqrt,
    fromS: Math.fround,
  };

  it.each(['add', 'sub', 'mul', 'div', 'sqrt'] as const)('gives the doubles of the host for %s', (op) => {
    const rng = new Rng(1);
    const operand = () => (rng.chance(50) ? rng.value64() : double((rng.word() - 2 ** 31) * 2 ** (rng.below(80) - 60)));
    for (let i = 0; i < 3000; i++) {
      const [a, b] = [operand(), operand()];
      const expected = ALIKE[op]?.(ofDouble(a), ofDouble(b)) ?? 0;
      const canonical = Number.isNaN(expected) ? NAN : double(expected);
      expect([a, b, d(op, RNE, ...(op === 'sqrt' ? [a] : [a, b])).bits]).toEqual([a, b, canonical]);
    }
  });

  it('narrows doubles to singles as the host does', () => {
    const rng = new Rng(2);
    for (let i = 0; i < 3000; i++) {
      const value = (rng.word() + rng.word() / 2 ** 32 - 2 ** 31) * 2 ** (rng.below(300) - 180);
      expect(floatOperate('fromD', 's', RNE, [double(value)]).bits).toBe(single(Math.fround(value)));
    }
  });
});

describe('exceptions', () => {
  it('are those of the directed cases of the specification', () => {
    expect(d('div', RNE, double(1), 0n)).toEqual({ bits: INFINITY, flags: DZ });
    expect(d('div', RNE, 0n, MINUS_ZERO)).toEqual({ bits: NAN, flags: NV });
    expect(d('sqrt', RNE, double(-1))).toEqual({ bits: NAN, flags: NV });
    expect(d('sqrt', RNE, MINUS_ZERO)).toEqual({ bits: MINUS_ZERO, flags: 0 });
    expect(d('sub', RNE, INFINITY, INFINITY)).toEqual({ bits: NAN, flags: NV });
    expect(d('add', RNE, NAN | 5n, double(1))).toEqual({ bits: NAN, flags: 0 });
    expect(d('add', RNE, SIGNALING, double(1))).toEqual({ bits: NAN, flags: NV });
    expect(d('mul', RNE, LARGEST, double(2))).toEqual({ bits: INFINITY, flags: OF | NX });
    expect(d('mul', RTZ, LARGEST, double(2))).toEqual({ bits: LARGEST, flags: OF | NX });
    expect(d('mul', RUP, LARGEST, double(-2))).toEqual({ bits: LARGEST | MINUS_ZERO, flags: OF | NX });
    expect(d('mul', RNE, SMALLEST_NORMAL, double(0.5))).toEqual({ bits: SMALLEST_NORMAL >> 1n, flags: 0 });
    expect(d('mul', RNE, 1n, double(0.5))).toEqual({ bits: 0n, flags: UF | NX });
    expect(d('mul', RUP, 1n, double(0.5))).toEqual({ bits: 1n, flags: UF | NX });
  });

  it('raise underflow only if the result rounded with an unbounded exponent is tiny', () => {
    // (1 - 2^-53) * 2^-1022 rounds to the smallest normal number, with 53 bits as with the bits of a subnormal.
    const justBelowOne = double(1 - 2 ** -53);
    expect(d('mul', RNE, SMALLEST_NORMAL, justBelowOne)).toEqual({ bits: SMALLEST_NORMAL, flags: UF | NX });
    expect(d('madd', RNE, SMALLEST_NORMAL, justBelowOne, 0n).flags).toBe(UF | NX);
    // (1 + 2^-52)(1 - 2^-52) = 1 - 2^-104, which 53 bits round to 1.
    const product = [double((1 + 2 ** -52) * 2 ** -500), double((1 - 2 ** -52) * 2 ** -522)] as const;
    expect(d('mul', RNE, ...product)).toEqual({ bits: SMALLEST_NORMAL, flags: NX });
    expect(d('mul', RTZ, ...product)).toEqual({ bits: SMALLEST_NORMAL - 1n, flags: UF | NX });
  });

  it('are invalid for zero times infinity, whatever is added', () => {
    expect(d('madd', RNE, 0n, INFINITY, NAN)).toEqual({ bits: NAN, flags: NV });
    expect(d('nmadd', RNE, INFINITY, double(1), INFINITY | MINUS_ZERO)).toEqual({ bits: NAN, flags: NV });
  });
});

describe('zeros', () => {
  it('of an exact sum are positive, but negative when rounding down', () => {
    expect(ROUNDING_MODES.map((rm) => d('sub', rm, double(3), double(3)).bits)).toEqual([0n, 0n, MINUS_ZERO, 0n, 0n]);
    expect(d('add', RNE, MINUS_ZERO, MINUS_ZERO).bits).toBe(MINUS_ZERO);
    expect(d('msub', RDN, double(2), double(2), double(4)).bits).toBe(MINUS_ZERO);
  });

  it('are ordered for minimum and maximum, but equal', () => {
    expect(d('min', RNE, 0n, MINUS_ZERO).bits).toBe(MINUS_ZERO);
    expect(d('max', RNE, MINUS_ZERO, 0n).bits).toBe(0n);
    expect(d('eq', RNE, MINUS_ZERO, 0n)).toEqual({ bits: 1n, flags: 0 });
    expect(d('lt', RNE, MINUS_ZERO, 0n)).toEqual({ bits: 0n, flags: 0 });
  });
});

describe('NaN operands', () => {
  it('lose against numbers in min and max, and win in minm and maxm', () => {
    expect(d('min', RNE, NAN, double(1))).toEqual({ bits: double(1), flags: 0 });
    expect(d('max', RNE, double(1), SIGNALING)).toEqual({ bits: double(1), flags: NV });
    expect(d('minm', RNE, NAN | 1n, double(1))).toEqual({ bits: NAN, flags: 0 });
    expect(d('maxm', RNE, double(1), SIGNALING)).toEqual({ bits: NAN, flags: NV });
  });

  it('are invalid for lt and le, and for the quiet comparisons only if signaling', () => {
    const flags = (op: FloatOp) => [d(op, RNE, NAN, 0n).flags, d(op, RNE, 0n, SIGNALING).flags];
    expect(['eq', 'ltq', 'leq', 'lt', 'le'].map((op) => flags(op as FloatOp))).toEqual([
      [0, NV],
      [0, NV],
      [0, NV],
      [NV, NV],
      [NV, NV],
    ]);
  });
});

describe('conversions to integers', () => {
  it('saturate with NV alone', () => {
    expect(d('toI32', RTZ, double(2 ** 31))).toEqual({ bits: 0x7fff_ffffn, flags: NV });
    expect(d('toI32', RTZ, double(-(2 ** 31) - 0.5))).toEqual({ bits: 0xffff_ffff_8000_0000n, flags: NX });
    expect(d('toI32', RDN, double(-(2 ** 31) - 0.5))).toEqual({ bits: 0xffff_ffff_8000_0000n, flags: NV });
    expect(d('toU32', RTZ, double(-0.75))).toEqual({ bits: 0n, flags: NX });
    expect(d('toU32', RMM, double(-0.5))).toEqual({ bits: 0n, flags: NV });
    expect(d('toU64', RTZ, NAN | MINUS_ZERO)).toEqual({ bits: (1n << 64n) - 1n, flags: NV });
    expect(d('toI64', RTZ, INFINITY | MINUS_ZERO)).toEqual({ bits: 1n << 63n, flags: NV });
  });

  it('sign-extend unsigned words too', () => {
    expect(d('toU32', RTZ, double(2 ** 32 - 1))).toEqual({ bits: (1n << 64n) - 1n, flags: 0 });
  });

  it('wrap in the modular one, with the flags of the other', () => {
    expect(d('toI32Modular', RTZ, double(2 ** 32 + 5))).toEqual({ bits: 5n, flags: NV });
    expect(d('toI32Modular', RTZ, double(-1.5))).toEqual({ bits: (1n << 64n) - 1n, flags: NX });
    expect(d('toI32Modular', RTZ, INFINITY)).toEqual({ bits: 0n, flags: NV });
    expect(d('toI32Modular', RTZ, double(2 ** 31 * 3))).toEqual({ bits: 0xffff_ffff_8000_0000n, flags: NV });
  });
});

describe('rounding to an integer', () => {
  it('keeps the sign of zero, and is inexact only where that is asked', () => {
    expect(d('round', RUP, double(-0.5))).toEqual({ bits: MINUS_ZERO, flags: 0 });
    expect(d('roundInexact', RMM, double(2.5))).toEqual({ bits: double(3), flags: NX });
    expect(d('roundInexact', RNE, double(2.5))).toEqual({ bits: double(2), flags: NX });
    expect(d('round', RNE, SIGNALING)).toEqual({ bits: NAN, flags: NV });
    expect(d('round', RNE, LARGEST)).toEqual({ bits: LARGEST, flags: 0 });
  });
});

describe('patterns', () => {
  it('are read back from a register only when boxed', () => {
    for (const format of FLOAT_FORMATS) {
      const one = floatOperate('fromI32', format, RNE, [1n]).bits;
      expect(unbox(format, box(format, one))).toBe(one);
    }
    expect(box('s', 0x3f80_0000n)).toBe(0xffff_ffff_3f80_0000n);
    expect(unbox('s', 0x3f80_0000n)).toBe(SHAPES.s.canonicalNan);
    expect(unbox('h', 0xffff_ffff_0000_3c00n)).toBe(0x7e00n);
  });

  it('have one class each', () => {
    const patterns = [INFINITY, double(1), 1n, 0n].map((bits) => bits | MINUS_ZERO);
    const all = [...patterns, 0n, 1n, double(1), INFINITY, SIGNALING, NAN];
    expect(all.map((bits) => d('classify', RNE, bits).bits)).toEqual(CLASSES.map((_, bit) => 1n << BigInt(bit)));
  });

  it('of fli are the constants of the specification in each format', () => {
    expect(FLI_CONSTANTS.d).toHaveLength(32);
    expect(FLI_CONSTANTS.h.slice(0, 4)).toEqual([0xbc00n, 0x0400n, 0x0100n, 0x0200n]);
    expect(FLI_CONSTANTS.h.slice(28)).toEqual([0x7800n, 0x7c00n, 0x7c00n, 0x7e00n]);
    expect(FLI_CONSTANTS.s.slice(28)).toEqual([0x4700_0000n, 0x4780_0000n, 0x7f80_0000n, 0x7fc0_0000n]);
    expect(FLI_CONSTANTS.d.slice(17, 20).map(ofDouble)).toEqual([1.25, 1.5, 1.75]);
  });
});
