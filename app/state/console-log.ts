/** What the guest wrote to its console: bytes for the terminal, plain lines for those who read without seeing it. */

export type ConsoleServer = 'kvm' | 'vmm';
export interface TranscriptLine {
  /** Counted from 1 since the last clear. */
  readonly number: number;
  readonly text: string;
}
export type ConsoleListener = (bytes: Uint8Array | null) => void;

/** Enough to fill the terminal's scrollback again when it is mounted late. */
const BYTES_KEPT = 1 << 20;
/** Lines of the plain transcript, and characters of one: a guest need not end its lines. */
const LINES_KEPT = 500;
const LINE_LENGTH = 2000;

export class ConsoleLog {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #lines: readonly TranscriptLine[] = [{ number: 1, text: '' }];
  #decoder = new TextDecoder();
  #by: ConsoleServer | null = null;
  readonly #listeners = new Set<ConsoleListener>();

  /** Who served the last chunk. */
  get by(): ConsoleServer | null {
    return this.#by;
  }

  /** The transcript without escape sequences, oldest line first. */
  get transcript(): readonly TranscriptLine[] {
    return this.#lines;
  }

  /** The newest bytes, oldest chunk first. */
  get kept(): readonly Uint8Array[] {
    return this.#chunks;
  }

  push(bytes: Uint8Array, by: ConsoleServer): void {
    this.#by = by;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    while (this.#bytes > BYTES_KEPT && this.#chunks.length > 1) this.#bytes -= this.#chunks.shift()?.length ?? 0;
    this.#transcribe(this.#decoder.decode(bytes, { stream: true }));
    for (const listener of this.#listeners) listener(bytes);
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#lines = [{ number: 1, text: '' }];
    this.#decoder = new TextDecoder();
    this.#by = null;
    for (const listener of this.#listeners) listener(null);
  }

  /** Replays what is kept, then calls with every new chunk, and with null when cleared. */
  listen(listener: ConsoleListener): () => void {
    for (const chunk of this.#chunks) listener(chunk);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #transcribe(text: string): void {
    const [rest = '', ...more] = withoutEscapes(text)
      .split('\n')
      .map((line) => line.slice(0, LINE_LENGTH));
    const last = this.#lines[this.#lines.length - 1] ?? { number: 1, text: '' };
    const lines = [
      ...this.#lines.slice(0, -1),
      { number: last.number, text: (last.text + rest).slice(0, LINE_LENGTH) },
      ...more.map((line, index) => ({ number: last.number + index + 1, text: line })),
    ];
    this.#lines = lines.slice(-LINES_KEPT);
  }
}

/** Removes carriage returns, control sequences and other control characters except the line feed. */
export function withoutEscapes(text: string): string {
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x1b) {
      at = afterEscape(text, at + 1);
      continue;
    }
    if (code >= 0x20 || code === 0x0a || code === 0x09) plain += text[at];
    at += 1;
  }
  return plain;
}

/** Position after the escape sequence whose ESC stands before `at`. [ECMA-48 §5.4] */
function afterEscape(text: string, at: number): number {
  if (text[at] !== '[') return at + 1;
  let end = at + 1;
  while (end < text.length && (text.charCodeAt(end) < 0x40 || text.charCodeAt(end) > 0x7e)) end += 1;
  return end + 1;
}
