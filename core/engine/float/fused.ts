/** Fused multiply-add, which WebAssembly has not: put together from parts whose errors are known exactly. */
import { type FusedSigns, SHAPES } from '../../float/index.ts';
import { OP, VALTYPE } from '../../wasm/index.ts';
import { EXACT_PRODUCT, errorOfProduct, errorOfSum, LARGE } from './error-terms.ts';
import type { FastFormat, FastWriter, Known } from './writer.ts';

export function fused(f: FastWriter, format: FastFormat, signs: FusedSigns): void {
  f.whenNearest(() => {
    const a = signs.product ? negated(f, format, 0) : f.known(format, 0);
    const b = f.known(format, 1);
    const c = signs.addend ? negated(f, format, 2) : f.known(format, 2);
    if (format === 's') ofSingles(f, a, b, c);
    else ofDoubles(f, a, b, c);
  });
  f.askHost();
}

function negated(f: FastWriter, format: FastFormat, index: number): Known {
  f.code.get(f.operand(index)).i64(SHAPES[format].signBit).op(OP.i64_xor);
  const bits = f.keep(VALTYPE.i64);
  return { bits, value: f.numberOf(format, bits) };
}

/** Rounding to odd keeps in the last bit that there was more, so that a second rounding is as good as one. */
function sumToOdd(f: FastWriter, a: number, b: number): { readonly value: number; readonly error: number } {
  const { code } = f;
  const nearest = f.result('d', 'add', a, b);
  const error = errorOfSum(f, 'd', { a, b, sum: nearest.value });
  const errorBits = f.bitsOf('d', error);
  // Towards the exact value: away from zero if the error has the sign of the sum.
  code.get(nearest.bits).get(errorBits).op(OP.i64_xor).i64(63).op(OP.i64_shr_s).i64(1).op(OP.i64_or);
  code.get(nearest.bits).op(OP.i64_add);
  code.get(nearest.bits);
  code.get(error).f64(0).op(OP.f64_ne);
  code.get(nearest.bits).op(OP.i32_wrap_i64).i32(-1).op(OP.i32_xor).op(OP.i32_and).i32(1).op(OP.i32_and);
  code.op(OP.select).op(OP.f64_reinterpret_i64);
  return { value: f.keep(VALTYPE.f64), error };
}

/** A double holds the product exactly, and the sum rounded to odd well enough to round it to a single. */
function ofSingles(f: FastWriter, a: Known, b: Known, c: Known): void {
  const product = f.compute('d', 'mul', f.promote(a.value), f.promote(b.value));
  const sum = sumToOdd(f, product, f.promote(c.value));
  f.code.get(sum.value).op(OP.f32_demote_f64);
  const value = f.keep(VALTYPE.f32);
  const bits = f.bitsOf('s', value);
  f.isSafelyNormal('s', bits);
  f.if(() =>
    f.returnUnlessNewlyInexact('f', bits, () =>
      f.both(
        () => f.isZeroNumber('d', sum.error),
        () => f.code.get(f.promote(value)).get(sum.value).op(OP.f64_eq),
      ),
    ),
  );
  f.isZeroNumber('d', sum.value);
  f.if(() => f.return(bits));
}

/** [Boldo, Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008] */
function ofDoubles(f: FastWriter, a: Known, b: Known, c: Known): void {
  const product = f.result('d', 'mul', a.value, b.value);
  f.both(
    () => f.within('d', product.bits, EXACT_PRODUCT, LARGE),
    () => f.within('d', c.bits, 0n, LARGE),
  );
  f.if(() => {
    const low = errorOfProduct(f, a, b, product.value);
    const lowSum = f.compute('d', 'add', c.value, low);
    const lowError = errorOfSum(f, 'd', { a: c.value, b: low, sum: lowSum });
    const high = f.compute('d', 'add', product.value, lowSum);
    const highError = errorOfSum(f, 'd', { a: product.value, b: lowSum, sum: high });
    const rest = sumToOdd(f, lowError, highError);
    const result = f.result('d', 'add', high, rest.value);
    f.isSafelyNormal('d', result.bits);
    f.if(() =>
      f.returnUnlessNewlyInexact('f', result.bits, () =>
        f.both(
          () => f.isZeroNumber('d', rest.error),
          () => f.isZeroNumber('d', errorOfSum(f, 'd', { a: high, b: rest.value, sum: result.value })),
        ),
      ),
    );
    // All parts are far above the smallest number, so that a zero is exact.
    f.isZero('d', result.bits);
    f.if(() => {
      f.code.i64(0);
      f.leave();
    });
  });
  ofZeroProduct(f, a, b, c, product.value);
}

/** Then the sum is exact. */
function ofZeroProduct(f: FastWriter, a: Known, b: Known, c: Known, product: number): void {
  f.either(
    () => f.isZero('d', a.bits),
    () => f.isZero('d', b.bits),
  );
  f.if(() => {
    const { bits } = f.result('d', 'add', product, c.value);
    f.within('d', bits, 0n, SHAPES.d.infinity);
    f.if(() => f.return(bits));
  });
}
