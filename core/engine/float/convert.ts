/** Conversions between singles, doubles and integers. */
import type { IntegerType } from '../../float/index.ts';
import { OP, type Op, VALTYPE } from '../../wasm/index.ts';
import { type FastFormat, type FastWriter, OPS } from './writer.ts';

/** Exact, but for NaNs. */
export function widen(f: FastWriter): void {
  const value = f.promote(f.known('s', 0).value);
  f.isNumber('d', value);
  f.if(() => f.return(f.bitsOf('d', value)));
  f.askHost();
}

export function narrow(f: FastWriter): void {
  f.whenNearest(() => {
    const a = f.known('d', 0);
    f.code.get(a.value).op(OP.f32_demote_f64);
    const value = f.keep(VALTYPE.f32);
    const bits = f.bitsOf('s', value);
    f.isSafelyNormal('s', bits);
    f.if(() => f.returnUnlessNewlyInexact('f', bits, () => f.compare('d', 'eq', f.promote(value), a.value)));
    f.isZero('d', a.bits);
    f.if(() => f.return(bits));
  });
  f.askHost();
}

interface Integer {
  /** A double from an i32 or i64, and back if it is in range. */
  readonly toDouble: Op;
  readonly fromDouble: Op;
  readonly toSingle: Op;
  readonly words: boolean;
  /** The smallest one; the largest is below `end`. */
  readonly min: number;
  readonly end: number;
}

const INTEGERS: Readonly<Record<IntegerType, Integer>> = {
  i32: {
    toDouble: OP.f64_convert_i32_s,
    fromDouble: OP.i32_trunc_f64_s,
    toSingle: OP.f32_convert_i32_s,
    words: true,
    min: -(2 ** 31),
    end: 2 ** 31,
  },
  u32: {
    toDouble: OP.f64_convert_i32_u,
    fromDouble: OP.i32_trunc_f64_u,
    toSingle: OP.f32_convert_i32_u,
    words: true,
    min: 0,
    end: 2 ** 32,
  },
  i64: {
    toDouble: OP.f64_convert_i64_s,
    fromDouble: OP.i64_trunc_f64_s,
    toSingle: OP.f32_convert_i64_s,
    words: false,
    min: -(2 ** 63),
    end: 2 ** 63,
  },
  u64: {
    toDouble: OP.f64_convert_i64_u,
    fromDouble: OP.i64_trunc_f64_u,
    toSingle: OP.f32_convert_i64_u,
    words: false,
    min: 0,
    end: 2 ** 64,
  },
};

/** Leaves whether the double lies where the integers do. */
function isInRange(f: FastWriter, value: number, { min, end }: Integer): void {
  f.both(
    () => f.code.get(value).f64(min).op(OP.f64_ge),
    () => f.code.get(value).f64(end).op(OP.f64_lt),
  );
}

export function toInteger(f: FastWriter, format: FastFormat, type: IntegerType): void {
  const integer = INTEGERS[type];
  const { value } = f.known(format, 0);
  f.withIntegral(format, value, (rounded) => {
    const wide = format === 's' ? f.promote(rounded) : rounded;
    isInRange(f, wide, integer);
    f.if(() => {
      f.code.get(wide).op(integer.fromDouble);
      if (integer.words) f.code.op(OP.i64_extend_i32_s);
      const result = f.keep(VALTYPE.i64);
      f.returnUnlessNewlyInexact('x', result, () => f.compare(format, 'eq', rounded, value));
    });
  });
  f.askHost();
}

export function fromInteger(f: FastWriter, format: FastFormat, type: IntegerType): void {
  const { code } = f;
  const integer = INTEGERS[type];
  const pushSource = () => {
    code.get(f.operand(0));
    if (integer.words) code.op(OP.i32_wrap_i64);
  };
  const convert = () => {
    pushSource();
    code.op(format === 's' ? integer.toSingle : integer.toDouble);
    return f.keep(OPS[format].type);
  };
  if (format === 'd' && integer.words) {
    f.return(f.bitsOf(format, convert()));
    return;
  }
  f.whenNearest(() => {
    const value = convert();
    f.returnUnlessNewlyInexact('f', f.bitsOf(format, value), () => isConverted(f, format, integer, value, pushSource));
  });
  f.askHost();
}

/** Leaves whether the number converts back to the source; rounded up it may be beyond all integers. */
function isConverted(f: FastWriter, format: FastFormat, integer: Integer, value: number, pushSource: () => void): void {
  const { code } = f;
  const wide = format === 's' ? f.promote(value) : value;
  isInRange(f, wide, integer);
  code.if(VALTYPE.i32);
  code.get(wide).op(integer.fromDouble);
  pushSource();
  code.op(integer.words ? OP.i32_eq : OP.i64_eq);
  code.else().i32(0).end();
}

/** To an integer in the same format; `tells` if it is inexact when that is a change. */
export function toIntegral(f: FastWriter, format: FastFormat, tells: boolean): void {
  const { value } = f.known(format, 0);
  f.withIntegral(format, value, (rounded) => {
    f.isNumber(format, rounded);
    f.if(() => {
      const bits = f.bitsOf(format, rounded);
      if (tells) f.returnUnlessNewlyInexact('f', bits, () => f.compare(format, 'eq', rounded, value));
      else f.return(bits);
    });
  });
  f.askHost();
}
