/**
 * A guest that does the same again and again until the watchdog ends it. How often it does is a matter of speed: turns
 * that both sides have are compared, and what one side has beyond them is told as one difference.
 */
import { type Comparison, compareLines, type Excuse, type Row } from './compare.ts';
import { normalised } from './normalise.ts';

/** Lines of one turn at most; the payload prints far fewer. */
const MAX_TURN = 32;
const WATCHDOG = /^vmm: end: WATCHDOG timeout /;
const END = /^vmm: end: /;
const REASON = 'the guest goes on until the watchdog: how often is a matter of speed';

/** Whether an output ends with the watchdog. */
export function isEndless(output: readonly string[]): boolean {
  return output.some((line) => WATCHDOG.test(line));
}

/** As `compareLines`, for endless runs: turns that only one side has are one row. What is no further turn stays. */
export function compareEndless(recorded: readonly string[], ours: readonly string[], excuse: Excuse): Comparison {
  const [left, right] = [endOf(recorded), endOf(ours)];
  const even = Math.min(left, right);
  const [longer, end] = left > right ? [recorded, left] : [ours, right];
  if (left === right || !isRepeated(longer, even, end)) return compareLines(recorded, ours, excuse);
  const same = (lines: readonly string[], to: number) => [...lines.slice(0, even), ...lines.slice(to)];
  const { rows, differences } = compareLines(same(recorded, left), same(ours, right), excuse);
  const words = `(${end - even} lines more of the same)`;
  const [theirs, mine] = left > right ? [words, null] : [null, words];
  const turns = { line: even + 1, recorded: theirs, ours: mine, reason: REASON };
  const later = (row: Row): Row => ({ ...row, line: row.line + left - even });
  const before = rows.filter(({ line }) => line <= even);
  const all = [...before, { ...turns, equal: false }, ...rows.slice(before.length).map(later)];
  return {
    rows: all,
    lines: all.length,
    equal: rows.length - differences.length,
    differences: all.filter((row) => !row.equal),
  };
}

/** Where the report about the end begins. */
function endOf(lines: readonly string[]): number {
  const at = lines.findIndex((line) => END.test(line));
  return at < 0 ? lines.length : at;
}

/** Whether lines from `start` to `end` say what those of the turns before them said. */
function isRepeated(lines: readonly string[], start: number, end: number): boolean {
  for (let turn = 1; turn <= Math.min(MAX_TURN, start); turn++) {
    if (continues(lines, start, end, turn)) return true;
  }
  return false;
}

function continues(lines: readonly string[], start: number, end: number, turn: number): boolean {
  for (let at = start; at < end; at++) {
    if (normalised(lines[at] ?? '') !== normalised(lines[at - turn] ?? '')) return false;
  }
  return true;
}
