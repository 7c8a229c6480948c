/**
 * The newest events of a run, kept outside the store: the store only learns that the ring changed.
 * Positions are absolute (counted from the first event ever pushed), so a view of the ring stays valid
 * while old events leave it.
 */

export interface EventSource<T> {
  /** Absolute position of the oldest event kept. */
  readonly first: number;
  /** Absolute position after the newest event. */
  readonly end: number;
  /** The event at an absolute position, or undefined when it left the ring or does not exist yet. */
  at(position: number): T | undefined;
}

export class EventRing<T> implements EventSource<T> {
  readonly #slots: (T | undefined)[] = [];
  #first = 0;
  #end = 0;

  /** @param capacity events kept, >= 1 */
  constructor(readonly capacity: number) {}

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#end - this.#first;
  }

  push(event: T): void {
    this.#slots[this.#end % this.capacity] = event;
    this.#end += 1;
    if (this.#end - this.#first > this.capacity) this.#first = this.#end - this.capacity;
  }

  at(position: number): T | undefined {
    if (position < this.#first || position >= this.#end) return undefined;
    return this.#slots[position % this.capacity];
  }

  clear(): void {
    this.#slots.length = 0;
    this.#first = 0;
    this.#end = 0;
  }
}

/**
 * The positions of a ring whose events pass a test, kept up to date by looking only at what is new.
 * `refresh` must be called before reading after the ring changed.
 */
export class FilteredEvents<T> {
  #positions: number[] = [];
  #head = 0;
  #seen: number;
  readonly #source: EventSource<T>;
  readonly #accepts: (event: T) => boolean;

  constructor(source: EventSource<T>, accepts: (event: T) => boolean) {
    this.#source = source;
    this.#accepts = accepts;
    this.#seen = source.first;
  }

  get length(): number {
    return this.#positions.length - this.#head;
  }

  refresh(): void {
    const { first, end } = this.#source;
    if (end < this.#seen) this.#restart();
    for (let position = Math.max(this.#seen, first); position < end; position++) {
      const event = this.#source.at(position);
      if (event !== undefined && this.#accepts(event)) this.#positions.push(position);
    }
    this.#seen = end;
    while ((this.#positions[this.#head] ?? end) < first) this.#head += 1;
    this.#compact();
  }

  /** The event in row `index` (0 is the oldest), or undefined outside the view. */
  at(index: number): T | undefined {
    const position = this.#positions[this.#head + index];
    return position === undefined ? undefined : this.#source.at(position);
  }

  #restart(): void {
    this.#positions = [];
    this.#head = 0;
    this.#seen = this.#source.first;
  }

  /** Forgets dropped positions once they are half of the list, so that memory stays bounded. */
  #compact(): void {
    if (this.#head > 1024 && this.#head * 2 > this.#positions.length) {
      this.#positions = this.#positions.slice(this.#head);
      this.#head = 0;
    }
  }
}
