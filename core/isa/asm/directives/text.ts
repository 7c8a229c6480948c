/** Directives that work on the program's text: macros, repetitions, conditionals. */

import { MAX_REPEAT } from '../limits.ts';
import { parseParameters, splitArguments, substitute } from '../macros.ts';
import { Problem } from '../problem.ts';
import { didYouMean } from '../suggest.ts';
import type { Statement } from '../text.ts';
import { endOfString } from '../text.ts';
import { bounded, type Call, constant, cursorOf, type Handler, nothing, rest } from './call.ts';

const MACRO_OPENS = new Set(['.macro']);
const MACRO_CLOSES = new Set(['.endm', '.endmacro']);
const REPEAT_OPENS = new Set(['.rept', '.irp', '.irpc']);
const REPEAT_CLOSES = new Set(['.endr']);

function body(call: Call, opens: ReadonlySet<string>, closes: ReadonlySet<string>): Statement[] {
  const statements = call.unit.reader.body(opens, closes);
  if (statements !== null) return statements;
  throw new Problem(
    call.place,
    `"${call.name}" without "${[...closes][0] ?? ''}"`,
    'the lines below it were taken as its body',
  );
}

function leadingWord(call: Call, what: string): { readonly word: string; readonly end: number } {
  const found = /^\s*([A-Za-z_.$][\w.$]*)/.exec(call.statement.text.slice(call.from));
  const word = found?.[1];
  if (found === null || word === undefined) throw new Problem(call.place, `${call.name} needs ${what}`);
  return { word, end: call.from + found[0].length };
}

/** Separators allowed after a name: blanks and one comma. */
function afterComma(text: string, at: number): number {
  return at + (/^[ \t]*,?[ \t]*/.exec(text.slice(at))?.[0].length ?? 0);
}

const macro: Handler = (call) => {
  const { unit, statement } = call;
  const statements = body(call, MACRO_OPENS, MACRO_CLOSES);
  const { word, end } = leadingWord(call, 'a name');
  const parameters = parseParameters(statement, afterComma(statement.text, end));
  const name = word.toLowerCase();
  if (unit.macros.has(name))
    throw new Problem(call.place, `the macro "${word}" is already defined`, 'forget the first one with .purgem');
  unit.macros.set(name, { name: word, parameters, body: statements });
};

const purge: Handler = (call) => {
  const { word } = leadingWord(call, 'the name of a macro');
  if (!call.unit.macros.delete(word.toLowerCase())) {
    throw new Problem(call.place, `there is no macro "${word}"`, didYouMean(word, call.unit.macros.keys()));
  }
};

/** Feeds the body once per item; `rewrite` changes its text. */
function repeat(
  call: Call,
  statements: readonly Statement[],
  rounds: number,
  rewrite: (text: string, round: number) => string,
): void {
  let round = 0;
  let next = 0;
  const feed = {
    next: (): Statement | null => {
      if (next >= statements.length) {
        next = 0;
        round++;
      }
      const statement = round < rounds ? statements[next++] : undefined;
      return statement === undefined ? null : { ...statement, text: rewrite(statement.text, round) };
    },
  };
  if (rounds > 0 && statements.length > 0) call.unit.reader.push(feed, call.place);
}

const rept: Handler = (call) => {
  const statements = body(call, REPEAT_OPENS, REPEAT_CLOSES);
  const cursor = cursorOf(call);
  const rounds = bounded(call, cursor, 'the number of repetitions', 0, MAX_REPEAT);
  cursor.end();
  repeat(call, statements, rounds, (text) => text);
};

/** Repeats with `\name` replaced by each value; once with nothing when there are none, as GNU as does. */
function repeatWith(call: Call, valuesOf: (text: string, from: number) => readonly string[]): void {
  const statements = body(call, REPEAT_OPENS, REPEAT_CLOSES);
  const { word, end } = leadingWord(call, 'a name and values');
  const found = valuesOf(call.statement.text, afterComma(call.statement.text, end));
  const values = found.length === 0 ? [''] : found;
  repeat(call, statements, values.length, (text, round) =>
    substitute(text, new Map([[word, values[round] ?? '']]), call.unit.macroCalls),
  );
}

const irp: Handler = (call) =>
  repeatWith(call, (text, from) => splitArguments(text, from).map((argument) => argument.text));

const irpc: Handler = (call) =>
  repeatWith(call, (text, from) => {
    const characters = text.slice(from).trim();
    return [...(characters.startsWith('"') ? characters.slice(1, endOfString(characters, 0) - 1) : characters)];
  });

const stray =
  (opener: string): Handler =>
  (call) => {
    throw new Problem(call.place, `"${call.name}" without "${opener}"`);
  };

const exit: Handler = (call) => {
  nothing(call);
  if (!call.unit.reader.exitMacro()) throw new Problem(call.place, '".exitm" outside a macro');
};

// Conditionals. Their operands are only read when the text around them is assembled.

const when =
  (test: (call: Call) => boolean): Handler =>
  (call) =>
    call.unit.conditions.open(call.place, () => test(call));

const value = (call: Call): bigint => {
  const cursor = cursorOf(call);
  const found = constant(call, cursor, 'the condition');
  cursor.end();
  return found;
};

function isDefined(call: Call): boolean {
  const cursor = cursorOf(call);
  const name = cursor.expectName('the name of a symbol').text;
  cursor.end();
  return call.unit.knows(name);
}

/** Blanks do not count except between words. */
function squeeze(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w.$ "']) ?/g, '$1');
}

/** The two texts of `.ifc`, separated by the first comma outside quotes. */
function twoTexts(call: Call): readonly [string, string] {
  const text = rest(call);
  let at = 0;
  while (at < text.length && text[at] !== ',')
    at =
      text[at] === '"'
        ? endOfString(text, at)
        : text[at] === "'" && text.indexOf("'", at + 1) > 0
          ? text.indexOf("'", at + 1) + 1
          : at + 1;
  if (at >= text.length)
    throw new Problem(call.place, `${call.name} compares two texts`, `write ${call.name} one, other`);
  const plain = (part: string): string => squeeze(part).replace(/^'(.*)'$/s, '$1');
  return [plain(text.slice(0, at)), plain(text.slice(at + 1))];
}

function sameTexts(call: Call): boolean {
  const [one, other] = twoTexts(call);
  return one === other;
}

function sameStrings(call: Call): boolean {
  const cursor = cursorOf(call);
  const one = cursor.expectString('text');
  cursor.expect(',', `write ${call.name} "one", "other"`);
  const other = cursor.expectString('text');
  cursor.end();
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** Texts after `.else` and `.endif` are comments for GNU as only when they are comments; so they are here. */
const otherwise: Handler = (call) => {
  nothing(call);
  call.unit.conditions.else(call.place);
};

const endif: Handler = (call) => {
  nothing(call);
  call.unit.conditions.close(call.place);
};

export const TEXT = {
  '.macro': macro,
  '.endm': stray('.macro'),
  '.exitm': exit,
  '.purgem': purge,
  '.altmacro': (call) => {
    nothing(call);
    call.unit.alternateMacros = true;
  },
  '.noaltmacro': (call) => {
    nothing(call);
    call.unit.alternateMacros = false;
  },
  '.rept': rept,
  '.irp': irp,
  '.irpc': irpc,
  '.endr': stray('.rept'),
  '.if': when((call) => value(call) !== 0n),
  '.ifne': when((call) => value(call) !== 0n),
  '.ifeq': when((call) => value(call) === 0n),
  '.ifgt': when((call) => value(call) > 0n),
  '.ifge': when((call) => value(call) >= 0n),
  '.iflt': when((call) => value(call) < 0n),
  '.ifle': when((call) => value(call) <= 0n),
  '.ifdef': when(isDefined),
  '.ifndef': when((call) => !isDefined(call)),
  '.ifnotdef': when((call) => !isDefined(call)),
  '.ifb': when((call) => rest(call) === ''),
  '.ifnb': when((call) => rest(call) !== ''),
  '.ifc': when(sameTexts),
  '.ifnc': when((call) => !sameTexts(call)),
  '.ifeqs': when(sameStrings),
  '.ifnes': when((call) => !sameStrings(call)),
  '.elseif': (call) => call.unit.conditions.elseIf(call.place, () => value(call) !== 0n),
  '.else': otherwise,
  '.endif': endif,
} satisfies Record<string, Handler>;
