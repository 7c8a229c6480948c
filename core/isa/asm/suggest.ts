/** "Did you mean": the nearest known spelling to a misspelt one. */

/** Optimal string alignment distance, given up beyond `bound`. */
function distance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? bound + 1;
}

/** Longer words are certainly not a slip of a known one; the bound keeps hostile input cheap. */
const LONGEST = 32;

/** Which slip is likelier among those of one distance: letters swapped, one left out, one wrong, one too many. */
function unlikelihood(word: string, candidate: string): number {
  if ([...word].sort().join('') === [...candidate].sort().join('')) return 0;
  return candidate.length > word.length ? 1 : candidate.length === word.length ? 2 : 3;
}

/** The nearest of `known` within one edit per three characters; undefined when nothing is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const lower = word.toLowerCase();
  let bound = Math.max(1, Math.floor(word.length / 3));
  let found: string | undefined;
  for (const candidate of known) {
    const d = distance(lower, candidate.toLowerCase(), bound);
    // A word that shares no letter with the candidate is no slip of it.
    if (d > bound || d >= Math.max(word.length, candidate.length)) continue;
    if (found !== undefined && d === bound && unlikelihood(lower, found) <= unlikelihood(lower, candidate)) continue;
    found = candidate;
    bound = d;
    if (d === 0) break;
  }
  return found;
}

/** `did you mean "x"?`, or undefined. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const found = nearest(word, known);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}
