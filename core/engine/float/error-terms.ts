/**
 * The error of a rounded sum or product, itself a number of the format: rounded and error together are the exact value.
 * [Dekker, "A floating-point technique for extending the available precision", 1971; Knuth, TAOCP 2, 4.2.2]
 */
import { OP, VALTYPE } from '../../wasm/index.ts';
import { type FastFormat, type FastWriter, type Known, OPS } from './writer.ts';

/** Of `sum`, the rounded `a + b`. Exact unless something is not finite; then it is a NaN. */
export function errorOfSum(
  f: FastWriter,
  format: FastFormat,
  { a, b, sum }: { readonly a: number; readonly b: number; readonly sum: number },
): number {
  const { code } = f;
  const { type, add, sub } = OPS[format];
  code.get(sum).get(a).op(sub);
  const partOfB = f.keep(type);
  code.get(a).get(sum).get(partOfB).op(sub).op(sub);
  code.get(b).get(partOfB).op(sub).op(add);
  return f.keep(type);
}

/** Bits of a double that its lower half gets, so that products of halves are exact. */
const LOWER_BITS = 27n;

/** The double rounded to 26 bits, and what that leaves, which has 26 too. */
function halves(f: FastWriter, { value, bits }: Known): { readonly high: number; readonly low: number } {
  const { code } = f;
  const half = 1n << (LOWER_BITS - 1n);
  code
    .get(bits)
    .i64(half)
    .op(OP.i64_add)
    .i64(-2n * half)
    .op(OP.i64_and)
    .op(OP.f64_reinterpret_i64);
  const high = f.keep(VALTYPE.f64);
  return { high, low: f.compute('d', 'sub', value, high) };
}

/**
 * Of `product`, the rounded double `a * b`: exact if that is at least `EXACT_PRODUCT`, since then no part is below the
 * subnormals. What overflows on the way makes it infinite or a NaN.
 */
export function errorOfProduct(f: FastWriter, a: Known, b: Known, product: number): number {
  const { code } = f;
  const [left, right] = [halves(f, a), halves(f, b)];
  const times = (x: number, y: number) => code.get(x).get(y).op(OP.f64_mul);
  times(left.high, right.high).get(product).op(OP.f64_sub);
  times(left.high, right.low).op(OP.f64_add);
  times(left.low, right.high).op(OP.f64_add);
  times(left.low, right.low).op(OP.f64_add);
  return f.keep(VALTYPE.f64);
}

const BIAS = 1023n;
const FRACTION_BITS = 52n;
/** Pattern of the double 2^exponent. */
const powerOfTwo = (exponent: bigint): bigint => (exponent + BIAS) << FRACTION_BITS;
/** 106 bits below it there still are numbers: twice the precision of a double. */
export const EXACT_PRODUCT = powerOfTwo(-900n);
/** Numbers below it leave room for all that is computed from them. */
export const LARGE = powerOfTwo(900n);
