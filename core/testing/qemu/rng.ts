/** Reproducible random numbers for generated programs: one seed, one program. */

export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform unsigned 32-bit number (a Weyl sequence through a 32-bit mixer). */
  word(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  }

  /** 0..count-1 */
  below(count: number): number {
    return this.word() % count;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** A 64-bit value of the kinds that find mistakes: small, near a power of two, all ones, or anything. */
  value64(): bigint {
    const any = (BigInt(this.word()) << 32n) | BigInt(this.word());
    switch (this.below(6)) {
      case 0:
        return BigInt(this.below(16));
      case 1:
        return BigInt.asUintN(64, -BigInt(this.below(16)));
      case 2:
        return BigInt.asUintN(64, (1n << BigInt(this.below(64))) + BigInt(this.below(3)) - 1n);
      case 3:
        return BigInt.asUintN(64, BigInt.asIntN(32, any));
      default:
        return any;
    }
  }
}
