/** The symbols of a program by name, and its numeric local labels. */
import type { Place } from './problem.ts';
import { AsmSymbol } from './program.ts';

export class SymbolTable {
  readonly #symbols = new Map<string, AsmSymbol>();
  readonly #locals = new Map<string, { last: AsmSymbol | null; next: AsmSymbol | null }>();
  /** Numeric labels used forwards and where, to report those that never come. */
  readonly #awaited = new Map<AsmSymbol, Place>();

  get(name: string): AsmSymbol {
    let symbol = this.#symbols.get(name);
    if (symbol === undefined) {
      symbol = new AsmSymbol(name);
      this.#symbols.set(name, symbol);
    }
    return symbol;
  }

  /** Without making it known. */
  find(name: string): AsmSymbol | undefined {
    return this.#symbols.get(name);
  }

  all(): IterableIterator<AsmSymbol> {
    return this.#symbols.values();
  }

  *definedNames(): Generator<string> {
    for (const symbol of this.#symbols.values()) if (symbol.definition !== null) yield symbol.name;
  }

  /** The symbol for this occurrence of the label `1:`. */
  defineLocal(digits: string): AsmSymbol {
    const entry = this.#local(digits);
    const symbol = entry.next ?? new AsmSymbol(digits);
    entry.last = symbol;
    entry.next = null;
    this.#awaited.delete(symbol);
    return symbol;
  }

  /** The symbol that `1b` means here, or null when there is none before. */
  localBefore(digits: string): AsmSymbol | null {
    return this.#local(digits).last;
  }

  localAfter(digits: string, place: Place): AsmSymbol {
    const entry = this.#local(digits);
    entry.next ??= new AsmSymbol(`${digits}f`);
    if (!this.#awaited.has(entry.next)) this.#awaited.set(entry.next, place);
    return entry.next;
  }

  #local(digits: string): { last: AsmSymbol | null; next: AsmSymbol | null } {
    const key = digits.replace(/^0+(?=\d)/, '');
    let entry = this.#locals.get(key);
    if (entry === undefined) {
      entry = { last: null, next: null };
      this.#locals.set(key, entry);
    }
    return entry;
  }
}
