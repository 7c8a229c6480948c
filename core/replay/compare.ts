/** Two texts line by line: what is equal, what differs on purpose and why, what differs. */
import { normalised } from './normalise.ts';

export interface Difference {
  /** Line of the recording, from 1; of the place where it should stand when the recording lacks it. */
  readonly line: number;
  /** Null: the other side has a line too many. */
  readonly recorded: string | null;
  readonly ours: string | null;
  /** Why it is right to differ; null when it is not. */
  readonly reason: string | null;
}

/** A line of both sides, or of one. */
export interface Row extends Difference {
  /** But for what is volatile. */
  readonly equal: boolean;
}

export interface Comparison {
  /** All lines of the recording, and those that only we have, in their order. */
  readonly rows: readonly Row[];
  /** Number of rows. */
  readonly lines: number;
  readonly equal: number;
  readonly differences: readonly Difference[];
}

/** Says why a pair of lines may differ, or null. */
export type Excuse = (recorded: string | null, ours: string | null) => string | null;

/** Lines beyond which the search for the longest common part would take too long; the payload prints far fewer. */
const MAX_LINES = 20_000;

/** Throws RangeError for a text of more lines than any recording has. */
export function compareLines(recorded: readonly string[], ours: readonly string[], excuse: Excuse): Comparison {
  if (Math.max(recorded.length, ours.length) > MAX_LINES) {
    throw new RangeError(`more than ${MAX_LINES} lines: not a recording of kvmprobe`);
  }
  const left = recorded.map(normalised);
  const right = ours.map(normalised);
  const differences: Difference[] = [];
  const rows: Row[] = [];
  let [at, to] = [0, 0];
  while (at < left.length || to < right.length) {
    if (at < left.length && to < right.length && left[at] === right[to]) {
      const [theirs = null, mine = null] = [recorded[at], ours[to]];
      rows.push({ line: at + 1, recorded: theirs, ours: mine, reason: null, equal: true });
      [at, to] = [at + 1, to + 1];
      continue;
    }
    const [nextAt, nextTo] = resume(left, right, at, to);
    for (; at < nextAt || to < nextTo; ) {
      const mine = to < nextTo ? (ours[to] ?? null) : null;
      const theirs = at < nextAt ? (recorded[at] ?? null) : null;
      const difference = { line: at + 1, recorded: theirs, ours: mine, reason: excuse(theirs, mine) };
      differences.push(difference);
      rows.push({ ...difference, equal: false });
      if (at < nextAt) at++;
      if (to < nextTo) to++;
    }
  }
  return { rows, lines: rows.length, equal: rows.length - differences.length, differences };
}

/** Where both go on alike: the nearest pair of equal lines, or the ends. */
function resume(left: readonly string[], right: readonly string[], at: number, to: number): [number, number] {
  const farthest = left.length - at + (right.length - to);
  for (let distance = 1; distance <= farthest; distance++) {
    // The diagonal first: one line changed is likelier than one line too many.
    for (let skew = 0; skew <= distance; skew++) {
      for (const [dl, dr] of [
        [distance - skew, distance],
        [distance, distance - skew],
      ] as const) {
        const line = left[at + dl];
        if (line !== undefined && line === right[to + dr]) return [at + dl, to + dr];
      }
    }
  }
  return [left.length, right.length];
}
