/** What only looks at operands: minimum and maximum, comparisons, classes. */
import { SHAPES } from '../../float/index.ts';
import { OP, VALTYPE } from '../../wasm/index.ts';
import type { FastFormat, FastWriter } from './writer.ts';

/** Of two numbers: wasm too has -0 below +0, and gives a NaN if either is one. */
export function extreme(f: FastWriter, format: FastFormat, which: 'min' | 'max'): void {
  const [a, b] = [f.known(format, 0), f.known(format, 1)];
  const result = f.result(format, which, a.value, b.value);
  f.isNumber(format, result.value);
  f.if(() => f.return(result.bits));
  f.askHost();
}

/** If neither relation between the operands nor its opposite holds, one is a NaN, and the host's. */
export function comparison(f: FastWriter, format: FastFormat, relation: 'eq' | 'lt' | 'le'): void {
  const [a, b] = [f.known(format, 0).value, f.known(format, 1).value];
  f.compare(format, relation, a, b);
  f.if(() => answer(f, 1));
  if (relation === 'eq')
    f.either(
      () => f.compare(format, 'lt', a, b),
      () => f.compare(format, 'lt', b, a),
    );
  else f.compare(format, relation === 'lt' ? 'le' : 'lt', b, a);
  f.if(() => answer(f, 0));
  f.askHost();
}

function answer(f: FastWriter, value: 0 | 1): void {
  f.code.i64(value);
  f.leave();
}

/** Number of the bit for a positive zero; those for larger classes follow, those of negative ones precede in mirrored order. */
const POSITIVE_ZERO = 4;
const MIRROR = 7;
const SIGNALING_NAN = 8;

export function classify(f: FastWriter, format: FastFormat): void {
  const { code } = f;
  const { fractionBits, infinity, canonicalNan, width } = SHAPES[format];
  const bits = f.operand(0);
  const smallestNormal = 1n << BigInt(fractionBits);
  const atLeast = (limit: bigint) => {
    f.within(format, bits, limit, SHAPES[format].signBit);
  };
  const bitFor = (push: () => void) => {
    code.i64(1);
    push();
    code.op(OP.i64_extend_i32_u).op(OP.i64_shl);
    f.leave();
  };
  atLeast(infinity + 1n);
  f.if(() =>
    bitFor(() => {
      atLeast(canonicalNan);
      code.i32(SIGNALING_NAN).op(OP.i32_add);
    }),
  );
  const rank = code.local(VALTYPE.i32);
  code.i32(POSITIVE_ZERO);
  for (const limit of [1n, smallestNormal, infinity]) {
    atLeast(limit);
    code.op(OP.i32_add);
  }
  code.set(rank);
  bitFor(() => {
    code.i32(MIRROR).get(rank).op(OP.i32_sub).get(rank);
    code
      .get(bits)
      .i64(width - 1)
      .op(OP.i64_shr_u)
      .op(OP.i32_wrap_i64)
      .op(OP.select);
  });
}
