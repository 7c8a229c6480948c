/** A machine for tests of the page: answers every command and replays events that it is given. */
import type { Config, Platform } from '../../core/config/types.ts';
import type { Client } from '../../core/protocol/client.ts';
import type {
  EventName,
  Events,
  LineEntry,
  LoadReport,
  MachineView,
  StateReport,
  Survey,
} from '../../core/protocol/messages.ts';
import { failed, type Result, succeeded } from '../../core/protocol/wire.ts';
import type { RunReport } from '../../core/replay/report.ts';
import type { CallEvent } from '../../core/trace/events.ts';

export interface FakeMachine {
  readonly client: Client;
  /** Names of the commands received, in order. */
  readonly asked: readonly string[];
  /** The configuration of the last load, and the images that came with it. */
  readonly config: Config | null;
  readonly images: readonly (Uint8Array | undefined)[];
  emit<E extends EventName>(name: E, event: Events[E]): void;
  /** What the next loads answer. */
  answerLoad(report: LoadReport): void;
  /** What the next loads of a state answer; a refusal before this is called. */
  answerState(report: StateReport): void;
  /** What surveys find from now on; before, that no VMM starts. */
  answerSurvey(survey: (platform: Platform) => Survey): void;
  /** What replays find from now on, null for one that goes on until it is stopped; before, that nothing was recorded. */
  answerReplay(replay: (run: string) => RunReport | null): void;
  readonly closed: boolean;
}

export const emptyView: MachineView = {
  state: 'ready',
  stop: null,
  time: 0,
  instructions: 0,
  wall: 0,
  harts: [],
  counts: { calls: {}, traps: {}, exits: {}, dropped: 0 },
};

export const loadedReport: LoadReport = {
  ok: true,
  assembled: { diagnostics: [], symbols: [], lines: [], bytes: 64 },
  entry: 0x80200000n,
  warnings: [],
};

/** A call event with plausible values. */
export function callEvent(seq: number, more: Partial<CallEvent> = {}): CallEvent {
  return {
    kind: 'call',
    seq,
    hart: 0,
    time: seq * 10_000,
    pc: 0x80200000n,
    eid: 0x4442434en,
    fid: 0n,
    args: [20n, 0x80200080n, 0n, 0n, 0n, 0n],
    by: 'vmm',
    error: 0n,
    value: 20n,
    cost: 6100,
    exited: true,
    kernel: 'DBCN is forwarded: KVM_EXIT_RISCV_SBI',
    ...more,
  };
}

export function fakeMachine(lines: readonly LineEntry[] = []): FakeMachine {
  const asked: string[] = [];
  const listeners = new Map<EventName, Set<(event: never) => void>>();
  let report: LoadReport = loadedReport;
  let stateReport: StateReport = { ok: false, failure: { code: 'snapshot', message: 'version: is 9' } };
  let config: Config | null = null;
  let images: readonly (Uint8Array | undefined)[] = [];
  let closed = false;
  let surveyed = (_platform: Platform): Survey => ({ starts: false, words: 'it does not start', hint: '' });
  let endReplay = (): void => undefined;
  let replayed = (run: string): RunReport | null => ({ run, refusal: 'nothing was recorded', files: [] });
  const done = <T>(name: string, value: T): Promise<Result<T>> => {
    asked.push(name);
    return Promise.resolve(succeeded(value));
  };
  const client: Client = {
    hello: ({ version }) => done('hello', { version }),
    load: (request) => {
      config = request.config;
      images = [request.image, request.initrd];
      return done('load', report);
    },
    run: ({ until }) => done(`run ${until}`, null),
    pause: () => done('pause', null),
    step: ({ hart }) => done(`step ${hart}`, null),
    reset: () => done('reset', report),
    input: () => done('input', null),
    assemble: () => done('assemble', { diagnostics: [], symbols: [], lines, bytes: 64 }),
    readMemory: ({ length }) => done('readMemory', new Uint8Array(length)),
    survey: ({ platform }) => done(`survey ${platform.host} ${platform.vmm}`, surveyed(platform)),
    replay: ({ host, run }) => {
      const found = replayed(run);
      if (found !== null) return done(`replay ${host.name} ${run}`, found);
      return new Promise((resolve) => {
        endReplay = () => resolve(failed('stopped', 'The replay was stopped.'));
      });
    },
    stopReplay: () => {
      endReplay();
      return done('stopReplay', null);
    },
    probe: () => done('probe', { rows: [], output: '' }),
    exportTrace: ({ format }) => done(`exportTrace ${format}`, `trace as ${format}`),
    exportInputLog: () => done('exportInputLog', ''),
    saveState: () => done('saveState', 'state'),
    loadState: () => done('loadState', stateReport),
    setPacing: ({ paced }) => done(`setPacing ${paced}`, null),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (event: never) => void));
      return () => set.delete(listener as (event: never) => void);
    },
    close: () => {
      closed = true;
    },
  };
  return {
    client,
    asked,
    get config() {
      return config;
    },
    get images() {
      return images;
    },
    get closed() {
      return closed;
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) listener(event as never);
    },
    answerSurvey(next) {
      surveyed = next;
    },
    answerReplay(next) {
      replayed = next;
    },
    answerState(next) {
      stateReport = next;
    },
    answerLoad(next) {
      report = next;
    },
  };
}
