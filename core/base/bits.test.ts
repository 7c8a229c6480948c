import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf, hex, lowBits, maskOf, popcount, signExtend } from './bits.ts';
import { fromHalves, highHalf, lowHalf, s64, sext32, u64, u64FromNumber } from './u64.ts';

describe('bits of a word', () => {
  it('are unsigned, up to all 32', () => {
    expect([lowBits(-1, 32), lowBits(-1, 5), bitsOf(0xffff_ffff, 0, 32), bitsOf(0x8000_0000, 31, 1)]).toEqual([
      0xffff_ffff, 31, 0xffff_ffff, 1,
    ]);
    expect([maskOf(0, 32), maskOf(31, 1), maskOf(7, 5)]).toEqual([0xffff_ffff, 0x8000_0000, 0xf80]);
    expect([popcount(0), popcount(0xffff_ffff), popcount(0x8000_0001)]).toEqual([0, 32, 2]);
  });

  it('extend their sign from any width', () => {
    expect([signExtend(0x800, 12), signExtend(0x7ff, 12), signExtend(0x8000_0000, 32), signExtend(1, 1)]).toEqual([
      -2048,
      2047,
      -(2 ** 31),
      -1,
    ]);
  });

  it('print as hexadecimal of at least so many digits', () => {
    expect([hex(10), hex(10, 4), hex(2n ** 64n - 1n)]).toEqual(['0xa', '0x000a', '0xffffffffffffffff']);
  });
});

describe('64-bit values', () => {
  it('are kept modulo 2^64', () => {
    expect([u64(-1n), s64(2n ** 63n), u64FromNumber(-2)]).toEqual([2n ** 64n - 1n, -(2n ** 63n), 2n ** 64n - 2n]);
  });

  it('are taken into halves and put together, whatever the sign and size of the numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(fromHalves(highHalf(value), lowHalf(value))).toBe(value);
        expect([lowHalf(value), highHalf(value)]).toEqual([Number(value & 0xffff_ffffn), Number(value >> 32n)]);
      }),
    );
    expect([fromHalves(-1, -2), fromHalves(0, 2 ** 53 - 1)]).toEqual([2n ** 64n - 2n, 0xffff_ffffn]);
  });

  it('extend the sign of their low half', () => {
    expect([sext32(0x1_8000_0000n), sext32(0x1_7fff_ffffn)]).toEqual([0xffff_ffff_8000_0000n, 0x7fff_ffffn]);
  });
});
