/** Replays of recordings, one at a time, beside the machine: in slices, so that commands always get through. */
import { type Commands, failed, type Result } from '../protocol/index.ts';
import { type HostTime, SLICE_MS } from './session.ts';

type Report = Commands['replay'][1];
type Replay = typeof import('../replay/index.ts');

const STOPPED = failed('stopped', 'The replay was stopped.');
const NOT_LOADED = failed(
  'load',
  'The part of Ecall that replays could not be loaded.',
  'Check the connection and try again.',
);

export class Replays {
  /** Grows with each replay and each stop: one that finds another number gives up. */
  #generation = 0;

  constructor(private readonly time: HostTime) {}

  stop(): void {
    this.#generation++;
  }

  /** Ends the one that is under way, whose result is then a failure with code `stopped`. */
  async run(recorded: Commands['replay'][0]): Promise<Result<Report>> {
    const generation = ++this.#generation;
    const code: Replay | null = await import('../replay/index.ts').catch(() => null);
    if (code === null) return NOT_LOADED;
    let started = this.time.now();
    const steps = code.replayRecorded(recorded, () => this.time.now() - started >= SLICE_MS);
    for (;;) {
      if (generation !== this.#generation) return STOPPED;
      const step = steps.next();
      if (step.done) return { ok: true, value: step.value };
      await new Promise<void>((resolve) => this.time.defer(resolve));
      started = this.time.now();
    }
  }
}
