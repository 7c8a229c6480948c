import { describe, expect, it } from 'vitest';
import { counted, duration, grouped, hex, mips, mipsWords } from './format.ts';

describe('numbers on the page', () => {
  it('groups digits by thousands', () => {
    expect([0, 999, 1000, 1234567, 48210.9].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567', '48,210']);
  });

  it('chooses the unit of a time by its size', () => {
    expect([0, 840, 6100, 12_463_000, 3_200_000_000].map(duration)).toEqual([
      '0 ns',
      '840 ns',
      '6.1 µs',
      '12.463 ms',
      '3.200 s',
    ]);
  });

  it('pads hexadecimal to the digits asked for', () => {
    expect([hex(0x489n, 16), hex(255)]).toEqual(['0x0000000000000489', '0xff']);
  });

  it('has no rate before anything ran', () => {
    expect([mips(0, 5), mips(5000, 3), mips(200_000_000, 1000)]).toEqual([null, null, 200]);
    expect([mipsWords(null), mipsWords(2.345), mipsWords(1820.2)]).toEqual(['–', '2.3 MIPS', '1,820 MIPS']);
  });

  it('uses the singular for one', () => {
    expect([counted(1, 'exit'), counted(2000, 'exit'), counted(0, 'entry', 'entries')]).toEqual([
      '1 exit',
      '2,000 exits',
      '0 entries',
    ]);
  });
});
