/** The constants that Zfa's `fli` loads. [Unprivileged ISA, Zfa, "Load-Immediate Instructions"] */
import { changeFormat } from './convert.ts';
import { type FloatFormat, SHAPES } from './format.ts';
import { ROUNDING } from './round.ts';

const VALUES: readonly (number | 'smallest normal' | 'NaN')[] = [
  ...[-1, 'smallest normal' as const, 2 ** -16, 2 ** -15, 2 ** -8, 2 ** -7, 0.0625, 0.125],
  ...[0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875],
  ...[1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4],
  ...[8, 16, 128, 256, 2 ** 15, 2 ** 16, Number.POSITIVE_INFINITY, 'NaN' as const],
];

function bitsOfNumber(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function pattern(format: FloatFormat, value: (typeof VALUES)[number]): bigint {
  if (value === 'NaN') return SHAPES[format].canonicalNan;
  if (value === 'smallest normal') return 1n << BigInt(SHAPES[format].fractionBits);
  // 2^16 is above the halves: there the constant is infinity.
  return changeFormat('d', format, ROUNDING.RNE, bitsOfNumber(value)).bits;
}

const patterns = (format: FloatFormat): readonly bigint[] => VALUES.map((value) => pattern(format, value));

/** Bit patterns by the five-bit number in the instruction's rs1 field. */
export const FLI_CONSTANTS: Readonly<Record<FloatFormat, readonly bigint[]>> = {
  h: patterns('h'),
  s: patterns('s'),
  d: patterns('d'),
};
