/** The constants of Zfa's `fli` as text. [Unprivileged ISA, Zfa, "Load-Immediate Instructions"] */

/** By their number, in decimal; `min` is the smallest normal number of the format. */
export const FLI_DECIMALS: readonly string[] = [
  ...['-1', 'min', '1.52587890625e-05', '3.0517578125e-05', '0.00390625', '0.0078125', '0.0625', '0.125'],
  ...['0.25', '0.3125', '0.375', '0.4375', '0.5', '0.625', '0.75', '0.875'],
  ...['1', '1.25', '1.5', '1.75', '2', '2.5', '3', '4'],
  ...['8', '16', '128', '256', '32768', '65536', 'inf', 'nan'],
];

const BITS_OF_DIGIT = 4;

/** `0x1.8p-1`, as C prints a number with %a; names stay. */
function hexadecimal(decimal: string): string {
  const value = Number(decimal);
  if (!Number.isFinite(value)) return decimal;
  const magnitude = Math.abs(value);
  const exponent = Math.floor(Math.log2(magnitude));
  const fraction = (magnitude / 2 ** exponent).toString(16).slice(1);
  return `${value < 0 ? '-' : ''}0x1${fraction}p${exponent < 0 ? '' : '+'}${exponent}`;
}

/** The same as objdump prints them. */
export const FLI_TEXTS: readonly string[] = FLI_DECIMALS.map(hexadecimal);

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/;

/** Value of a decimal or hexadecimal floating-point literal in lower case; NaN for anything else. */
function literalValue(text: string): number {
  if (DECIMAL.test(text)) return Number(text);
  const [, sign, whole = '', fraction = '', exponent = ''] = HEXADECIMAL.exec(text) ?? [];
  if (whole + fraction === '') return Number.NaN;
  const digits = Number.parseInt(whole + fraction, 16);
  return (sign === '-' ? -1 : 1) * digits * 2 ** (Number(exponent) - BITS_OF_DIGIT * fraction.length);
}

/** Number of the constant that a literal or a name stands for; undefined when there is none. */
export function fliNumber(text: string): number | undefined {
  const found = FLI_DECIMALS.findIndex((known) => known === text || Number(known) === literalValue(text.toLowerCase()));
  return found < 0 ? undefined : found;
}
