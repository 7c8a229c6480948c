/** The newest events of a run: a ring that forgets the oldest. */

/** Events kept: what the page's list shows smoothly; about 30 MB. */
export const TRACE_CAPACITY = 100_000;

export class Ring<T> {
  readonly #items: T[] = [];
  #total = 0;

  constructor(readonly capacity: number = TRACE_CAPACITY) {}

  /** How many were ever pushed; the next one has this number. */
  get total(): number {
    return this.#total;
  }

  /** How many were forgotten; the oldest kept one has this number. */
  get dropped(): number {
    return Math.max(0, this.#total - this.capacity);
  }

  push(item: T): void {
    this.#items[this.#total % this.capacity] = item;
    this.#total++;
  }

  /** Kept items with numbers from `first` on, oldest first, at most `count`. */
  from(first: number, count = Number.POSITIVE_INFINITY): readonly T[] {
    const start = Math.max(first, this.dropped);
    const end = Math.min(this.#total, start + count);
    const result: T[] = [];
    for (let at = start; at < end; at++) {
      const item = this.#items[at % this.capacity];
      if (item !== undefined) result.push(item);
    }
    return result;
  }
}
