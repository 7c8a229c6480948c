/** The operations in one table: what evaluates, compiles, tests or lists them works from it. */
import { add, div, type FusedSigns, fused, mul, sqrt, sub } from './arithmetic.ts';
import { classify, compare, extreme, type NanRule } from './compare.ts';
import { changeFormat, fromInteger, type IntegerType, toInteger, toIntegral, toWordModular } from './convert.ts';
import { FLOAT_FORMATS, type FloatFormat } from './format.ts';
import type { FloatResult, RoundingMode } from './round.ts';

/** A pattern of the operation's own format (`'own'`), of a format named, or a 64-bit integer register. */
export type OperandKind = 'own' | FloatFormat | 'integer';

export interface FloatOperation {
  readonly operands: readonly OperandKind[];
  readonly result: 'own' | 'integer';
  /** Whether the rounding mode can matter. Where it cannot, any will do. */
  readonly rounds: boolean;
  /** For which formats there is an instruction. */
  readonly formats: readonly FloatFormat[];
  readonly compute: (format: FloatFormat, rm: RoundingMode, operands: readonly bigint[]) => FloatResult;
}

function operand(operands: readonly bigint[], index: number): bigint {
  const value = operands[index];
  if (value === undefined) throw new RangeError(`operand ${index} of a floating-point operation is missing`);
  return value;
}
const pair = (operands: readonly bigint[]): [bigint, bigint] => [operand(operands, 0), operand(operands, 1)];
const triple = (operands: readonly bigint[]): [bigint, bigint, bigint] => [...pair(operands), operand(operands, 2)];

const ARITHMETIC = { result: 'own', rounds: true, formats: FLOAT_FORMATS } as const;
const EXACT = { result: 'own', rounds: false, formats: FLOAT_FORMATS } as const;
const TEST = { result: 'integer', rounds: false, formats: FLOAT_FORMATS } as const;

function twoOperands(
  compute: (format: FloatFormat, rm: RoundingMode, a: bigint, b: bigint) => FloatResult,
): FloatOperation {
  return {
    ...ARITHMETIC,
    operands: ['own', 'own'],
    compute: (format, rm, given) => compute(format, rm, ...pair(given)),
  };
}

function multiplyAdd(signs: FusedSigns): FloatOperation {
  const compute: FloatOperation['compute'] = (format, rm, given) => fused(format, rm, signs, triple(given));
  return { ...ARITHMETIC, operands: ['own', 'own', 'own'], compute };
}

function extremeOf(which: 'min' | 'max', wins: 'number' | 'nan'): FloatOperation {
  const compute: FloatOperation['compute'] = (format, _rm, given) => extreme(format, which, wins, pair(given));
  return { ...EXACT, operands: ['own', 'own'], compute };
}

function comparison(relation: 'eq' | 'lt' | 'le', rule: NanRule): FloatOperation {
  const compute: FloatOperation['compute'] = (format, _rm, given) => compare(format, relation, rule, pair(given));
  return { ...TEST, operands: ['own', 'own'], compute };
}

/** To the operation's own format. */
function fromFormat(from: FloatFormat): FloatOperation {
  const formats = FLOAT_FORMATS.filter((format) => format !== from);
  const compute: FloatOperation['compute'] = (to, rm, given) => changeFormat(from, to, rm, operand(given, 0));
  return { ...ARITHMETIC, formats, operands: [from], compute };
}

function toIntegerOf(type: IntegerType): FloatOperation {
  const compute: FloatOperation['compute'] = (format, rm, given) => toInteger(format, type, rm, operand(given, 0));
  return { ...ARITHMETIC, result: 'integer', operands: ['own'], compute };
}

function fromIntegerOf(type: IntegerType): FloatOperation {
  const compute: FloatOperation['compute'] = (format, rm, given) => fromInteger(format, type, rm, operand(given, 0));
  return { ...ARITHMETIC, operands: ['integer'], compute };
}

function integral(tells: boolean): FloatOperation {
  const compute: FloatOperation['compute'] = (format, rm, given) => toIntegral(format, rm, tells, operand(given, 0));
  return { ...ARITHMETIC, operands: ['own'], compute };
}

export const FLOAT_OPERATIONS = {
  add: twoOperands(add),
  sub: twoOperands(sub),
  mul: twoOperands(mul),
  div: twoOperands(div),
  sqrt: { ...ARITHMETIC, operands: ['own'], compute: (format, rm, given) => sqrt(format, rm, operand(given, 0)) },
  /** a * b + c, a * b - c, -(a * b) + c, -(a * b) - c, as the instructions are named. */
  madd: multiplyAdd({ product: false, addend: false }),
  msub: multiplyAdd({ product: false, addend: true }),
  nmsub: multiplyAdd({ product: true, addend: false }),
  nmadd: multiplyAdd({ product: true, addend: true }),
  min: extremeOf('min', 'number'),
  max: extremeOf('max', 'number'),
  minm: extremeOf('min', 'nan'),
  maxm: extremeOf('max', 'nan'),
  eq: comparison('eq', 'quiet'),
  lt: comparison('lt', 'signaling'),
  le: comparison('le', 'signaling'),
  ltq: comparison('lt', 'quiet'),
  leq: comparison('le', 'quiet'),
  classify: { ...TEST, operands: ['own'], compute: (format, _rm, given) => classify(format, operand(given, 0)) },
  fromH: fromFormat('h'),
  fromS: fromFormat('s'),
  fromD: fromFormat('d'),
  toI32: toIntegerOf('i32'),
  toU32: toIntegerOf('u32'),
  toI64: toIntegerOf('i64'),
  toU64: toIntegerOf('u64'),
  toI32Modular: {
    ...TEST,
    formats: ['d'],
    operands: ['own'],
    compute: (format, _rm, given) => toWordModular(format, operand(given, 0)),
  },
  fromI32: fromIntegerOf('i32'),
  fromU32: fromIntegerOf('u32'),
  fromI64: fromIntegerOf('i64'),
  fromU64: fromIntegerOf('u64'),
  round: integral(false),
  roundInexact: integral(true),
} as const satisfies Record<string, FloatOperation>;

export type FloatOp = keyof typeof FLOAT_OPERATIONS;
export const FLOAT_OPS = Object.keys(FLOAT_OPERATIONS) as FloatOp[];

/** The operation as the table says it. */
export function floatOperation(op: FloatOp): FloatOperation {
  return FLOAT_OPERATIONS[op];
}

/**
 * The result and the exceptions of one operation. Operands are bit patterns as `operands` of the table says,
 * unboxed; a result of kind `own` is one too, an integer result is a 64-bit register. Throws a RangeError when
 * an operand is missing.
 */
export function floatOperate(
  op: FloatOp,
  format: FloatFormat,
  rm: RoundingMode,
  operands: readonly bigint[],
): FloatResult {
  return floatOperation(op).compute(format, rm, operands);
}
