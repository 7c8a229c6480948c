/** What the VMM keeps of FWFT: for each hart which features are locked, and what KVM gave it before the first change. */
import { hex } from '../../base/bits.ts';
import { FWFT } from '../../sbi/spec/fwft.ts';
import * as plain from '../../schema/plain.ts';
import type { ExtensionState } from './extension-state.ts';
import { PerHart } from './per-hart.ts';

export type FeatureName = keyof (typeof FWFT.functions.set.args)[0]['values'];
export const FEATURE_NAMES = Object.keys(FWFT.functions.set.args[0].values) as FeatureName[];

/** The what-if registers that hold features. */
export const ENVIRONMENT_NAMES = ['henvcfg', 'hedeleg'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

interface HartFeatures {
  readonly locked: Set<FeatureName>;
  /** What each register held before the VMM first wrote it: what a reset of the hart gives back. */
  readonly initial: Map<EnvironmentName, bigint>;
}

const HART = plain.record({
  locked: plain.listOf(plain.oneOf(...FEATURE_NAMES)),
  initial: plain.listOf(plain.record({ register: plain.oneOf(...ENVIRONMENT_NAMES), value: plain.hex64 })),
});
const SHAPE = plain.record({ harts: plain.listOf(HART) });

export class FwftState implements ExtensionState {
  readonly #harts: PerHart<HartFeatures>;

  constructor(settings: { readonly harts: number }) {
    this.#harts = new PerHart(settings.harts, fresh);
  }

  hart(hartid: number): HartFeatures {
    return this.#harts.of(hartid);
  }

  resetHart(hartid: number): void {
    this.#harts.reset(hartid);
  }

  save(): unknown {
    return {
      harts: this.#harts.map(({ locked, initial }) => ({
        locked: [...locked],
        initial: [...initial].map(([register, value]) => ({ register, value: hex(value) })),
      })),
    };
  }

  load(saved: unknown): void {
    const { harts } = plain.readPlain(SHAPE, saved);
    this.#harts.load(harts, ({ locked, initial }) => ({
      locked: new Set(locked),
      initial: new Map(initial.map(({ register, value }) => [register, BigInt(value)])),
    }));
  }
}

function fresh(): HartFeatures {
  return { locked: new Set(), initial: new Map() };
}
