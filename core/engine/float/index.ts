/** The floating-point operations that generated code does itself where it can. */
import type { FloatFormat, FloatOp } from '../../float/index.ts';
import { floatOperation } from '../../float/index.ts';
import type { CodeBuilder } from '../../wasm/index.ts';
import { product, quotient, root, sum } from './arithmetic.ts';
import { classify, comparison, extreme } from './compare.ts';
import { fromInteger, narrow, toInteger, toIntegral, widen } from './convert.ts';
import { fused } from './fused.ts';
import { type FastFormat, FastWriter, type FloatFrame, type HostOperation } from './writer.ts';

export type { FloatFrame, HostOperation } from './writer.ts';

type Write = (f: FastWriter, format: FastFormat) => void;

/** What is not here is the host's alone: half precision, and what is rare. */
const WRITERS: Partial<Record<FloatOp, Write>> = {
  add: (f, format) => sum(f, format, false),
  sub: (f, format) => sum(f, format, true),
  mul: product,
  div: quotient,
  sqrt: root,
  madd: (f, format) => fused(f, format, { product: false, addend: false }),
  msub: (f, format) => fused(f, format, { product: false, addend: true }),
  nmsub: (f, format) => fused(f, format, { product: true, addend: false }),
  nmadd: (f, format) => fused(f, format, { product: true, addend: true }),
  min: (f, format) => extreme(f, format, 'min'),
  max: (f, format) => extreme(f, format, 'max'),
  minm: (f, format) => extreme(f, format, 'min'),
  maxm: (f, format) => extreme(f, format, 'max'),
  eq: (f, format) => comparison(f, format, 'eq'),
  lt: (f, format) => comparison(f, format, 'lt'),
  le: (f, format) => comparison(f, format, 'le'),
  ltq: (f, format) => comparison(f, format, 'lt'),
  leq: (f, format) => comparison(f, format, 'le'),
  classify,
  toI32: (f, format) => toInteger(f, format, 'i32'),
  toU32: (f, format) => toInteger(f, format, 'u32'),
  toI64: (f, format) => toInteger(f, format, 'i64'),
  toU64: (f, format) => toInteger(f, format, 'u64'),
  fromI32: (f, format) => fromInteger(f, format, 'i32'),
  fromU32: (f, format) => fromInteger(f, format, 'u32'),
  fromI64: (f, format) => fromInteger(f, format, 'i64'),
  fromU64: (f, format) => fromInteger(f, format, 'u64'),
  fromS: widen,
  fromD: narrow,
  round: (f, format) => toIntegral(f, format, false),
  roundInexact: (f, format) => toIntegral(f, format, true),
};

/**
 * Emits the operation, which leaves what `floatOperate` gives, and raises what it raises by way of the host. Emits nothing
 * and gives false when the operation is the host's alone.
 */
export function emitFastFloat(
  code: CodeBuilder,
  frame: FloatFrame,
  op: FloatOp,
  format: FloatFormat,
  host: HostOperation,
): boolean {
  const write = WRITERS[op];
  if (write === undefined || format === 'h' || !floatOperation(op).formats.includes(format)) return false;
  const writer = new FastWriter(code, frame, host);
  write(writer, format);
  writer.end();
  return true;
}
