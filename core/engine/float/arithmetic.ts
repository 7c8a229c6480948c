/** Sums, products, quotients and roots. */
import { SHAPES } from '../../float/index.ts';
import { OP } from '../../wasm/index.ts';
import { EXACT_PRODUCT, errorOfProduct, errorOfSum, LARGE } from './error-terms.ts';
import type { FastFormat, FastWriter, Known } from './writer.ts';

/** That is finite: a sum never underflows, as all sums in the subnormals are exact. */
export function sum(f: FastWriter, format: FastFormat, subtracts: boolean): void {
  f.whenNearest(() => {
    const a = f.known(format, 0).value;
    const second = f.known(format, 1).value;
    const b = subtracts ? f.compute(format, 'neg', second) : second;
    const { value, bits } = f.result(format, 'add', a, b);
    f.within(format, bits, 0n, SHAPES[format].infinity);
    f.if(() =>
      f.returnUnlessNewlyInexact('f', bits, () => f.isZeroNumber(format, errorOfSum(f, format, { a, b, sum: value }))),
    );
  });
  f.askHost();
}

export function product(f: FastWriter, format: FastFormat): void {
  f.whenNearest(() => {
    const [a, b] = [f.known(format, 0), f.known(format, 1)];
    const result = f.result(format, 'mul', a.value, b.value);
    f.isSafelyNormal(format, result.bits);
    f.if(() => f.returnUnlessNewlyInexact('f', result.bits, () => isExactProduct(f, format, a, b, result)));
    const zeroFactor = () =>
      f.either(
        () => f.isZero(format, a.bits),
        () => f.isZero(format, b.bits),
      );
    f.both(() => f.isZero(format, result.bits), zeroFactor);
    f.if(() => f.return(result.bits));
  });
  f.askHost();
}

function isExactProduct(f: FastWriter, format: FastFormat, a: Known, b: Known, result: Known): void {
  if (format === 's') {
    isProductOfSingles(f, result, a, b);
    return;
  }
  f.both(
    () => f.within('d', result.bits, EXACT_PRODUCT, SHAPES.d.infinity),
    () => f.isZeroNumber('d', errorOfProduct(f, a, b, result.value)),
  );
}

/** Leaves whether the product of two singles is a third: a double holds it exactly. */
function isProductOfSingles(f: FastWriter, whole: Known, a: Known, b: Known): void {
  const [left, right, wanted] = [a, b, whole].map(({ value }) => f.promote(value)) as [number, number, number];
  f.code.get(left).get(right).op(OP.f64_mul).get(wanted).op(OP.f64_eq);
}

export function quotient(f: FastWriter, format: FastFormat): void {
  f.whenNearest(() => {
    const [a, b] = [f.known(format, 0), f.known(format, 1)];
    const result = f.result(format, 'div', a.value, b.value);
    f.isSafelyNormal(format, result.bits);
    f.if(() => f.returnUnlessNewlyInexact('f', result.bits, () => isProduct(f, format, a, result, b)));
    f.both(
      () => f.isZero(format, result.bits),
      () => f.isZero(format, a.bits),
    );
    f.if(() => f.return(result.bits));
  });
  f.askHost();
}

/** Leaves whether `whole` is `a * b`, which is known to be within a few units in its last place. */
function isProduct(f: FastWriter, format: FastFormat, whole: Known, a: Known, b: Known): void {
  if (format === 's') {
    isProductOfSingles(f, whole, a, b);
    return;
  }
  f.both(
    () => f.within('d', whole.bits, EXACT_PRODUCT, LARGE),
    () => {
      const rounded = f.compute('d', 'mul', a.value, b.value);
      const error = errorOfProduct(f, a, b, rounded);
      // So near each other their difference is exact.
      f.code.get(whole.value).get(rounded).op(OP.f64_sub).get(error).op(OP.f64_eq);
    },
  );
}

export function root(f: FastWriter, format: FastFormat): void {
  f.whenNearest(() => {
    const a = f.known(format, 0);
    const result = f.result(format, 'sqrt', a.value);
    // Roots neither overflow nor underflow; below zero they are NaNs.
    f.within(format, result.bits, 1n, SHAPES[format].infinity);
    f.if(() => f.returnUnlessNewlyInexact('f', result.bits, () => isProduct(f, format, a, result, result)));
    f.isZero(format, a.bits);
    f.if(() => f.return(a.bits));
  });
  f.askHost();
}
