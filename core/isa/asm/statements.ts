/** Reads statements one by one: labels, assignments, directives, macros, instructions. */
import { missingFor } from '../defs/index.ts';
import type { Cursor } from './cursor.ts';
import { CONDITIONALS, directiveNamed } from './directives/index.ts';
import { emit } from './emit.ts';
import { placeOf } from './lexer.ts';
import { bindArguments, expand, type Macro } from './macros.ts';
import { readOperands } from './operands.ts';
import { Fatal, type Place, Problem } from './problem.ts';
import { PSEUDO_HANDLERS } from './pseudo.ts';
import { directiveOf } from './reader.ts';
import { DIRECTIVES } from './reference.ts';
import { didYouMean } from './suggest.ts';
import type { Spelling } from './table.ts';
import type { Statement } from './text.ts';
import type { Unit } from './unit.ts';

const LABEL = /\s*(?:([A-Za-z_.$\u00a1-\uffff][\w.$\u00a1-\uffff]*)|([0-9]+))\s*:/y;
const ASSIGNMENT = /\s*([A-Za-z_.$][\w.$]*)\s*(==?)(?!=)/y;
const WORD = /\s*([A-Za-z_.$][\w.$]*)/y;

const pseudos = new Map(Object.entries(PSEUDO_HANDLERS));
const directiveNames = DIRECTIVES.map((directive) => directive.name);

function at(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** Reads everything the unit's reader gives. Never throws for what is in the source. */
export function readStatements(unit: Unit): void {
  try {
    for (let statement = unit.reader.next(); statement !== null; statement = unit.reader.next()) {
      readStatement(unit, statement);
      if (unit.ended || unit.reporter.full) break;
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    unit.reporter.report(error);
  }
}

function readStatement(unit: Unit, statement: Statement): void {
  const { section } = unit;
  const from = section.current;
  const fromOffset = from.fixed;
  try {
    if (unit.conditions.active) execute(unit, statement);
    else skip(unit, statement);
  } catch (error) {
    if (!(error instanceof Problem) || error instanceof Fatal) throw error;
    unit.reporter.report(error);
    unit.failed.push(statement.text);
  }
  const to = section.current;
  if (to !== from || to.fixed !== fromOffset) {
    unit.extents.push({ line: statement.line, from, fromOffset, to, toOffset: to.fixed });
  }
}

/** In text that a condition leaves out only conditionals count. */
function skip(unit: Unit, statement: Statement): void {
  const name = directiveOf(statement);
  if (name !== null && CONDITIONALS.has(name)) readDirective(unit, statement, statement.text.indexOf('.'));
}

function execute(unit: Unit, statement: Statement): void {
  const { text } = statement;
  let from = 0;
  for (let label = at(LABEL, text, from); label !== null; label = at(LABEL, text, from)) {
    const end = from + label[0].length;
    const name = label[1] ?? label[2] ?? '';
    const start = text.indexOf(name, from);
    const place = placeOf(statement, start, start + name.length);
    unit.defineLabel(label[1] === undefined ? unit.symbols.defineLocal(name) : unit.symbols.get(name), place);
    from = end;
  }
  const word = at(WORD, text, from);
  if (word === null) {
    readNothing(unit, statement, from);
    return;
  }
  const assignment = at(ASSIGNMENT, text, from);
  if (assignment !== null) {
    assign(unit, statement, from, assignment);
    return;
  }
  const name = word[1] ?? '';
  const macro = unit.macros.get(name.toLowerCase());
  if (macro !== undefined) callMacro(unit, macro, statement, from + word[0].length, name);
  else if (name.startsWith('.')) readDirective(unit, statement, from);
  else readInstruction(unit, statement, from + word[0].length, name);
}

/** Nothing may be left after the labels. */
function readNothing(unit: Unit, statement: Statement, from: number): void {
  const cursor = unit.cursor(statement, from);
  const token = cursor.peek();
  if (token.kind === 'end') return;
  const macroText =
    token.text === '\\'
      ? 'parameters written with \\ exist only inside a macro that has them'
      : 'a line holds labels, then one instruction or directive';
  cursor.fail(`${token.kind === 'string' ? 'a string' : `"${token.text}"`} cannot start a statement`, macroText);
}

function assign(unit: Unit, statement: Statement, from: number, found: RegExpExecArray): void {
  const name = found[1] ?? '';
  const cursor = unit.cursor(statement, from + found[0].length);
  const expression = cursor.expression();
  const whole = placeOf(statement, from, statement.text.trimEnd().length);
  cursor.end();
  if (name === '.') {
    unit.close({ kind: 'org', to: expression, fill: 0, place: whole, length: 0 });
    return;
  }
  const start = statement.text.indexOf(name, from);
  unit.assign(unit.symbols.get(name), expression, placeOf(statement, start, start + name.length), found[2] === '==');
}

function callMacro(unit: Unit, macro: Macro, statement: Statement, from: number, name: string): void {
  const start = statement.text.lastIndexOf(name, from);
  const place = placeOf(statement, start, from);
  const values = bindArguments(macro, statement, from, place);
  if (unit.alternateMacros)
    for (const [key, value] of values) values.set(key, alternate(unit, statement, value, place));
  const text = expand(macro, values, unit.macroCalls++, statement, unit.alternateMacros);
  const depth = unit.conditions.depth;
  const feed = { next: (): Statement | null => text.next().value ?? null };
  unit.reader.push(feed, place, () => unit.conditions.truncate(depth));
}

/** Value of an argument after `.altmacro`: `%expression` stands for its number. */
function alternate(unit: Unit, statement: Statement, argument: string, place: Place): string {
  if (argument.startsWith('<')) throw new Problem(place, 'arguments in < > are not read', 'write them in quotes');
  if (!argument.startsWith('%')) return argument;
  const cursor = unit.cursor({ ...statement, text: argument.slice(1) }, 0);
  const value = unit.constantOf(cursor.expression());
  cursor.end();
  if (value === null)
    throw new Problem(place, `"${argument}" is not known at this line`, 'define what it uses above, by .set');
  return String(value);
}

function readDirective(unit: Unit, statement: Statement, from: number): void {
  const found = at(WORD, statement.text, from);
  const written = found?.[1] ?? '';
  const name = written.toLowerCase();
  const end = from + (found?.[0].length ?? 0);
  const place = placeOf(statement, end - written.length, end);
  const handler = directiveNamed(name);
  if (handler === undefined) {
    throw new Problem(
      place,
      `unknown directive "${written}"`,
      didYouMean(name, directiveNames) ?? 'a label ends with a colon',
    );
  }
  handler({ unit, statement, name, place, from: end });
}

const ORDERS: Readonly<Record<string, number>> = { '.rl': 1, '.aq': 2, '.aqrl': 3 };

interface Mnemonic {
  readonly name: string;
  readonly spellings: readonly Spelling[];
  readonly order: number;
}

/** The mnemonic, with the ordering suffix of an atomic taken off. */
function lookUp(unit: Unit, written: string): Mnemonic | null {
  const name = written.toLowerCase();
  const whole = unit.table.spellings.get(name);
  if (whole !== undefined) return { name, spellings: whole, order: 0 };
  const suffix = /\.(aqrl|aq|rl)$/.exec(name)?.[0];
  if (suffix === undefined) return null;
  const base = name.slice(0, -suffix.length);
  const spellings = unit.table.spellings
    .get(base)
    ?.filter((spelling) => spelling.fields.get('order')?.kind === 'order');
  return spellings === undefined || spellings.length === 0
    ? null
    : { name: base, spellings, order: ORDERS[suffix] ?? 0 };
}

/** Instructions that people know and the table does not have, with the reason. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^(f\w+\.q(\.\w+)?|fcvt\.\w+\.q|f[ls]q)$/, 'there are no quad-precision numbers here'],
  [/^v(set|l|s|add|sub|mul|mv|f)\w*(\.\w+)*$/, 'this machine has no vector unit'],
  [/^(mret|mnret|dret|uret)$/, 'the guest runs in supervisor mode; it returns from traps with sret'],
  [/^(hfence|hinval|hlv|hlvx|hsv)\b/, 'the guest is itself virtualized and has no hypervisor extension'],
];

function unknown(unit: Unit, written: string, place: Place): Problem {
  const elsewhere = ELSEWHERE.find(([pattern]) => pattern.test(written.toLowerCase()))?.[1];
  if (elsewhere !== undefined) return new Problem(place, `the instruction "${written}" is not available`, elsewhere);
  const known = [...unit.table.spellings.keys(), ...pseudos.keys(), ...unit.macros.keys()];
  const dotted = directiveNames.find((name) => name === `.${written.toLowerCase()}`);
  const hint = dotted === undefined ? didYouMean(written, known) : `did you mean the directive "${dotted}"?`;
  return new Problem(
    place,
    `unknown instruction "${written}"`,
    hint ?? 'a label ends with a colon; a macro has to be defined above its use',
  );
}

function readInstruction(unit: Unit, statement: Statement, from: number, written: string): void {
  const place = placeOf(statement, from - written.length, from);
  const pseudo = pseudos.get(written.toLowerCase());
  const cursor = unit.cursor(statement, from);
  if (pseudo !== undefined) {
    if (pseudo(unit, cursor, place)) return;
    cursor.rewind(0);
  }
  const mnemonic = lookUp(unit, written);
  if (mnemonic === null) throw unknown(unit, written, place);
  readSpellings(unit, cursor, usable(unit, mnemonic, place), mnemonic.order, place);
}

/** The spellings whose extension is on. */
function usable(unit: Unit, { name, spellings }: Mnemonic, place: Place): readonly Spelling[] {
  const on = spellings.filter(({ extension, instruction, alias }) => {
    // Compressed forms are chosen after reading; only what has no full form is spelt directly.
    if (instruction.length === 2 && !name.startsWith('c.') && alias !== null && instruction.expands !== undefined)
      return false;
    return unit.options.extensions.has(extension) && unit.options.extensions.has(instruction.extension);
  });
  if (on.length > 0) return on;
  const needed = missingFor(spellings[0]?.instruction.extension ?? '', unit.options.extensions);
  const standing = unit.table.extensions.find((extension) => extension.implies.includes(needed));
  const wanted = standing === undefined ? needed : `${standing.name} (${needed})`;
  throw new Problem(
    place,
    `"${name}" needs the extension ${wanted}, which is switched off`,
    `switch it on in the machine, or write .option arch, +${(standing?.name ?? needed).toLowerCase()}`,
  );
}

/** Takes the first spelling that fits; reports the attempt that came furthest. */
function readSpellings(unit: Unit, cursor: Cursor, spellings: readonly Spelling[], order: number, place: Place): void {
  const commas = cursor.tokens.filter((token) => token.kind === 'punct' && token.text === ',').length;
  const likely = spellings.filter((spelling) => spelling.commas === commas);
  const preferred = likely.length === 0 ? spellings : likely;
  let best: { readonly problem: Problem; readonly position: number } | null = null;
  const shortFirst = [...preferred].sort((a, b) => a.instruction.length - b.instruction.length);
  for (const spelling of preferred.length > 1 ? shortFirst : preferred) {
    cursor.rewind(0);
    try {
      const operands = readOperands(cursor, spelling);
      emit(unit, spelling, operands, place, order);
      return;
    } catch (error) {
      if (!(error instanceof Problem) || error instanceof Fatal) throw error;
      if (best === null || cursor.position > best.position) best = { problem: error, position: cursor.position };
    }
  }
  if (best !== null) throw best.problem;
}
