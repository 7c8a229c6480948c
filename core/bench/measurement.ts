/** What one run of a bench guest gives, and how the lines around its measured part are read. */

export interface Measurement {
  /** As the guest printed it. */
  readonly checksum: string;
  /** CPU time between the two lines, in milliseconds. */
  readonly cpuMs: number;
}

const BEGIN = 'begin';
const END = /^end ([0-9a-f]{16}) [0-9a-f]{16}$/;

/** Reads the console line by line and samples a clock when the measured part begins and ends. */
export class LineWatch<Sample> {
  #line = '';
  begin: Sample | null = null;
  end: { readonly sample: Sample; readonly checksum: string } | null = null;

  constructor(readonly sample: () => Sample) {}

  put(text: string): void {
    for (const char of text) {
      if (char === '\n') this.#lineEnds();
      else if (char !== '\r') this.#line += char;
    }
  }

  #lineEnds(): void {
    const line = this.#line;
    this.#line = '';
    if (line === BEGIN) this.begin = this.sample();
    const match = END.exec(line);
    if (match?.[1] !== undefined) this.end = { sample: this.sample(), checksum: match[1] };
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
