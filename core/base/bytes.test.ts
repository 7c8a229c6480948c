import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignDown, alignUp, concat, cString, fromLittleEndian, toLittleEndian, utf8 } from './bytes.ts';

describe('bytes', () => {
  it('reads back the little-endian field it wrote, cut to its length', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(1, 2, 4, 8), (value, length) => {
        expect(fromLittleEndian(toLittleEndian(value, length))).toBe(BigInt.asUintN(8 * length, value));
      }),
    );
  });

  it('stops a string at its NUL, or at the end of the bytes', () => {
    const bytes = concat([utf8('ab'), Uint8Array.of(0), utf8('cd')]);
    expect(cString(bytes, 0)).toBe('ab');
    expect(cString(bytes, 3)).toBe('cd');
  });

  it('rounds to a power of two on either side', () => {
    expect([alignDown(0x1fffn, 0x1000n), alignUp(0x1001n, 0x1000n), alignUp(0x1000n, 0x1000n)]).toEqual([
      0x1000n,
      0x2000n,
      0x1000n,
    ]);
  });
});
