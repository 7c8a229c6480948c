/** Where statements come from: the source, and on top of it the expansions of macros and repetitions. */

import { placeOf } from './lexer.ts';
import { MAX_EXPANDED_TEXT, MAX_MACRO_DEPTH, MAX_STATEMENT, MAX_STATEMENTS } from './limits.ts';
import { Fatal, type Place } from './problem.ts';
import type { Statement } from './text.ts';

interface Feed {
  next(): Statement | null;
}

interface Frame {
  readonly feed: Feed;
  /** Called when the frame is left, either at its end or by `.exitm`. */
  readonly leave?: () => void;
  readonly macro: boolean;
}

/** The directive a statement starts with, labels skipped; lower case. */
export function directiveOf(statement: Statement): string | null {
  const found = /^\s*(?:[\w.$]+\s*:\s*)*(\.[A-Za-z]\w*)/.exec(statement.text)?.[1];
  return found === undefined ? null : found.toLowerCase();
}

export class Reader {
  readonly #frames: Frame[] = [];
  #statements = 0;
  #expanded = 0;

  constructor(source: Feed) {
    this.#frames.push({ feed: source, macro: false });
  }

  next(): Statement | null {
    for (;;) {
      const frame = this.#frames[this.#frames.length - 1];
      if (frame === undefined) return null;
      const statement = frame.feed.next();
      if (statement === null) {
        this.#pop();
        continue;
      }
      if (statement.text.length > MAX_STATEMENT) {
        throw new Fatal(
          placeOf(statement, 0, 1),
          `the statement has ${statement.text.length} characters; at most ${MAX_STATEMENT} are read`,
          'split it into several lines',
        );
      }
      if (++this.#statements > MAX_STATEMENTS) {
        throw new Fatal(
          placeOf(statement, 0, statement.text.length),
          `the program has more than ${MAX_STATEMENTS} statements`,
          'reduce the repetitions, or use .fill or .skip',
        );
      }
      if (this.#frames.length > 1) this.#count(statement);
      return statement;
    }
  }

  /** Puts an expansion on top. `leave` runs when it is over. */
  push(feed: Feed, at: Place, leave?: () => void): void {
    if (this.#frames.length > MAX_MACRO_DEPTH) {
      throw new Fatal(
        at,
        `macros and repetitions are nested more than ${MAX_MACRO_DEPTH} deep`,
        'a macro that calls itself needs an .if that ends it',
      );
    }
    this.#frames.push(leave === undefined ? { feed, macro: false } : { feed, leave, macro: true });
  }

  /** Leaves the innermost macro; false when there is none. */
  exitMacro(): boolean {
    if (!this.#frames.some((frame) => frame.macro)) return false;
    while (!this.#pop().macro);
    return true;
  }

  /** Forgets everything that would still come. */
  stop(): void {
    this.#frames.length = 0;
  }

  /** The statements up to the directive that closes a body; null when the end comes first. */
  body(opens: ReadonlySet<string>, closes: ReadonlySet<string>): Statement[] | null {
    const frame = this.#frames[this.#frames.length - 1];
    const statements: Statement[] = [];
    let depth = 1;
    for (let statement = frame?.feed.next(); statement; statement = frame?.feed.next()) {
      if (statement.text.includes('.')) {
        const directive = directiveOf(statement);
        if (directive !== null && opens.has(directive)) depth++;
        if (directive !== null && closes.has(directive) && --depth === 0) return statements;
      }
      statements.push(statement);
    }
    return null;
  }

  #count(statement: Statement): void {
    this.#expanded += statement.text.length;
    if (this.#expanded > MAX_EXPANDED_TEXT) {
      throw new Fatal(
        placeOf(statement, 0, statement.text.length),
        'macros and repetitions make too much text',
        'shorten the arguments or the repetitions',
      );
    }
  }

  #pop(): Frame {
    const frame = this.#frames.pop();
    if (frame === undefined) return { feed: { next: () => null }, macro: true };
    frame.leave?.();
    return frame;
  }
}
