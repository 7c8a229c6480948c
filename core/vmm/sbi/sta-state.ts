/** What the VMM keeps of STA: for each hart its area, and how much of the waiting of its thread has been told. */
import { hex } from '../../base/bits.ts';
import { U64_MAX } from '../../base/u64.ts';
import * as plain from '../../schema/plain.ts';
import type { ExtensionState } from './extension-state.ts';
import { PerHart } from './per-hart.ts';

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
  readonly #harts: PerHart<HartArea>;

  constructor(settings: { readonly harts: number }) {
    this.#harts = new PerHart(settings.harts, fresh);
  }

  hart(hartid: number): HartArea {
    return this.#harts.of(hartid);
  }

  resetHart(hartid: number): void {
    this.#harts.reset(hartid);
  }

  save(): unknown {
    return { harts: this.#harts.map(({ address, told }) => ({ address: hex(address), told })) };
  }

  load(saved: unknown): void {
    const { harts } = plain.readPlain(SHAPE, saved);
    this.#harts.load(harts, ({ address, told }) => ({ address: BigInt(address), told }));
  }
}

function fresh(): HartArea {
  return { address: NO_AREA, told: 0 };
}
