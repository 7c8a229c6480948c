/** Tokens of one statement, as the GNU assembler spells them. [GNU as manual, chapter 3 "Syntax"] */
import { type Place, Problem } from './problem.ts';
import { endOfCharacter, endOfString, type Statement } from './text.ts';

export type TokenKind = 'name' | 'number' | 'float' | 'local' | 'string' | 'punct' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offsets into the statement's text. */
  readonly start: number;
  readonly end: number;
  /** Of a number or a character constant, 64-bit unsigned. */
  readonly value?: bigint;
}

const SPACES = /[ \t\r\f\v\u00a0\ufeff]*/y;
const NAME = /[A-Za-z_.$\u00a1-\uffff][\w.$\u00a1-\uffff]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+/y;
/** Literals that are no integers; one without a point or an exponent is a number. */
const FLOAT =
  /(?:0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?[pP][+-]?\d+|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?![\w.$])/y;
const LOCAL = /[0-9]+[bf](?![\w.$])/y;
const PUNCT = /<<|>>|<=|>=|<>|==|!=|&&|\|\||[^\s]/y;
const BINARY_NUMBER = /0[bB][01]+(?![\w.$])/y;

/** Where a stretch of a statement is in the source. */
export function placeOf(statement: Statement, start: number, end: number): Place {
  const { line, column, from } = statement;
  if (from !== undefined) return { line, column, length: from.length, macro: from.macro };
  return { line, column: column + start, length: Math.max(1, end - start) };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function parseNumber(statement: Statement, text: string, start: number): bigint {
  const end = start + text.length;
  if (/^0[0-9]/.test(text)) {
    if (!/^[0-7]+$/.test(text)) {
      throw new Problem(
        placeOf(statement, start, end),
        `"${text}" is not an octal number`,
        'a leading 0 means octal; leave it out for a decimal number',
      );
    }
    return limit(statement, BigInt(`0o${text.replace(/^0+(?=.)/, '')}`), start, end);
  }
  return limit(statement, BigInt(text), start, end);
}

function limit(statement: Statement, value: bigint, start: number, end: number): bigint {
  if (value <= 0xffff_ffff_ffff_ffffn) return value;
  throw new Problem(
    placeOf(statement, start, end),
    'the number does not fit in 64 bits',
    'the largest is 0xffffffffffffffff',
  );
}

/** Digits of a number literal beyond which no 64-bit value is left; keeps BigInt parsing cheap. */
const MAX_DIGITS = 70;

function readNumber(statement: Statement, at: number): Token {
  const { text } = statement;
  const local = match(BINARY_NUMBER, text, at) === undefined ? match(LOCAL, text, at) : undefined;
  if (local !== undefined) return { kind: 'local', text: local, start: at, end: at + local.length };
  const float = match(FLOAT, text, at);
  if (float !== undefined) return { kind: 'float', text: float, start: at, end: at + float.length };
  const number = match(NUMBER, text, at) ?? '0';
  const end = at + number.length;
  if (number.length > MAX_DIGITS && !/^0+$/.test(number)) limit(statement, 1n << 64n, at, end);
  const tail = match(NAME, text, end);
  if (tail !== undefined && !tail.startsWith('.') && tail !== '$') {
    throw new Problem(
      placeOf(statement, at, end + tail.length),
      `"${number}${tail}" is neither a number nor a name`,
      'numbers are 10, 0x1f, 0b101 or 017; names do not start with a digit',
    );
  }
  return { kind: 'number', text: number, start: at, end, value: parseNumber(statement, number, at) };
}

function readCharacter(statement: Statement, at: number): Token {
  const { text } = statement;
  const end = endOfCharacter(text, at);
  const raw = text.slice(at + 1, end).replace(/(?<=.)'$/s, '');
  if (raw === '') {
    throw new Problem(placeOf(statement, at, end), 'a character is missing after the quote', "write 'a' or '\\n'");
  }
  const bytes = raw.startsWith('\\') ? unescapeText(statement, raw, at + 1) : new TextEncoder().encode(raw);
  return { kind: 'number', text: text.slice(at, end), start: at, end, value: BigInt(bytes[0] ?? 0) };
}

/** Tokens of the statement from offset `at`, closed by an `end` token. */
export function tokenize(statement: Statement, at = 0): Token[] {
  const { text } = statement;
  const tokens: Token[] = [];
  for (;;) {
    at += match(SPACES, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = readToken(statement, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.trimEnd().length, end: text.trimEnd().length });
  return tokens;
}

function readToken(statement: Statement, at: number): Token {
  const { text } = statement;
  const c = text.charAt(at);
  if (c >= '0' && c <= '9') return readNumber(statement, at);
  if (c === '"') {
    const end = endOfString(text, at);
    if (!/^"(?:.*[^\\])??(?:\\\\)*"$/s.test(text.slice(at, end))) {
      throw new Problem(
        placeOf(statement, at, text.length),
        'the string is not closed',
        'close it with " on the same line',
      );
    }
    return { kind: 'string', text: text.slice(at, end), start: at, end };
  }
  if (c === "'") return readCharacter(statement, at);
  const name = match(NAME, text, at);
  if (name !== undefined) return { kind: 'name', text: name, start: at, end: at + name.length };
  const punct = match(PUNCT, text, at) ?? c;
  return { kind: 'punct', text: punct, start: at, end: at + punct.length };
}

const ESCAPES: Readonly<Record<string, number>> = {
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "'": 39,
  '\\': 92,
};

/** Bytes of a string body with its escapes resolved; other characters are UTF-8. `at`: its offset in the statement. */
export function unescapeText(statement: Statement, body: string, at: number): Uint8Array {
  if (!body.includes('\\')) return new TextEncoder().encode(body);
  const bytes: number[] = [];
  const part = /\\([0-7]{1,3}|[xX][0-9a-fA-F]*|[\s\S]?)|[^\\]+/g;
  for (const found of body.matchAll(part)) {
    const code = found[1];
    if (code === undefined) {
      for (const byte of new TextEncoder().encode(found[0])) bytes.push(byte);
      continue;
    }
    const known = ESCAPES[code];
    if (known !== undefined) bytes.push(known);
    else if (/^[0-7]/.test(code)) bytes.push(Number.parseInt(code, 8) & 0xff);
    else if (/^[xX][0-9a-fA-F]/.test(code)) bytes.push(Number.parseInt(code.slice(-2).replace(/[xX]/, ''), 16) & 0xff);
    else {
      const start = at + found.index;
      throw new Problem(
        placeOf(statement, start, start + found[0].length),
        `unknown escape "${found[0]}"`,
        'known are \\b \\f \\n \\r \\t \\v \\" \\\\ \\ooo (octal) and \\xhh',
      );
    }
  }
  return Uint8Array.from(bytes);
}
