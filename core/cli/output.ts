/** Where a run's output goes: the guest's console to standard output, the trace to a file. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { TraceEvent } from '../trace/events.ts';
import { TRACE_WRITERS, type TraceFormat, type TraceWriter } from '../trace/formats.ts';
import { cannotWrite, reason } from './files.ts';

/** Bytes gathered before they are written: guests print byte by byte. */
const CONSOLE_CHUNK = 16 * 1024;

/** Standard output; waits for a slow reader between slices, and tells when nobody reads it any more. */
export class Output {
  readonly #chunk = new Uint8Array(CONSOLE_CHUNK);
  #length = 0;
  #lost: string | null = null;

  readonly #fail = (error: NodeJS.ErrnoException): void => {
    this.#lost = error.code === 'EPIPE' ? 'nobody reads standard output any more' : reason(error);
  };

  /** From here on it is noticed when standard output cannot be written any more. */
  open(): void {
    process.stdout.on('error', this.#fail);
  }

  /** Standard output is the process's again. */
  close(): void {
    process.stdout.off('error', this.#fail);
  }

  /** Why what the guest prints can no longer be written. */
  get lost(): string | null {
    return this.#lost;
  }

  write(bytes: Uint8Array): void {
    if (this.#length + bytes.length > CONSOLE_CHUNK) this.#flush();
    if (bytes.length > CONSOLE_CHUNK) {
      if (this.#lost === null) process.stdout.write(bytes.slice());
      return;
    }
    this.#chunk.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Resolves once standard output takes more; lets timers and signals through in any case. */
  async drained(): Promise<void> {
    this.#flush();
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#lost !== null || !process.stdout.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      process.stdout.once('drain', resolve);
      process.stdout.once('error', () => resolve());
    });
  }

  #flush(): void {
    if (this.#length > 0 && this.#lost === null) process.stdout.write(this.#chunk.slice(0, this.#length));
    this.#length = 0;
  }
}

/** Characters gathered before they are written. */
const CHUNK = 64 * 1024;

/** The trace in one of its forms, all of it. */
export class TraceFile {
  readonly #file: number;
  readonly #writer: TraceWriter;
  #text: string;

  constructor(
    readonly path: string,
    format: TraceFormat,
  ) {
    this.#writer = TRACE_WRITERS[format];
    this.#text = `${this.#writer.head}\n`;
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  write(event: TraceEvent): void {
    this.#text += `${this.#writer.line(event)}\n`;
    if (this.#text.length >= CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    try {
      writeSync(this.#file, this.#text);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    this.#text = '';
  }
}
