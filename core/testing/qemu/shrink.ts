/** Makes a failing program small: fewer units, then fewer initial registers. */
import type { Program } from './layout.ts';

/** Says of each program whether it still fails; all are tried in one go. */
export type Fails = (programs: readonly Program[]) => readonly boolean[];

/** What a program is made of: units that can be left out one by one, and initial values that can be zero. */
export interface Shrinkable {
  readonly units: readonly unknown[];
  readonly seeds: readonly bigint[];
}

export type ProgramOf<C> = (from: C) => Program;

/** A case that fails still and of which no single unit can be left out. */
export function shrink<C extends Shrinkable>(failing: C, fails: Fails, programOf: ProgramOf<C>): C {
  const first: FirstFailing<C> = (candidates) => {
    if (candidates.length === 0) return undefined;
    const verdicts = fails(candidates.map(programOf));
    return candidates.find((_, index) => verdicts[index]);
  };
  return zeroRegisters(dropUnits(failing, first), first);
}

type FirstFailing<C> = (candidates: readonly C[]) => C | undefined;

function dropUnits<C extends Shrinkable>(failing: C, firstFailing: FirstFailing<C>): C {
  let best = failing;
  let size = Math.ceil(best.units.length / 2);
  while (size >= 1) {
    const starts = Array.from({ length: Math.ceil(best.units.length / size) }, (_, i) => i * size);
    const without = (start: number): C => ({
      ...best,
      units: [...best.units.slice(0, start), ...best.units.slice(start + size)],
    });
    const smaller = firstFailing(starts.map(without));
    if (smaller !== undefined) best = smaller;
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.min(size, Math.max(1, best.units.length));
    if (best.units.length === 0) break;
  }
  return best;
}

function zeroRegisters<C extends Shrinkable>(failing: C, firstFailing: FirstFailing<C>): C {
  let best = failing;
  for (let index = 0; index < best.seeds.length; index += 8) {
    const cleared = (from: number, to: number): C => ({
      ...best,
      seeds: best.seeds.map((seed, i) => (i >= from && i < to ? 0n : seed)),
    });
    const single = Array.from({ length: 8 }, (_, i) => cleared(index + i, index + i + 1));
    best = firstFailing([cleared(index, index + 8), ...single]) ?? best;
  }
  return best;
}
