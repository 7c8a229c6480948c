/** What a directive gets to work with, and small readers that several share. */

import type { Cursor } from '../cursor.ts';
import { type Place, Problem } from '../problem.ts';
import type { Expression } from '../program.ts';
import type { Statement } from '../text.ts';
import type { Unit } from '../unit.ts';

export interface Call {
  readonly unit: Unit;
  readonly statement: Statement;
  /** Lower case, with the dot. */
  readonly name: string;
  /** Of the name. */
  readonly place: Place;
  /** Offset in the statement where the operands start. */
  readonly from: number;
}

export type Handler = (call: Call) => void;

export function cursorOf({ unit, statement, from }: Call): Cursor {
  return unit.cursor(statement, from);
}

/** The operands as text, blanks around removed. */
export function rest({ statement, from }: Call): string {
  return statement.text.slice(from).trim();
}

/** Expressions separated by commas; at least one unless `none` is allowed. */
export function list(cursor: Cursor, each: (expression: Expression, place: Place) => void): void {
  if (cursor.atEnd) return;
  do {
    const from = cursor.position;
    const expression = cursor.expression();
    each(expression, cursor.placeFrom(from));
  } while (cursor.accept(','));
  cursor.end('separate values with commas');
}

/** A constant that is known by now. */
export function constant({ unit }: Call, cursor: Cursor, what: string): bigint {
  const from = cursor.position;
  const expression = cursor.expression();
  return unit.needConstant(expression, cursor.placeFrom(from), what);
}

/** A constant between two bounds, as a number. */
export function bounded(call: Call, cursor: Cursor, what: string, min: number, max: number): number {
  const from = cursor.position;
  const value = constant(call, cursor, what);
  if (value < BigInt(min) || value > BigInt(max)) {
    throw new Problem(cursor.placeFrom(from), `${what} is ${value}`, `it may be ${min} to ${max}`);
  }
  return Number(value);
}

/** No operands may follow. */
export function nothing(call: Call): void {
  cursorOf(call).end(`${call.name} takes no operands`);
}
