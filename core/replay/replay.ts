/** Replays recordings of a host on our model of it. */
import type { HostProfile } from '../kvm/profiles/index.ts';
import { kvmprobe, type ProbeResult } from '../vmm/kvmprobe/index.ts';
import { type Comparison, compareLines, type Difference } from './compare.ts';
import { executable, replayHost } from './machine.ts';
import { excuseFor } from './reasons.ts';
import type { Recordings } from './recordings.ts';
import type { Runs } from './script.ts';

export interface RunReport {
  readonly run: string;
  /** Why it was not replayed; null when it was. */
  readonly refusal: string | null;
  readonly lines: number;
  readonly equal: number;
  readonly differences: readonly (Difference & { readonly file: string })[];
}

/** Replays one recording and compares output and exit log. */
export function replayRun(
  recordings: Recordings,
  runs: Runs,
  profile: HostProfile,
  payload: Uint8Array,
  run: string,
): RunReport {
  const args = runs.get(run);
  if (args === undefined) return refused(run, 'runs.sh does not say how it was started');
  let result: ProbeResult;
  try {
    result = kvmprobe(replayHost(profile, payload), args);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return refused(run, error.message);
    throw error;
  }
  const recorded = recordings.text(`${run}.txt`) ?? '';
  const excuse = excuseFor({ profile, executable: executable(profile), recorded });
  const parts: readonly (readonly [string, string | null, readonly string[]])[] = [
    [`${run}.txt`, recordings.text(`${run}.txt`), linesOf(result.output)],
    [`${run}.ioctl.log`, recordings.text(`${run}.ioctl.log`), result.log],
  ];
  const compared = parts.flatMap(([file, text, ours]) =>
    text === null ? [] : [{ file, comparison: compareLines(linesOf(text), ours, excuse) }],
  );
  return {
    run,
    refusal: null,
    lines: sum(compared, ({ comparison }) => comparison.lines),
    equal: sum(compared, ({ comparison }) => comparison.equal),
    differences: compared.flatMap(({ file, comparison }) =>
      comparison.differences.map((difference) => ({ ...difference, file })),
    ),
  };
}

function refused(run: string, refusal: string): RunReport {
  return { run, refusal, lines: 0, equal: 0, differences: [] };
}

/** Without the empty one after the last line feed. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function sum(
  compared: readonly { readonly comparison: Comparison }[],
  of: (part: { readonly comparison: Comparison }) => number,
): number {
  return compared.reduce((total, part) => total + of(part), 0);
}
