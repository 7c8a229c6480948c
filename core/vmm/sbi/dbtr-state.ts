/**
 * What the VMM keeps of DBTR: the shared memory of each hart, and which of its triggers are installed with which
 * levels. The registers themselves are in KVM, and stay over a stop of the hart as machine mode's do. [SBI 3.0 §19]
 */
import { hex } from '../../base/bits.ts';
import * as plain from '../../schema/plain.ts';
import type { ExtensionState } from './extension-state.ts';
import { PerHart } from './per-hart.ts';

/** Levels that were asked for, so that they can be enabled again. */
const LEVELS = plain.record({ s: plain.flag, u: plain.flag });
const HART = plain.record({
  /** Address of the shared memory; null for none. */
  shmem: plain.nullable(plain.hex64),
  /** By trigger index; null, or nothing at the end of the list, for one that is free. */
  triggers: plain.listOf(plain.nullable(LEVELS)),
});
const SHAPE = plain.record({ harts: plain.listOf(HART) });

export type TriggerLevels = typeof LEVELS extends plain.Shape<infer T> ? T : never;

interface Hart {
  shmem: bigint | null;
  readonly triggers: Map<number, TriggerLevels>;
}

export class DbtrState implements ExtensionState {
  readonly #harts: PerHart<Hart>;

  constructor({ harts }: { readonly harts: number }) {
    this.#harts = new PerHart(harts, () => ({ shmem: null, triggers: new Map() }));
  }

  /** Address of the shared memory of a hart, or null. */
  shmem(hartid: number): bigint | null {
    return this.#harts.of(hartid).shmem;
  }

  setShmem(hartid: number, address: bigint | null): void {
    this.#harts.of(hartid).shmem = address;
  }

  /** Levels of an installed trigger, or undefined. */
  installed(hartid: number, index: number): TriggerLevels | undefined {
    return this.#harts.of(hartid).triggers.get(index);
  }

  install(hartid: number, index: number, levels: TriggerLevels): void {
    this.#harts.of(hartid).triggers.set(index, levels);
  }

  uninstall(hartid: number, index: number): void {
    this.#harts.of(hartid).triggers.delete(index);
  }

  /** Triggers stay, as KVM keeps them: a hart that comes back can read and uninstall them. */
  resetHart(hartid: number): void {
    this.setShmem(hartid, null);
  }

  save(): unknown {
    return {
      harts: this.#harts.map(({ shmem, triggers }) => ({
        shmem: shmem === null ? null : hex(shmem),
        triggers: Array.from({ length: Math.max(0, ...[...triggers.keys()].map((index) => index + 1)) }, (_, index) => {
          return triggers.get(index) ?? null;
        }),
      })),
    };
  }

  load(saved: unknown): void {
    const { harts } = plain.readPlain(SHAPE, saved);
    this.#harts.load(harts, ({ shmem, triggers }) => ({
      shmem: shmem === null ? null : BigInt(shmem),
      triggers: new Map(triggers.flatMap((levels, index) => (levels === null ? [] : [[index, levels]]))),
    }));
  }
}
