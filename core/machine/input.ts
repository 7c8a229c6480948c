/**
 * Console input as events at virtual times. The log of a run, given again, reproduces it. Its stored
 * form is JSON lines: a head line, then `{"time": ns, "bytes": "hex"}` for each event.
 */
import { fromHex, toHex } from '../base/bytes.ts';
import * as plain from '../schema/plain.ts';

/** Bytes that reach the console at a virtual time in nanoseconds. */
export interface InputEvent {
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** Raised when the meaning of a line changes. */
export const INPUT_LOG_VERSION = 1;
const FORMAT = 'ecall-input';

/** The input side of the console: what was logged, and what of it has arrived and is not read yet. */
export class ConsoleInput {
  readonly #log: InputEvent[];
  #delivered = 0;
  #arrived: number[] = [];
  #received = 0;

  /** `replayed` must be in order of time. */
  constructor(replayed: readonly InputEvent[] = []) {
    this.#log = [...replayed];
  }

  get log(): readonly InputEvent[] {
    return this.#log;
  }

  /** Arrived bytes that nobody read. */
  get pending(): number {
    return this.#arrived.length;
  }

  /** Bytes that have arrived so far, read or not. */
  get received(): number {
    return this.#received;
  }

  /** Virtual ns of the next event that has not arrived; Infinity when there is none. */
  get next(): number {
    return this.#log[this.#delivered]?.time ?? Number.POSITIVE_INFINITY;
  }

  save(): InputSnapshot {
    const log = this.#log.map(({ time, bytes }) => ({ time, bytes: toHex(bytes) }));
    return { log, delivered: this.#delivered, arrived: toHex(Uint8Array.from(this.#arrived)) };
  }

  /** Throws PlainError for a log that is not in order. */
  load({ log, delivered, arrived }: InputSnapshot): void {
    const late = log.findIndex(({ time }, index) => time < (log[index - 1]?.time ?? 0));
    if (late >= 0) throw new plain.PlainError(`log.${late}.time`, 'lies before the event above');
    if (delivered > log.length) throw new plain.PlainError('delivered', `the log has ${log.length} events`);
    this.#log.splice(0, this.#log.length, ...log.map(({ time, bytes }) => ({ time, bytes: fromHex(bytes) })));
    this.#delivered = delivered;
    this.#arrived = [...fromHex(arrived)];
    this.#received = this.#log.slice(0, delivered).reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Logs input; an event never comes before one that is logged already. */
  add(time: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const last = this.#log.at(-1)?.time ?? 0;
    this.#log.push({ time: Math.max(time, last), bytes: bytes.slice() });
  }

  /** Lets every event up to `time` arrive; whether there was one. */
  deliver(time: number): boolean {
    const before = this.#delivered;
    for (let event = this.#log[this.#delivered]; event !== undefined && event.time <= time; ) {
      this.#arrived.push(...event.bytes);
      this.#received += event.bytes.length;
      event = this.#log[++this.#delivered];
    }
    return this.#delivered > before;
  }

  /** Takes at most `max` arrived bytes. */
  read(max: number): Uint8Array {
    return Uint8Array.from(this.#arrived.splice(0, max));
  }
}

export const INPUT_SHAPE = plain.record({
  /** The whole log, in order of time. */
  log: plain.listOf(plain.record({ time: plain.count, bytes: plain.hexBytes })),
  /** How many of its events have arrived. */
  delivered: plain.count,
  /** Arrived bytes that nobody read. */
  arrived: plain.hexBytes,
});
export type InputSnapshot = typeof INPUT_SHAPE extends plain.Shape<infer T> ? T : never;

export function toInputLog(events: readonly InputEvent[]): string {
  const head = JSON.stringify({ format: FORMAT, version: INPUT_LOG_VERSION });
  const lines = events.map(({ time, bytes }) => JSON.stringify({ time, bytes: toHex(bytes) }));
  return [head, ...lines].map((line) => `${line}\n`).join('');
}

/** Reads what `toInputLog` wrote. Throws SyntaxError with the number of the line that is not right. */
export function fromInputLog(text: string): readonly InputEvent[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const head = parsed(lines[0] ?? '', 1);
  if (head.format !== FORMAT || head.version !== INPUT_LOG_VERSION) {
    throw new SyntaxError(`line 1: not an input log of version ${INPUT_LOG_VERSION}`);
  }
  let last = 0;
  return lines.slice(1).map((line, at) => {
    const { time, bytes } = parsed(line, at + 2);
    if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < last) {
      throw new SyntaxError(`line ${at + 2}: the time must be a whole number of ns, not before that of the line above`);
    }
    if (typeof bytes !== 'string' || !/^([0-9a-f]{2})+$/.test(bytes)) {
      throw new SyntaxError(`line ${at + 2}: the bytes must be pairs of hexadecimal digits`);
    }
    last = time;
    return { time, bytes: fromHex(bytes) };
  });
}

function parsed(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const data: unknown = JSON.parse(line);
    if (typeof data === 'object' && data !== null) return data as Readonly<Record<string, unknown>>;
  } catch {
    throw new SyntaxError(`line ${number}: not JSON`);
  }
  throw new SyntaxError(`line ${number}: not an object`);
}
