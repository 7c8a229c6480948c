/** Replays recordings of a host on our model of it. */
import type { HostProfile } from '../kvm/profiles/index.ts';
import { kvmprobeSteps, type ProbeResult, type Steps } from '../vmm/kvmprobe/index.ts';
import { compareLines } from './compare.ts';
import { compareEndless, isEndless } from './endless.ts';
import { executable, replayHost, type ShouldYield } from './machine.ts';
import { excuseFor } from './reasons.ts';
import type { Recordings } from './recordings.ts';
import type { RunReport } from './report.ts';
import type { Runs } from './script.ts';

export interface Replay {
  readonly recordings: Recordings;
  readonly runs: Runs;
  /** The model of the host. */
  readonly profile: HostProfile;
  readonly payload: Uint8Array;
  readonly run: string;
  /** Where `replaySteps` yields; nowhere without it. */
  readonly shouldYield?: ShouldYield;
}

/** Replays one recording and compares output and exit log. */
export function replayRun(replay: Replay): RunReport {
  const steps = replaySteps(replay);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** As `replayRun`, in steps: the work can be left at each yield, and gone on with or given up. */
export function* replaySteps({ recordings, runs, profile, payload, run, shouldYield }: Replay): Steps<RunReport> {
  const args = runs.get(run);
  if (args === undefined) return refused(run, 'runs.sh does not say how it was started');
  try {
    const result = yield* kvmprobeSteps(replayHost(profile, payload, shouldYield), args);
    return { run, refusal: null, files: compared(recordings, profile, run, args, result) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return refused(run, error.message);
    throw error;
  }
}

function compared(
  recordings: Recordings,
  profile: HostProfile,
  run: string,
  args: readonly string[],
  result: ProbeResult,
): RunReport['files'] {
  const recorded = recordings.text(`${run}.txt`) ?? '';
  const excuse = excuseFor({ profile, executable: executable(profile), recorded, ours: result.output, args });
  const output = linesOf(result.output);
  const compare = isEndless(output) && isEndless(linesOf(recorded)) ? compareEndless : compareLines;
  const parts: readonly (readonly [string, string | null, readonly string[]])[] = [
    [`${run}.txt`, recordings.text(`${run}.txt`), output],
    [`${run}.ioctl.log`, recordings.text(`${run}.ioctl.log`), result.log],
  ];
  return parts.flatMap(([file, text, ours]) =>
    text === null ? [] : [{ file, rows: compare(linesOf(text), ours, excuse).rows }],
  );
}

export function refused(run: string, refusal: string): RunReport {
  return { run, refusal, files: [] };
}

/** Without the empty one after the last line feed. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
