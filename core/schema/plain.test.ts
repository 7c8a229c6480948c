import { describe, expect, it } from 'vitest';
import * as plain from './plain.ts';

const POINT = plain.record({
  name: plain.text,
  at: plain.hex64,
  parts: plain.listOf(plain.record({ size: plain.count, kind: plain.oneOf('a', 'b') })),
  note: plain.optional(plain.text),
});
const GOOD = { name: 'n', at: '0x1f', parts: [{ size: 0, kind: 'a' }] };
const SIZED = { size: 1, kind: 'a' };

describe('plain data', () => {
  it('come back as they are when they have the shape, through JSON and a structured clone', () => {
    expect(plain.readPlain(POINT, JSON.parse(JSON.stringify(GOOD)))).toEqual(GOOD);
    expect(plain.readPlain(POINT, structuredClone({ ...GOOD, note: '' }))).toEqual({ ...GOOD, note: '' });
  });

  it.each([
    [null, 'machine: null is not an object'],
    [{ ...GOOD, name: undefined }, 'machine.name: undefined is not text'],
    [{ at: '0x1', parts: [] }, 'machine.name: is missing'],
    [
      { ...GOOD, at: '0x10000000000000000' },
      'machine.at: "0x10000000000000000" is not a hexadecimal number of at most 64 bits',
    ],
    [{ ...GOOD, at: 31 }, 'machine.at: 31 is not a hexadecimal number'],
    [
      { ...GOOD, parts: [SIZED, { ...SIZED, size: -1 }] },
      'machine.parts.1.size: -1 is not a whole number from 0 to 2^53 - 1',
    ],
    [{ ...GOOD, parts: [{ ...SIZED, kind: 'c' }] }, 'machine.parts.0.kind: "c" is not one of a, b'],
    [{ ...GOOD, parts: 'none' }, 'machine.parts: "none" is not a list'],
    [{ ...GOOD, extra: 1 }, 'machine.extra: is not known here'],
  ])('of another shape are refused with their place: %j', (data, message) => {
    expect(() => plain.readPlain(POINT, data, 'machine')).toThrow(new plain.PlainError('', message).message);
  });

  it('keep the place of what was found inside of them', () => {
    const inner = () => plain.readPlain(plain.listOfLength(plain.hexBytes, 1), ['0x']);
    expect(() => plain.at('outer', inner)).toThrow('outer.0: "0x" is not bytes in hexadecimal');
    expect(() => plain.at('outer', () => plain.readPlain(plain.listOfLength(plain.flag, 2), [true]))).toThrow(
      'outer: has 1 items where 2 are expected',
    );
  });
});
