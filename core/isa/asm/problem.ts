/** Errors with a place: thrown by the parsers, collected by the reporter. */
import { MAX_DIAGNOSTICS } from './limits.ts';
import type { Diagnostic } from './types.ts';

/** A stretch of source, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The macro whose expansion holds the text, when the place is its invocation. */
  readonly macro?: string;
}

/** Ends the statement that is being read. Never leaves the assembler. */
export class Problem extends Error {
  readonly place: Place;
  readonly hint: string | undefined;

  constructor(place: Place, message: string, hint?: string) {
    super(message);
    this.place = place;
    this.hint = hint;
  }
}

/** Ends the whole run: a limit was passed. */
export class Fatal extends Problem {}

export class Reporter {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #errors = 0;

  get errors(): number {
    return this.#errors;
  }

  /** Whether no further diagnostic will be kept. */
  get full(): boolean {
    return this.#diagnostics.length >= MAX_DIAGNOSTICS;
  }

  error(place: Place, message: string, hint?: string): void {
    this.#errors++;
    this.#add('error', place, message, hint);
  }

  warning(place: Place, message: string, hint?: string): void {
    this.#add('warning', place, message, hint);
  }

  report(problem: Problem): void {
    this.error(problem.place, problem.message, problem.hint);
  }

  /** By position in the source. */
  sorted(): Diagnostic[] {
    return [...this.#diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(severity: Diagnostic['severity'], place: Place, message: string, hint: string | undefined): void {
    const text = place.macro === undefined ? message : `${message} (in macro "${place.macro}")`;
    const key = `${place.line}:${place.column}:${text}`;
    if (this.full || this.#seen.has(key)) return;
    this.#seen.add(key);
    const { line, column, length } = place;
    const base = { line, column, length: Math.max(1, length), severity, message: text };
    this.#diagnostics.push(hint === undefined ? base : { ...base, hint });
  }
}
