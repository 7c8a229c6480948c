/** Makes a failing random program small: fewer units, then fewer initial registers. */
import type { Program } from './layout.ts';
import { programOf, type RandomCase } from './random.ts';

/** Says of each program whether it still fails; all are tried in one go. */
export type Fails = (programs: readonly Program[]) => readonly boolean[];

/** A case that fails still and of which no single unit can be left out. */
export function shrink(failing: RandomCase, fails: Fails): RandomCase {
  return zeroRegisters(dropUnits(failing, fails), fails);
}

function firstFailing(candidates: readonly RandomCase[], fails: Fails): RandomCase | undefined {
  if (candidates.length === 0) return undefined;
  const verdicts = fails(candidates.map(programOf));
  return candidates.find((_, index) => verdicts[index]);
}

function dropUnits(failing: RandomCase, fails: Fails): RandomCase {
  let best = failing;
  let size = Math.ceil(best.units.length / 2);
  while (size >= 1) {
    const starts = Array.from({ length: Math.ceil(best.units.length / size) }, (_, i) => i * size);
    const without = (start: number): RandomCase => ({
      ...best,
      units: [...best.units.slice(0, start), ...best.units.slice(start + size)],
    });
    const smaller = firstFailing(starts.map(without), fails);
    if (smaller !== undefined) best = smaller;
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.min(size, Math.max(1, best.units.length));
    if (best.units.length === 0) break;
  }
  return best;
}

function zeroRegisters(failing: RandomCase, fails: Fails): RandomCase {
  let best = failing;
  for (let index = 0; index < best.seeds.length; index += 8) {
    const cleared = (from: number, to: number): RandomCase => ({
      ...best,
      seeds: best.seeds.map((seed, i) => (i >= from && i < to ? 0n : seed)),
    });
    const single = Array.from({ length: 8 }, (_, i) => cleared(index + i, index + i + 1));
    best = firstFailing([cleared(index, index + 8), ...single], fails) ?? best;
  }
  return best;
}
