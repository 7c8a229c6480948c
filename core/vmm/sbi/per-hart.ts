import { PlainError } from '../../schema/plain.ts';

/** What an extension keeps of each hart, by hart id. */
export class PerHart<T> {
  readonly #harts: T[];

  constructor(
    count: number,
    private readonly fresh: () => T,
  ) {
    this.#harts = Array.from({ length: count }, fresh);
  }

  /** Throws RangeError for a hart that the VM has not, which is a defect of the caller. */
  of(hartid: number): T {
    const hart = this.#harts[hartid];
    if (hart === undefined) throw new RangeError(`there is no hart ${hartid}`);
    return hart;
  }

  reset(hartid: number): void {
    this.#harts[hartid] = this.fresh();
  }

  map<Saved>(save: (hart: T) => Saved): readonly Saved[] {
    return this.#harts.map(save);
  }

  /** Takes what was saved of each. Throws PlainError when it is of another number of harts. */
  load<Saved>(saved: readonly Saved[], make: (saved: Saved, hartid: number) => T): void {
    if (saved.length !== this.#harts.length) {
      throw new PlainError('harts', `there are ${saved.length} where the VM has ${this.#harts.length}`);
    }
    this.#harts.splice(0, saved.length, ...saved.map(make));
  }
}
