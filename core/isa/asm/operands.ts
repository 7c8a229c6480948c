/** Reads the operands of an instruction against the template of one spelling. */

import { FLI_DECIMALS, fliNumber } from '../derive/fli.ts';
import { ROUNDING_MODES } from '../derive/operands.ts';
import type { Field } from '../dsl/types.ts';
import type { Cursor } from './cursor.ts';
import { rangeOf } from './encoding.ts';
import { csrNames, csrNumber, isRegister, registerNames, registerNumber } from './names.ts';
import type { Place } from './problem.ts';
import type { Expression } from './program.ts';
import { didYouMean } from './suggest.ts';
import type { Spelling } from './table.ts';

export type Modifier = 'hi' | 'lo' | 'pcrel_hi' | 'pcrel_lo';

/** What stands for one field: a number already, or an expression. */
export type Operand =
  | { readonly kind: 'number'; readonly value: number; readonly place: Place }
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly modifier: Modifier | null;
      readonly place: Place;
    };

export type Operands = Map<string, Operand>;

const MODIFIERS: ReadonlySet<string> = new Set<Modifier>(['hi', 'lo', 'pcrel_hi', 'pcrel_lo']);
const FENCE_LETTERS = 'iorw';

const REGISTER_HINTS = {
  x: 'registers are x0 to x31 or zero, ra, sp, gp, tp, t0-t6, s0-s11, a0-a7',
  f: 'they are f0 to f31 or ft0-ft11, fs0-fs11, fa0-fa7',
} as const;

/** A register operand; `kind` is `x` or `f`. */
export function readRegister(cursor: Cursor, kind: 'x' | 'f'): Operand {
  const token = cursor.peek();
  const what = kind === 'x' ? 'register' : 'floating-point register';
  if (token.kind !== 'name') {
    const found = token.kind === 'end' ? 'the operands end here' : `found "${token.text}"`;
    cursor.fail(`expected a ${what}, ${found}`, REGISTER_HINTS[kind]);
  }
  const value = registerNumber(kind, token.text);
  if (value === undefined) {
    cursor.fail(`"${token.text}" is not a ${what}`, didYouMean(token.text, registerNames(kind)));
  }
  cursor.next();
  return { kind: 'number', value, place: cursor.place(token) };
}

function readCsr(cursor: Cursor): Operand {
  const token = cursor.peek();
  if (token.kind === 'name') {
    const value = csrNumber(token.text);
    if (value !== undefined) {
      cursor.next();
      return { kind: 'number', value, place: cursor.place(token) };
    }
    if (!cursor.knows(token.text)) {
      cursor.fail(
        `"${token.text}" is not a CSR`,
        didYouMean(token.text, csrNames()) ?? 'a number from 0 to 0xfff works too',
      );
    }
  }
  return readExpression(cursor);
}

function readFence(cursor: Cursor): Operand {
  const token = cursor.peek();
  const letters = token.kind === 'name' ? token.text : '';
  const bits = [...letters].map((letter) => FENCE_LETTERS.indexOf(letter));
  if (letters === '' || bits.includes(-1) || bits.some((bit, i) => i > 0 && bit <= (bits[i - 1] ?? -1))) {
    cursor.fail(
      `"${token.text}" is not a set of accesses`,
      'write some of the letters i, o, r, w in this order, for example: fence rw, w',
    );
  }
  cursor.next();
  const value = bits.reduce((all, bit) => all | (8 >> bit), 0);
  return { kind: 'number', value, place: cursor.place(token) };
}

function readRounding(cursor: Cursor): Operand {
  const token = cursor.peek();
  const value = token.text === '' ? -1 : ROUNDING_MODES.indexOf(token.text);
  if (value < 0) cursor.fail(`"${token.text}" is not a rounding mode`, 'known are rne, rtz, rdn, rup, rmm and dyn');
  cursor.next();
  return { kind: 'number', value, place: cursor.place(token) };
}

/** The constant of `fli`, by its value: the last operand, whose text is no integer expression. */
function readFloatConstant(cursor: Cursor): Operand {
  const from = cursor.position;
  const { start } = cursor.peek();
  while (!cursor.atEnd) cursor.next();
  const place = cursor.placeFrom(from);
  const text = cursor.statement.text.slice(start).trim();
  const value = fliNumber(text);
  if (value === undefined) {
    cursor.failAt(place, `"${text}" is not a constant of fli`, `known are ${FLI_DECIMALS.join(', ')}`);
  }
  return { kind: 'number', value, place };
}

function readModifier(cursor: Cursor): Modifier | null {
  if (!cursor.is('%')) return null;
  const token = cursor.peek(1);
  if (!MODIFIERS.has(token.text)) {
    const other = /^(got_pcrel_hi|tprel|tls)/.test(token.text);
    cursor.fail(
      `"%${token.text}" is not known`,
      other
        ? 'position-independent and thread-local code is not linked here; use %pcrel_hi'
        : 'known are %hi, %lo, %pcrel_hi and %pcrel_lo',
      token,
    );
  }
  cursor.next();
  cursor.next();
  return token.text as Modifier;
}

/** An expression, perhaps inside `%hi(...)` and its like. */
export function readExpression(cursor: Cursor): Operand {
  const from = cursor.position;
  const modifier = readModifier(cursor);
  if (modifier !== null) cursor.expect('(', `write %${modifier}(symbol)`);
  const expression = cursor.expression();
  if (modifier !== null) cursor.expect(')', 'every "(" needs its ")"');
  return { kind: 'expression', expression, modifier, place: cursor.placeFrom(from) };
}

/** `(rs1)` without an offset before it. */
function offsetLeftOut(cursor: Cursor): boolean {
  return (
    cursor.is('(') && cursor.peek(1).kind === 'name' && isRegister(cursor.peek(1).text) && cursor.peek(2).text === ')'
  );
}

function refuseRegister(cursor: Cursor, usage: string): void {
  const token = cursor.peek();
  if (token.kind !== 'name' || !isRegister(token.text) || cursor.knows(token.text)) return;
  cursor.fail(`"${token.text}" is a register, where a number is expected`, usage);
}

function readField(cursor: Cursor, field: Field, usage: string): Operand {
  switch (field.kind) {
    case 'x':
    case 'f':
      return readRegister(cursor, field.kind);
    case 'csr':
      return readCsr(cursor);
    case 'fence':
      return readFence(cursor);
    case 'rm':
      return readRounding(cursor);
    case 'fli':
      return readFloatConstant(cursor);
    case 'simm':
    case 'uimm':
      refuseRegister(cursor, usage);
      if (offsetLeftOut(cursor)) return { kind: 'number', value: 0, place: cursor.place(cursor.peek()) };
      return readExpression(cursor);
    case 'target':
    case 'upper':
    case 'order':
      return readExpression(cursor);
    default:
      return field.kind satisfies never;
  }
}

/** `0(rs1)` where the template has `(rs1)`: atomics take no other offset. */
function skipZeroOffset(cursor: Cursor): void {
  const { expression, place } = readExpression(cursor) as Operand & { expression?: Expression };
  if (expression === undefined || expression.op !== 'number' || expression.value !== 0n) {
    cursor.failAt(
      place,
      'this instruction takes an address in a register, without an offset',
      'add the offset to a register first',
    );
  }
}

/** Reads operands by the template. Throws a Problem where they do not fit. */
export function readOperands(cursor: Cursor, spelling: Spelling): Operands {
  const operands: Operands = new Map();
  const usage = `write: ${spelling.name} ${spelling.asm}`.trimEnd();
  const { template } = spelling;
  for (const [i, token] of template.entries()) {
    if (token.token === 'field') {
      const field = spelling.fields.get(token.name);
      if (field === undefined) throw new Error(`${spelling.name}: the template names ${token.name}, which is no field`);
      operands.set(token.name, readField(cursor, field, usage));
      continue;
    }
    const following = template[i + 1];
    const unwritten = following?.token === 'field' ? spelling.fields.get(following.name)?.unwritten : undefined;
    if (token.text === ',' && cursor.atEnd && following?.token === 'field' && unwritten !== undefined) {
      operands.set(following.name, { kind: 'number', value: unwritten, place: cursor.place(cursor.peek()) });
      break;
    }
    if (token.text === '(' && template[i - 1]?.token !== 'field' && !cursor.is('(')) skipZeroOffset(cursor);
    cursor.expect(token.text, usage);
  }
  cursor.end(usage);
  return operands;
}

/** `-2048 to 2047`, with the step when it is not 1. `upper` fields are written shifted down. */
export function describeRange(field: Field): string {
  const { min, max, step } = rangeOf(field);
  if (field.kind === 'upper') return '0 to 0xfffff';
  return `${min} to ${max}${step > 1 ? `, in steps of ${step}` : ''}`;
}
