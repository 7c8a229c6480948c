/** Reads the tokens of one statement: expectations, expressions, and the places of what is wrong. */

import { number, operation, PRECEDENCE, sizeOf } from './expression.ts';
import { placeOf, type Token, tokenize, unescapeText } from './lexer.ts';
import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_SIZE } from './limits.ts';
import { type Place, Problem } from './problem.ts';
import type { Expression, Operator } from './program.ts';
import type { Statement } from './text.ts';

/** What names mean while an expression is read. */
export interface Scope {
  /** The meaning of a name here and now. */
  name(text: string, place: Place): Expression;
  here(): Expression;
  /** Whether the name has a definition by now. */
  knows(text: string): boolean;
  /** `1b` or `1f`; null when there is no such label before. */
  local(text: string, place: Place): Expression | null;
}

export class Cursor {
  readonly statement: Statement;
  readonly tokens: readonly Token[];
  readonly #scope: Scope;
  #at = 0;
  #depth = 0;
  #size = 0;

  constructor(statement: Statement, scope: Scope, from = 0) {
    this.statement = statement;
    this.tokens = tokenize(statement, from);
    this.#scope = scope;
  }

  get position(): number {
    return this.#at;
  }

  /** Goes back to a position, to try another reading. */
  rewind(position: number): void {
    this.#at = position;
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.#at + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error('a token list ends with an end token');
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  get atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  is(text: string): boolean {
    const token = this.peek();
    return token.kind === 'punct' && token.text === text;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string, hint?: string): void {
    if (!this.accept(text)) this.fail(`expected "${text}"${this.#found()}`, hint);
  }

  /** The statement must be over. */
  end(hint?: string): void {
    if (!this.atEnd) this.fail(`"${this.peek().text}" is not expected here`, hint);
  }

  expectName(what: string): Token {
    const token = this.peek();
    if (token.kind !== 'name') this.fail(`expected ${what}${this.#found()}`);
    return this.next();
  }

  /** Bytes of the string literal that must be next. */
  expectString(what: string): Uint8Array {
    const token = this.peek();
    if (token.kind !== 'string') this.fail(`expected ${what} in double quotes${this.#found()}`);
    this.#at++;
    return unescapeText(this.statement, token.text.slice(1, -1), token.start + 1);
  }

  #found(): string {
    const token = this.peek();
    return token.kind === 'end' ? ' at the end of the line' : `, found "${token.text}"`;
  }

  place(token: Token, to: Token = token): Place {
    return placeOf(this.statement, token.start, to.end);
  }

  failAt(place: Place, message: string, hint?: string): never {
    throw new Problem(place, message, hint);
  }

  /** Whether a name is a symbol that has been defined. */
  knows(name: string): boolean {
    return this.#scope.knows(name);
  }

  /** From token number `from` up to the last one read. */
  placeFrom(from: number): Place {
    const first = this.tokens[from];
    const last = this.tokens[Math.max(from, this.#at - 1)];
    return first === undefined || last === undefined ? this.place(this.peek()) : this.place(first, last);
  }

  fail(message: string, hint?: string, token = this.peek()): never {
    throw new Problem(this.place(token), message, hint);
  }

  expression(): Expression {
    this.#size = 0;
    return this.#binary(1);
  }

  #operator(): Operator | null {
    const token = this.peek();
    if (token.kind !== 'punct') return null;
    const text = token.text === '!=' ? '<>' : token.text;
    return Object.hasOwn(PRECEDENCE, text) ? (text as Operator) : null;
  }

  #binary(level: number): Expression {
    let a = this.#unary();
    for (;;) {
      const kind = this.#operator();
      if (kind === null || PRECEDENCE[kind] < level) return a;
      const place = this.place(this.next());
      const b = this.#binary(PRECEDENCE[kind] + 1);
      a = operation(kind, a, b, place);
    }
  }

  #unary(): Expression {
    if (++this.#depth > MAX_EXPRESSION_DEPTH) this.fail('the expression is nested too deeply');
    try {
      const token = this.peek();
      if (token.kind === 'punct') {
        if (this.accept('+')) return this.#unary();
        if (token.text === '-' || token.text === '~' || token.text === '!') {
          this.#at++;
          const a = this.#unary();
          if (a.op === 'number' && token.text !== '!') return number(token.text === '-' ? -a.value : ~a.value);
          return { op: 'unary', kind: token.text, a };
        }
      }
      const primary = this.#primary(token);
      this.#size += primary.op === 'number' ? 0 : 1 + sizeOf(primary);
      if (this.#size > MAX_EXPRESSION_SIZE) this.fail('the expression is too large', 'give its parts names', token);
      return primary;
    } finally {
      this.#depth--;
    }
  }

  #primary(token: Token): Expression {
    if (token.kind === 'number' && token.value !== undefined) {
      this.#at++;
      return number(token.value);
    }
    if (token.kind === 'name') {
      this.#at++;
      return token.text === '.' ? this.#scope.here() : this.#scope.name(token.text, this.place(token));
    }
    if (token.kind === 'local') return this.#local(token);
    if (this.accept('(')) {
      const inner = this.#binary(1);
      this.expect(')', 'every "(" needs its ")"');
      return inner;
    }
    return this.fail(`expected a number, a name or an expression${this.#found()}`);
  }

  #local(token: Token): Expression {
    const found = this.#scope.local(token.text, this.place(token));
    if (found === null) {
      const digits = token.text.slice(0, -1);
      this.fail(`there is no label "${digits}:" before this line`, `write "${digits}f" for the next one`);
    }
    this.#at++;
    return found;
  }
}
