/** Numbers as the C library reads them from a command line. [ISO C, strtoul with base 0] */
import { U64_MAX, u64 } from '../../base/u64.ts';

const NUMBER = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/;

/** The value of the longest number that the text begins with, of 64 bits; 0 without one, and the largest value for a larger one. */
export function strtoul(text: string): bigint {
  const [, sign = '', digits = ''] = NUMBER.exec(text) ?? [];
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  if (value > U64_MAX) return U64_MAX;
  return sign === '-' ? u64(-value) : value;
}
