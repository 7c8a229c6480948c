/** What the VMM keeps of STA: for each hart its area, and how much of the waiting of its thread has been told. */
import { hex } from '../../base/bits.ts';
import { U64_MAX } from '../../base/u64.ts';
import * as plain from '../../schema/plain.ts';
import type { ExtensionState } from './extension-state.ts';

/** Reporting is off. */
export const NO_AREA = U64_MAX;

interface HartArea {
  address: bigint;
  /** ns of the thread's waiting that the area has, or that were over when it was set. */
  told: number;
}

const SHAPE = plain.record({
  harts: plain.listOf(plain.record({ address: plain.hex64, told: plain.count })),
});

export class StaState implements ExtensionState {
  readonly #harts: HartArea[];

  constructor(settings: { readonly harts: number }) {
    this.#harts = Array.from({ length: settings.harts }, fresh);
  }

  hart(hartid: number): HartArea {
    const hart = this.#harts[hartid];
    if (hart === undefined) throw new RangeError(`there is no hart ${hartid}`);
    return hart;
  }

  resetHart(hartid: number): void {
    this.#harts[hartid] = fresh();
  }

  save(): unknown {
    return { harts: this.#harts.map(({ address, told }) => ({ address: hex(address), told })) };
  }

  load(saved: unknown): void {
    const { harts } = plain.readPlain(SHAPE, saved);
    if (harts.length !== this.#harts.length) {
      throw new plain.PlainError('harts', `there are ${harts.length} where the VM has ${this.#harts.length}`);
    }
    for (const [hartid, { address, told }] of harts.entries()) {
      this.#harts[hartid] = { address: BigInt(address), told };
    }
  }
}

function fresh(): HartArea {
  return { address: NO_AREA, told: 0 };
}
