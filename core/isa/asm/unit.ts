/**
 * The state of one assembly: sections, symbols, options, what has still to be patched. Directives and
 * instructions act on it; it knows neither.
 */

import { writeNumber, writeWord } from './bytes.ts';
import { Conditions } from './conditions.ts';
import { Cursor, type Scope } from './cursor.ts';
import { evaluate, isValue, type Locator, type NoValue, number, type Outcome } from './expression.ts';
import type { Extent, Fixup } from './fixups.ts';
import { placeOf } from './lexer.ts';
import { MAX_SECTIONS } from './limits.ts';
import type { Macro } from './macros.ts';
import { isRegister, registerNames } from './names.ts';
import { Fatal, type Place, Problem, Reporter } from './problem.ts';
import { type AsmSymbol, type Expression, kindByName, Section, type SectionKind, type Tail } from './program.ts';
import type { Reader } from './reader.ts';
import { didYouMean } from './suggest.ts';
import { SymbolTable } from './symbols.ts';
import type { InstructionTable } from './table.ts';
import type { Statement } from './text.ts';

export interface Options {
  /** Put compressed forms where they fit. */
  readonly compress: boolean;
  readonly extensions: ReadonlySet<string>;
  /** What went with C when it was switched off, and comes back with it. */
  readonly setAside?: ReadonlySet<string>;
}

/** Where labels are while statements are read: distances inside one fragment are known, others not. */
const DURING: Locator = {
  locate: (fragment, offset) => ({ base: fragment, offset: BigInt(offset) }),
  external: () => undefined,
};

/** Stands for the program as a whole. */
const FIRST: Place = { line: 1, column: 1, length: 1 };

export class Unit implements Scope {
  readonly table: InstructionTable;
  readonly reporter = new Reporter();
  readonly symbols = new SymbolTable();
  readonly conditions = new Conditions();
  readonly macros = new Map<string, Macro>();
  readonly reader: Reader;
  readonly sections = new Map<string, Section>();
  readonly fixups: Fixup[] = [];
  readonly extents: Extent[] = [];
  readonly commons: {
    readonly symbol: AsmSymbol;
    readonly size: number;
    readonly alignment: number;
    readonly place: Place;
  }[] = [];
  readonly optionStack: Options[] = [];
  readonly sectionStack: Section[] = [];
  options: Options;
  section: Section;
  previous: Section;
  macroCalls = 0;
  /** Between .altmacro and .noaltmacro. */
  alternateMacros = false;
  /** Statements with errors: what they would have defined is not reported as missing. */
  readonly failed: string[] = [];
  /** Set by `.end`. */
  ended = false;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(table: InstructionTable, reader: Reader, options: Options, maxBytes: number) {
    this.table = table;
    this.reader = reader;
    this.options = options;
    this.#maxBytes = maxBytes;
    this.section = this.sectionNamed('.text');
    this.section.alignment = options.compress ? 2 : 4;
    this.previous = this.section;
  }

  sectionNamed(name: string, kind: SectionKind = kindByName(name)): Section {
    let section = this.sections.get(name);
    if (section === undefined) {
      if (this.sections.size >= MAX_SECTIONS)
        throw new Fatal(FIRST, `the program has more than ${MAX_SECTIONS} sections`);
      section = new Section(name, kind);
      this.sections.set(name, section);
    }
    return section;
  }

  enter(section: Section): void {
    this.previous = this.section;
    this.section = section;
  }

  cursor(statement: Statement, from: number): Cursor {
    return new Cursor(statement, this, from);
  }

  name(text: string, place: Place): Expression {
    const symbol = this.symbols.find(text);
    if ((symbol === undefined || symbol.definition === null) && isRegister(text)) {
      throw new Problem(
        place,
        `"${text}" is a register, where a number or a symbol is expected`,
        `an address in a register is written 0(${text})`,
      );
    }
    const known = symbol ?? this.symbols.get(text);
    return known.definition?.kind === 'assigned' ? known.definition.expression : { op: 'symbol', symbol: known, place };
  }

  knows(text: string): boolean {
    return (this.symbols.find(text)?.definition ?? null) !== null;
  }

  here(): Expression {
    const fragment = this.section.current;
    return { op: 'here', fragment, offset: fragment.fixed };
  }

  local(text: string, place: Place): Expression | null {
    const digits = text.slice(0, -1);
    const symbol = text.endsWith('f') ? this.symbols.localAfter(digits, place) : this.symbols.localBefore(digits);
    return symbol === null ? null : { op: 'symbol', symbol, place };
  }

  defineLabel(symbol: AsmSymbol, place: Place): void {
    if (symbol.definition !== null) this.#redefined(symbol, place);
    const fragment = this.section.current;
    symbol.definition = { kind: 'label', fragment, offset: fragment.fixed };
    symbol.definedAt = place;
  }

  /** `fixed`: may not be assigned again. */
  assign(symbol: AsmSymbol, expression: Expression, place: Place, fixed: boolean): void {
    const { definition } = symbol;
    if (definition !== null && (fixed || definition.kind === 'label' || definition.fixed))
      this.#redefined(symbol, place);
    const value = evaluate(expression, DURING);
    const known = isValue(value) && value.base === null;
    symbol.definition = { kind: 'assigned', expression: known ? number(value.offset) : expression, fixed };
    symbol.definedAt = place;
  }

  #redefined(symbol: AsmSymbol, place: Place): never {
    const line = symbol.definedAt?.line;
    const hint = /^\d+$/.test(symbol.name)
      ? undefined
      : 'give it another name, or use a numeric label such as 1: with 1b and 1f';
    throw new Problem(
      place,
      `"${symbol.name}" is already defined${line === undefined ? '' : ` on line ${line}`}`,
      hint,
    );
  }

  /** The value if it is a constant that is known by now. */
  constantOf(expression: Expression): bigint | null {
    if (expression.op === 'number') return expression.value;
    const value = evaluate(expression, DURING);
    return isValue(value) && value.base === null ? value.offset : null;
  }

  /** The value, which has to be a constant by now. */
  needConstant(expression: Expression, place: Place, what: string): bigint {
    const value = evaluate(expression, DURING);
    if (isValue(value) && value.base === null) return value.offset;
    if (!isValue(value) && (value.reason === 'division' || value.reason === 'cycle')) {
      throw this.noValue(value, place);
    }
    throw new Problem(
      place,
      `${what} must be a constant that is known at this line`,
      'define the symbols it uses above; a distance is known only when no branch or alignment lies between',
    );
  }

  /** Explains why an expression has no value. */
  noValue(outcome: NoValue, place: Place): Problem {
    const at = outcome.place ?? place;
    switch (outcome.reason) {
      case 'undefined':
        return this.#undefined(outcome.symbol?.name ?? '', at);
      case 'division':
        return new Problem(at, 'division by zero');
      case 'operands':
        return new Problem(
          at,
          'this operation needs constants on both sides',
          'addresses can be subtracted from each other, and constants added to them',
        );
      case 'cycle':
        return new Problem(at, `"${outcome.symbol?.name ?? ''}" is defined by itself`);
      case 'deep':
        return new Problem(at, 'the expression is nested too deeply');
      case 'unknown':
        return new Problem(at, 'the value is not known: it depends on the layout of another section');
      default:
        return outcome.reason satisfies never;
    }
  }

  #undefined(name: string, place: Place): Problem {
    if (/^\d+f$/.test(name))
      return new Problem(
        place,
        `there is no label "${name.slice(0, -1)}:" after this line`,
        `write "${name.slice(0, -1)}b" for the one before`,
      );
    return new Problem(
      place,
      `the symbol "${name}" is not defined`,
      didYouMean(name, [...this.symbols.definedNames(), ...registerNames('x')]) ??
        'define it as a label ("name:") or with .equ',
    );
  }

  /** Refuses output beyond the limit; `more` bytes are about to be added. */
  claim(more: number, place: Place): void {
    this.#bytes += more;
    if (this.#bytes > this.#maxBytes) {
      throw new Fatal(
        place,
        `the program is larger than ${this.#maxBytes} bytes`,
        'the limit is the memory that the guest has from the base address on',
      );
    }
  }

  /** Room for bytes in the current section. Zero-filled sections take only zeros, which callers check. */
  put(bytes: Uint8Array, place: Place): void {
    this.claim(bytes.length, place);
    const { current } = this.section;
    const at = current.reserve(bytes.length);
    current.bytes.set(bytes, at);
    if (this.section.kind === 'zero' && bytes.some((byte) => byte !== 0)) this.#onlyZeros(place);
  }

  /** The same byte many times. */
  putRun(count: number, byte: number, place: Place): void {
    this.claim(count, place);
    const { current } = this.section;
    const at = current.reserve(count);
    if (byte !== 0) current.bytes.fill(byte, at, at + count);
    if (this.section.kind === 'zero' && byte !== 0) this.#onlyZeros(place);
  }

  /** A little-endian number; 1 to 8 bytes, the value wraps. */
  putNumber(value: bigint, size: number, place: Place): void {
    this.claim(size, place);
    const { current } = this.section;
    const at = current.reserve(size);
    writeNumber(current.bytes, at, value, size);
    if (this.section.kind === 'zero' && value !== 0n) this.#onlyZeros(place);
  }

  putWord(word: number, size: 2 | 4, place: Place): void {
    this.claim(size, place);
    const { current } = this.section;
    const at = current.reserve(size);
    writeWord(current.bytes, at, word, size);
    if (this.section.kind === 'zero') this.#onlyZeros(place);
  }

  #onlyZeros(place: Place): never {
    throw new Problem(
      place,
      `the section ${this.section.name} holds zeros only`,
      'put initialised data into .data and code into .text',
    );
  }

  /** Zeroed bytes under a name, aligned, in the current section. */
  reserve(symbol: AsmSymbol, size: number, alignment: number, place: Place): void {
    this.claim(size, place);
    this.section.alignment = Math.max(this.section.alignment, alignment);
    this.section.close({ kind: 'align', alignment, fill: { value: 0n, size: 1 }, max: 0, length: 0 });
    this.defineLabel(symbol, place);
    this.section.current.reserve(size);
  }

  close(tail: Tail): void {
    this.section.close(tail);
  }

  wholePlace(statement: Statement): Place {
    return placeOf(statement, 0, statement.text.trimEnd().length);
  }

  outcome(expression: Expression): Outcome {
    return evaluate(expression, DURING);
  }
}
