import { expect, it } from 'vitest';
import { strtoul } from './strtoul.ts';

// Values that strtoul of glibc 2.36 gives for these texts.
it.each([
  ['12', 12n],
  ['0x1F', 31n],
  ['010', 8n],
  ['089', 0n],
  ['0x', 0n],
  ['', 0n],
  ['TIMER', 0n],
  ['12abc', 12n],
  [' +5', 5n],
  ['-1', 0xffffffffffffffffn],
  ['-0x10', 0xfffffffffffffff0n],
  ['18446744073709551615', 0xffffffffffffffffn],
  ['18446744073709551616', 0xffffffffffffffffn],
  ['-99999999999999999999', 0xffffffffffffffffn],
])('reads %j as the C library does', (text, value) => {
  expect(strtoul(text)).toBe(value);
});
