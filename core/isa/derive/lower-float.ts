/** NaN boxing and the constants of `fli` as WebAssembly. */

import { u64 } from '../../base/u64.ts';
import { FLI_CONSTANTS, type FloatFormat, SHAPES } from '../../float/index.ts';
import { type CodeBuilder, OP, VALTYPE, type ValType } from '../../wasm/index.ts';
import type { Expr } from '../dsl/ir.ts';

type Boxing = Pick<Extract<Expr, { op: 'boxing' }>, 'kind' | 'format'>;

/** Takes the value from the stack and leaves the result. */
export function lowerBoxing(code: CodeBuilder, scratch: (type: ValType) => number, { kind, format }: Boxing): void {
  const { width, canonicalNan } = SHAPES[format];
  const above = u64(-1n << BigInt(width));
  if (above === 0n) return;
  if (kind === 'box') {
    code.i64(above).op(OP.i64_or);
    return;
  }
  const value = scratch(VALTYPE.i64);
  // As an unsigned number, whatever has only ones above its pattern is not below these ones alone.
  code.tee(value).i64(above).op(OP.i64_xor).i64(canonicalNan);
  code.get(value).i64(above).op(OP.i64_ge_u).op(OP.select);
}

/** Takes the number of a constant from the stack, as i32, and leaves the bit pattern: a search by halves. */
export function lowerConstant(code: CodeBuilder, scratch: (type: ValType) => number, format: FloatFormat): void {
  const number = scratch(VALTYPE.i32);
  code.set(number);
  const search = (constants: readonly bigint[], first: number): void => {
    const [only = 0n] = constants;
    if (constants.length < 2) {
      code.i64(only);
      return;
    }
    const half = constants.length / 2;
    code
      .get(number)
      .i32(first + half)
      .op(OP.i32_lt_u)
      .if(VALTYPE.i64);
    search(constants.slice(0, half), first);
    code.else();
    search(constants.slice(half), first + half);
    code.end();
  };
  search(FLI_CONSTANTS[format], 0);
}
