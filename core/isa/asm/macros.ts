/** Macros: their parameters, the arguments of a call, and substitution. [GNU as manual, ".macro"] */
import { placeOf } from './lexer.ts';
import { MAX_PARAMETERS } from './limits.ts';
import { type Place, Problem } from './problem.ts';
import { endOfString, type Statement } from './text.ts';

export interface Parameter {
  readonly name: string;
  readonly default: string;
  readonly required: boolean;
  readonly rest: boolean;
}

export interface Macro {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

const WORD = /[A-Za-z_.$][\w.$]*/y;
const WORD_CHARACTER = /[\w.$@\\"]/;

interface Argument {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function skipBlanks(text: string, at: number): number {
  while (at < text.length && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

/** A quoted argument loses its quotes. */
function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && endOfString(text, 0) === text.length ? text.slice(1, -1) : text;
}

/**
 * One argument from `at`: up to a comma, or to a blank between two words. Blanks around operators do
 * not separate, as in GNU as, which removes them first.
 */
function readArgument(text: string, at: number): Argument {
  const start = at;
  let value = '';
  while (at < text.length && text[at] !== ',') {
    const c = text.charAt(at);
    if (c === '"') {
      const end = endOfString(text, at);
      value += text.slice(at, end);
      at = end;
    } else if (c === ' ' || c === '\t') {
      const next = skipBlanks(text, at);
      const after = text.charAt(next);
      if (value !== '' && WORD_CHARACTER.test(value.slice(-1)) && WORD_CHARACTER.test(after)) break;
      at = next;
    } else {
      value += c;
      at++;
    }
  }
  return { text: unquote(value), start, end: at };
}

/** Arguments of a macro call or of `.irp`: separated by commas or blanks. */
export function splitArguments(text: string, from: number): Argument[] {
  const found: Argument[] = [];
  let at = skipBlanks(text, from);
  while (at < text.length) {
    const argument = readArgument(text, at);
    found.push(argument);
    at = skipBlanks(text, argument.end);
    if (text[at] !== ',') continue;
    at = skipBlanks(text, at + 1);
    if (at >= text.length) found.push({ text: '', start: at, end: at });
  }
  return found;
}

function wordAt(text: string, at: number): string {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0] ?? '';
}

/** Parameters after the name in `.macro name p, q=1, r:req, s:vararg`. */
export function parseParameters(statement: Statement, from: number): Parameter[] {
  const { text } = statement;
  const parameters: Parameter[] = [];
  let at = skipBlanks(text, from);
  while (at < text.trimEnd().length) {
    const name = wordAt(text, at);
    const place = placeOf(statement, at, at + Math.max(1, name.length));
    if (name === '')
      throw new Problem(
        place,
        'expected the name of a parameter',
        'write .macro name first, second=default, third:req, rest:vararg',
      );
    if (parameters.length >= MAX_PARAMETERS)
      throw new Problem(place, `a macro has at most ${MAX_PARAMETERS} parameters`);
    if (parameters.some((other) => other.name === name))
      throw new Problem(place, `the parameter "${name}" is there twice`);
    if (parameters.at(-1)?.rest === true) throw new Problem(place, 'nothing may follow a vararg parameter');
    at = skipBlanks(text, at + name.length);
    let qualifier = '';
    if (text[at] === ':') {
      qualifier = wordAt(text, skipBlanks(text, at + 1));
      if (qualifier !== 'req' && qualifier !== 'vararg') {
        throw new Problem(
          placeOf(statement, at, at + 1 + qualifier.length),
          `"${qualifier}" is not a kind of parameter`,
          'known are :req and :vararg',
        );
      }
      at = skipBlanks(text, text.indexOf(qualifier, at) + qualifier.length);
    }
    let initial = '';
    if (text[at] === '=') {
      const argument = readArgument(text, skipBlanks(text, at + 1));
      initial = argument.text;
      at = skipBlanks(text, argument.end);
    }
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    parameters.push({ name, default: initial, required: qualifier === 'req', rest: qualifier === 'vararg' });
  }
  return parameters;
}

/** `name=value` for a parameter of that name. */
function keyword(macro: Macro, text: string): { readonly parameter: Parameter; readonly value: string } | null {
  const name = wordAt(text, 0);
  if (name === '' || text[name.length] !== '=' || text[name.length + 1] === '=') return null;
  const parameter = macro.parameters.find((candidate) => candidate.name === name);
  return parameter === undefined ? null : { parameter, value: unquote(text.slice(name.length + 1)) };
}

/** Values of the parameters for a call whose arguments start at `from`. */
export function bindArguments(macro: Macro, statement: Statement, from: number, call: Place): Map<string, string> {
  const { text } = statement;
  const bound = new Map<string, string>();
  let next = 0;
  for (const argument of splitArguments(text, from)) {
    const named = keyword(macro, argument.text);
    if (named !== null && !named.parameter.rest) {
      bound.set(named.parameter.name, named.value);
      continue;
    }
    const parameter = macro.parameters[next++];
    const place = placeOf(statement, argument.start, argument.end);
    if (parameter === undefined) {
      const count = macro.parameters.length;
      throw new Problem(
        place,
        `the macro "${macro.name}" takes ${count === 0 ? 'no arguments' : `at most ${count}`}`,
        signature(macro),
      );
    }
    if (parameter.rest) {
      bound.set(parameter.name, text.slice(argument.start).trimEnd());
      break;
    }
    if (argument.text !== '') bound.set(parameter.name, argument.text);
  }
  for (const parameter of macro.parameters) {
    if (bound.has(parameter.name)) continue;
    if (parameter.required)
      throw new Problem(call, `the macro "${macro.name}" needs a value for "${parameter.name}"`, signature(macro));
    bound.set(parameter.name, parameter.default);
  }
  return bound;
}

function signature(macro: Macro): string {
  return `it is defined as: ${[macro.name, macro.parameters.map((parameter) => parameter.name).join(', ')].join(' ').trim()}`;
}

const REFERENCE = /\\(?:(\(\))|(@)|([A-Za-z_.$][\w.$]*))/g;

/** Replaces `\name`, `\@` (calls so far) and `\()` (nothing). Unknown names stay, to be reported where they are read. */
export function substitute(text: string, values: ReadonlyMap<string, string>, count: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(REFERENCE, (all, nothing?: string, counter?: string, name?: string) => {
    if (nothing !== undefined) return '';
    if (counter !== undefined) return String(count);
    return values.get(name ?? '') ?? all;
  });
}

const LOCAL = /^\s*local\s+(.*)$/i;
const ANY_WORD = /[A-Za-z_.$][\w.$]*/g;

/** After `.altmacro` a parameter is replaced without `\` too, in strings as well. */
function substituteWords(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(ANY_WORD, (word) => values.get(word) ?? word);
}

/** The body of a call, statement by statement, placed at the call. */
export function* expand(
  macro: Macro,
  given: ReadonlyMap<string, string>,
  count: number,
  call: Statement,
  alternate: boolean,
): Generator<Statement> {
  const from = call.from ?? { macro: macro.name, length: call.text.trimEnd().length };
  const values = new Map(given);
  for (const { text } of macro.body) {
    const locals = alternate ? LOCAL.exec(text)?.[1] : undefined;
    if (locals !== undefined) {
      for (const { text: name } of splitArguments(locals, 0)) values.set(name, `.L${name}.${count}`);
      continue;
    }
    const replaced = substitute(text, values, count);
    yield {
      text: alternate ? substituteWords(replaced, values) : replaced,
      line: call.line,
      column: call.column,
      from,
    };
  }
}
