/** Cuts source text into statements: comments blanked, `;` and newlines separate. Knows no tokens. */

export interface Statement {
  readonly text: string;
  /** Line and column of the first character of `text`, 1-based. */
  readonly line: number;
  readonly column: number;
  /** Set on text made by a macro: places are those of the invocation. */
  readonly from?: { readonly macro: string; readonly length: number };
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const SEMICOLON = 59;
const BACKSLASH = 92;

/** Index after the string literal that starts at `at`; a newline ends an unterminated one. */
export function endOfString(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === NEWLINE) return i;
    if (c === BACKSLASH && text.charCodeAt(i + 1) !== NEWLINE) i += 2;
    else if (c === QUOTE) return i + 1;
    else i++;
  }
  return Math.min(i, text.length);
}

/** Index after the character constant that starts at `at`: `'a`, `'a'`, `'\n`. */
export function endOfCharacter(text: string, at: number): number {
  let i = at + 1;
  if (i >= text.length || text.charCodeAt(i) === NEWLINE) return i;
  i += text.charCodeAt(i) === BACKSLASH && i + 1 < text.length && text.charCodeAt(i + 1) !== NEWLINE ? 2 : 1;
  return text.charCodeAt(i) === APOSTROPHE ? i + 1 : i;
}

/** The statements of `source` one after the other; `unterminated` tells of a comment without end. */
export class StatementSource {
  readonly #source: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #unterminated: { line: number; column: number } | null = null;

  constructor(source: string) {
    this.#source = source;
  }

  get unterminatedComment(): { readonly line: number; readonly column: number } | null {
    return this.#unterminated;
  }

  next(): Statement | null {
    const source = this.#source;
    while (this.#at < source.length) {
      const statement = this.#scan(source);
      if (statement !== null) return statement;
    }
    return null;
  }

  #scan(source: string): Statement | null {
    let start = this.#at;
    let line = this.#line;
    let column = start - this.#lineStart + 1;
    let head = '';
    let blank = true;
    let i = start;
    let textEnd = -1;
    for (; i < source.length; i++) {
      const c = source.charCodeAt(i);
      if (c === NEWLINE || c === SEMICOLON || c === HASH) break;
      if (c === SLASH && source.charCodeAt(i + 1) === SLASH) break;
      if (c === SLASH && source.charCodeAt(i + 1) === STAR) {
        head += source.slice(start, i);
        const from = i;
        i = this.#skipComment(i);
        if (blank) {
          head = '';
          line = this.#line;
          column = i - this.#lineStart + 1;
        } else {
          head += ' '.repeat(this.#line === line ? i - from : 1);
        }
        start = i;
        i--;
      } else if (c === QUOTE) {
        blank = false;
        i = endOfString(source, i) - 1;
      } else if (c === APOSTROPHE) {
        blank = false;
        i = endOfCharacter(source, i) - 1;
      } else if (c > SPACE) {
        blank = false;
      }
    }
    textEnd = i;
    const stop = source.charCodeAt(i);
    if (stop === HASH || stop === SLASH) {
      const newline = source.indexOf('\n', i);
      i = newline < 0 ? source.length : newline;
    }
    this.#at = i + 1;
    if (source.charCodeAt(i) === NEWLINE) {
      this.#line++;
      this.#lineStart = i + 1;
    }
    if (blank) return null;
    if (source.charCodeAt(textEnd - 1) === CARRIAGE_RETURN) textEnd--;
    return { text: head + source.slice(start, textEnd), line, column };
  }

  #skipComment(at: number): number {
    const source = this.#source;
    const close = source.indexOf('*/', at + 2);
    if (close < 0) this.#unterminated ??= { line: this.#line, column: at - this.#lineStart + 1 };
    const end = close < 0 ? source.length : close + 2;
    for (let n = source.indexOf('\n', at); n >= 0 && n < end; n = source.indexOf('\n', n + 1)) {
      this.#line++;
      this.#lineStart = n + 1;
    }
    return end;
  }
}
