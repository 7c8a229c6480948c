/** Deterministic bytes for what a host would take from its entropy pool: equal runs get equal ones. Not secret. */
import { U64_MAX } from '../base/u64.ts';

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** An endless stream of numbers below 2^32 that follows from a seed: SplitMix64 over an FNV-1a hash. */
export class RandomStream {
  /** Where the stream stands, 64 bits. */
  state = FNV_OFFSET;

  constructor(seed: Uint8Array) {
    for (const byte of seed) this.state = ((this.state ^ BigInt(byte)) * FNV_PRIME) & U64_MAX;
  }

  next(): number {
    this.state = (this.state + 0x9e3779b97f4a7c15n) & U64_MAX;
    let mixed = ((this.state ^ (this.state >> 30n)) * 0xbf58476d1ce4e5b9n) & U64_MAX;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & U64_MAX;
    return Number(((mixed ^ (mixed >> 31n)) >> 32n) & 0xffff_ffffn);
  }
}

export function randomStream(seed: Uint8Array): () => number {
  const stream = new RandomStream(seed);
  return () => stream.next();
}

export function randomBytes(seed: Uint8Array, length: number): Uint8Array {
  const next = randomStream(seed);
  return Uint8Array.from({ length }, () => next() & 0xff);
}
