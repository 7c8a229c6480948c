/** What the worker needs to replay recordings: loaded apart, for few ask for it. */
import type { Steps } from '../vmm/kvmprobe/index.ts';
import { hostOf } from './host.ts';
import type { ShouldYield } from './machine.ts';
import { type RecordedHost, recordingsOf } from './recordings.ts';
import { refused, replaySteps } from './replay.ts';
import type { RunReport } from './report.ts';
import { parseRuns } from './script.ts';

export interface RecordedRun {
  readonly host: RecordedHost;
  /** Text of `runs.sh`. */
  readonly script: string;
  readonly payload: Uint8Array;
  readonly run: string;
}

/** Replays a run of a host on the model of it, in steps. What cannot be replayed is refused in the report. */
export function* replayRecorded(recorded: RecordedRun, shouldYield: ShouldYield): Steps<RunReport> {
  const { host, script, payload, run } = recorded;
  const recordings = recordingsOf(host);
  const found = hostOf(recordings);
  if ('refusal' in found) return refused(run, found.refusal);
  const { profile } = found;
  return yield* replaySteps({ recordings, runs: parseRuns(script), profile, payload, run, shouldYield });
}
