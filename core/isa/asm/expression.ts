/**
 * Values of expressions. A value is a constant, or a constant beyond some base (a
 * section, before addresses are known). [GNU as manual, chapter 6 "Expressions"]
 */
import { MAX_EVALUATION_DEPTH } from './limits.ts';
import type { Place } from './problem.ts';
import type { AsmSymbol, Expression, Fragment, Operator } from './program.ts';

/** How tightly operators bind; as GNU as 2.44 does, which differs from its manual for comparisons. */
export const PRECEDENCE: Readonly<Record<Operator, number>> = {
  '*': 6,
  '/': 6,
  '%': 6,
  '<<': 6,
  '>>': 6,
  '|': 5,
  '!': 5,
  '^': 5,
  '&': 5,
  '+': 4,
  '-': 4,
  '==': 3,
  '<>': 3,
  '<': 3,
  '<=': 3,
  '>=': 3,
  '>': 3,
  '&&': 2,
  '||': 1,
};

/** 64-bit signed; `base` is null for a constant, otherwise whatever the offset counts from. */
export interface Value {
  readonly base: object | null;
  readonly offset: bigint;
}

/** Why an expression has no value. */
export interface NoValue {
  readonly reason: 'undefined' | 'unknown' | 'division' | 'operands' | 'cycle' | 'deep';
  readonly symbol?: AsmSymbol;
  readonly place?: Place;
}

export type Outcome = Value | NoValue;

export function isValue(outcome: Outcome): outcome is Value {
  return 'offset' in outcome;
}

/** Where labels are, as far as the caller knows at this stage. */
export interface Locator {
  /** Undefined when the place of the fragment is not known yet. */
  locate(fragment: Fragment, offset: number): Value | undefined;
  /** The value of a symbol that nothing defines; undefined makes it an error. */
  external(symbol: AsmSymbol): Value | undefined;
}

export const number = (value: bigint): Expression => ({ op: 'number', value: BigInt.asIntN(64, value) });
export const constant = (offset: bigint): Value => ({ base: null, offset: BigInt.asIntN(64, offset) });

const truth = (condition: boolean): bigint => (condition ? -1n : 0n);

function arithmetic(kind: Operator, a: bigint, b: bigint): bigint | null {
  switch (kind) {
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case '%':
      return b === 0n ? null : a % b;
    case '<<':
      return b < 0n || b > 63n ? 0n : a << b;
    case '>>':
      return b < 0n || b > 63n ? 0n : BigInt.asUintN(64, a) >> b;
    case '|':
      return a | b;
    case '!':
      return a | ~b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '==':
      return truth(a === b);
    case '<>':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '>':
      return truth(a > b);
    case '&&':
      return a !== 0n && b !== 0n ? 1n : 0n;
    case '||':
      return a !== 0n || b !== 0n ? 1n : 0n;
    default:
      return kind satisfies never;
  }
}

const COMPARISONS: ReadonlySet<Operator> = new Set<Operator>(['==', '<>', '<', '<=', '>=', '>']);

function combine(kind: Operator, a: Value, b: Value, place: Place): Outcome {
  if (a.base === null && b.base === null) {
    const value = arithmetic(kind, a.offset, b.offset);
    return value === null ? { reason: 'division', place } : constant(value);
  }
  if (kind === '+' && (a.base === null || b.base === null)) {
    return { base: a.base ?? b.base, offset: BigInt.asIntN(64, a.offset + b.offset) };
  }
  if (kind === '-' && b.base === null) return { base: a.base, offset: BigInt.asIntN(64, a.offset - b.offset) };
  if (a.base === b.base && (kind === '-' || COMPARISONS.has(kind))) {
    return constant(arithmetic(kind, a.offset, b.offset) ?? 0n);
  }
  const far = a.base !== null && b.base !== null && (kind === '-' || COMPARISONS.has(kind));
  return { reason: far ? 'unknown' : 'operands', place };
}

/** The tree for an operation, reduced at once when both sides are constants. */
export function operation(kind: Operator, a: Expression, b: Expression, place: Place): Expression {
  if (a.op === 'number' && b.op === 'number') {
    const value = arithmetic(kind, a.value, b.value);
    if (value !== null) return number(value);
  }
  return { op: 'binary', kind, a, b, place };
}

function negate(kind: '-' | '~' | '!', a: Value): Outcome {
  if (a.base !== null) return { reason: 'operands' };
  if (kind === '-') return constant(-a.offset);
  return constant(kind === '~' ? ~a.offset : a.offset === 0n ? 1n : 0n);
}

/** Value of an expression with what is known now. Reads each symbol's definition of this moment. */
export function evaluate(expression: Expression, locator: Locator, depth = 0): Outcome {
  if (depth > MAX_EVALUATION_DEPTH) return { reason: 'deep' };
  switch (expression.op) {
    case 'number':
      return { base: null, offset: expression.value };
    case 'here':
      return locator.locate(expression.fragment, expression.offset) ?? { reason: 'unknown' };
    case 'symbol':
      return evaluateSymbol(expression.symbol, expression.place, locator, depth + 1);
    case 'unary': {
      const a = evaluate(expression.a, locator, depth + 1);
      return isValue(a) ? negate(expression.kind, a) : a;
    }
    case 'binary': {
      const a = evaluate(expression.a, locator, depth + 1);
      if (!isValue(a)) return a;
      const b = evaluate(expression.b, locator, depth + 1);
      return isValue(b) ? combine(expression.kind, a, b, expression.place) : b;
    }
    default:
      return expression satisfies never;
  }
}

function evaluateSymbol(symbol: AsmSymbol, place: Place, locator: Locator, depth: number): Outcome {
  const { definition } = symbol;
  if (definition === null) return locator.external(symbol) ?? { reason: 'undefined', symbol, place };
  if (definition.kind === 'label') {
    return locator.locate(definition.fragment, definition.offset) ?? { reason: 'unknown', symbol, place };
  }
  if (symbol.evaluating) return { reason: 'cycle', symbol, place };
  symbol.evaluating = true;
  try {
    return evaluate(definition.expression, locator, depth);
  } finally {
    symbol.evaluating = false;
  }
}

/** Number of nodes, so that substitution cannot grow an expression without bound. */
export function sizeOf(expression: Expression): number {
  if (expression.op === 'unary') return 1 + sizeOf(expression.a);
  if (expression.op === 'binary') return 1 + sizeOf(expression.a) + sizeOf(expression.b);
  return 1;
}
