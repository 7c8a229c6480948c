/**
 * One machine as the page drives it: runs it in slices of bounded wall time, so that commands always
 * get through, and sends console, trace and views. Wall time decides only when something is done,
 * never what the guest sees.
 */
import type { Machine, RunStatus } from '../machine/api.ts';
import { Pace, waitMs } from '../machine/pace.ts';
import { toStateFile } from '../machine/state-file.ts';
import type {
  EventSink,
  LoadReport,
  MachineView,
  RunState,
  StateReport,
  StopReason,
  StopUntil,
} from '../protocol/index.ts';
import { build, type Loaded, restore } from './build.ts';
import { ConsoleFeed, TraceFeed } from './feeds.ts';
import { assembleReport } from './report.ts';

/** The host's clock and timers. */
export interface HostTime {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls back after the messages that are waiting have been dealt with. */
  defer(callback: () => void): void;
  /** Calls back after so many ms, unless the function that it gives is called before. */
  after(ms: number, callback: () => void): () => void;
}

/** A slice is short enough for a command to be felt at once, and long against what sending costs. */
export const SLICE_MS = 12;
/** 30 views a second. */
const VIEW_MS = 1000 / 30;
/** Between batches of the trace that a stopped run still owes: a frame. */
const CATCH_UP_MS = 1000 / 60;
/** How long a producer waits for a page that is behind with the console. */
const CONGESTED_MS = 5;

const PAUSED: StopReason = { code: 'paused', words: 'paused' };

export class MachineSession {
  #machine: Machine | null = null;
  #loaded: Loaded | null = null;
  #console: ConsoleFeed;
  #trace: TraceFeed | null = null;
  #state: RunState = 'empty';
  #stop: StopReason | null = null;
  #until: StopUntil = 'forever';
  #wall = 0;
  #lastView = Number.NEGATIVE_INFINITY;
  #paced = false;
  readonly #pace = new Pace();
  /** Whether the machine waits for the clock or for input. */
  #idle = false;
  /** Cancels the tick that is to come; a tick of an older run finds another number and does nothing. */
  #cancel: () => void = () => undefined;
  #generation = 0;

  constructor(
    private readonly events: EventSink,
    private readonly time: HostTime,
  ) {
    this.#console = new ConsoleFeed(events);
  }

  get machine(): Machine | null {
    return this.#machine;
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  load(loaded: Loaded): LoadReport {
    this.#halt();
    this.#machine = null;
    this.#loaded = loaded;
    this.#state = 'empty';
    const console = new ConsoleFeed(this.events);
    const { report, machine } = build(loaded, this.#hooks(console));
    if (machine === null) this.#sendView();
    else this.#take(machine, console, 'ready');
    return report;
  }

  /** Null when none is loaded. */
  save(): Promise<string> | null {
    return this.#machine === null ? null : toStateFile(this.#machine.save());
  }

  /** Puts the machine of a state file in place of this one, which stays when the file is refused. */
  async restore(text: string, prepare: Loaded['prepare']): Promise<StateReport> {
    const console = new ConsoleFeed(this.events);
    const restored = await restore(text, this.#hooks(console));
    if ('code' in restored) return { ok: false, failure: restored };
    const { machine, config } = restored;
    this.#halt();
    this.#loaded = { config, prepare };
    this.#take(machine, console, machine.ended === null ? 'paused' : 'stopped');
    const guest = prepare(config, undefined);
    const assembled = guest.assembled === null ? null : assembleReport(guest.assembled);
    return { ok: true, config, assembled, entry: machine.entry };
  }

  #hooks(console: ConsoleFeed): Parameters<typeof build>[1] {
    return {
      console: (bytes, by) => console.write(bytes, by),
      log: (words) => this.events.emit('log', { words }),
    };
  }

  #take(machine: Machine, console: ConsoleFeed, state: RunState): void {
    this.#console = console;
    this.#machine = machine;
    this.#trace = new TraceFeed(this.events, machine.trace);
    this.#state = state;
    this.#stop = machine.ended;
    this.#wall = 0;
    this.#flush();
  }

  /** Builds the same machine anew. Null when none was loaded. */
  reset(): LoadReport | null {
    return this.#loaded === null ? null : this.load(this.#loaded);
  }

  /** Whether there is a machine that can run. */
  run(until: StopUntil): boolean {
    const machine = this.#machine;
    if (machine === null || machine.ended !== null) return false;
    this.#halt();
    this.#state = 'running';
    this.#stop = null;
    this.#until = until;
    this.#pace.anchor(this.time.now(), machine.time);
    this.#sendView();
    this.#schedule();
    return true;
  }

  pause(): void {
    if (!this.running) return;
    this.#halt();
    this.#stand(PAUSED, 'paused');
  }

  /** Whether there is a machine that can be stepped. */
  step(hart: number): boolean {
    const machine = this.#machine;
    if (machine === null || machine.ended !== null) return false;
    this.#halt();
    const stop = machine.step(hart);
    this.#stand(stop, machine.ended === null ? 'paused' : 'stopped');
    return true;
  }

  input(bytes: Uint8Array): void {
    const machine = this.#machine;
    if (machine === null) return;
    machine.addInput(bytes, this.#idle && this.#paced ? this.#idleUntil() : 0);
    this.#pace.input(machine.time);
    if (!this.#idle) return;
    this.#halt();
    this.#schedule();
  }

  setPacing(paced: boolean): void {
    this.#paced = paced;
    const machine = this.#machine;
    if (machine !== null) this.#pace.anchor(this.time.now(), machine.time);
    if (!this.#idle) return;
    this.#halt();
    this.#schedule();
  }

  #schedule(): void {
    const generation = this.#generation;
    this.time.defer(() => this.#tick(generation));
  }

  #halt(): void {
    this.#generation++;
    this.#cancel();
    this.#cancel = () => undefined;
    this.#idle = false;
  }

  #tick(generation: number): void {
    const machine = this.#machine;
    if (generation !== this.#generation || machine === null) return;
    this.#idle = false;
    const started = this.time.now();
    const status = machine.run({
      until: this.#until,
      live: true,
      idleUntil: this.#idleUntil(),
      shouldYield: () => this.time.now() - started >= SLICE_MS || this.events.congested,
    });
    this.#wall += this.time.now() - started;
    this.#after(status, machine, generation);
  }

  #after(status: RunStatus, machine: Machine, generation: number): void {
    switch (status.kind) {
      case 'stopped':
        this.#halt();
        this.#stand(status.stop, machine.ended === null ? 'paused' : 'stopped');
        return;
      case 'yielded':
        this.#pace.busy(this.time.now(), machine.time);
        this.#progress();
        if (this.events.congested) this.#wait(CONGESTED_MS, generation);
        else this.#schedule();
        return;
      case 'waiting':
        this.#progress();
        this.#idle = true;
        if (machine.hasUnreadInput && this.#pace.hurry(this.time.now(), status.until)) this.#schedule();
        else this.#wait(waitMs(status.until, this.#idleUntil()), generation);
        return;
      case 'idle':
        this.#idle = true;
        this.#flush();
        this.#catchUp(this.#trace);
        return;
      default:
        status satisfies never;
    }
  }

  #wait(ms: number, generation: number): void {
    this.#cancel = this.time.after(ms, () => this.#tick(generation));
  }

  #idleUntil(): number {
    return this.#paced ? this.#pace.reached(this.time.now()) : Number.POSITIVE_INFINITY;
  }

  #stand(stop: StopReason, state: 'paused' | 'stopped'): void {
    this.#state = state;
    this.#stop = stop;
    this.#flush();
    this.#catchUp(this.#trace);
  }

  /** While nothing runs: the rest of the trace, as the page takes it. */
  #catchUp(feed: TraceFeed | null): void {
    const busy = this.running && !this.#idle;
    if (feed === null || feed !== this.#trace || busy || !feed.flush()) return;
    this.time.after(CATCH_UP_MS, () => this.#catchUp(feed));
  }

  /** In a run: console at once, the rest once a frame. */
  #progress(): void {
    this.#console.flush();
    if (this.time.now() - this.#lastView >= VIEW_MS) this.#flush();
  }

  #flush(): void {
    this.#console.flush();
    this.#trace?.flush();
    this.#sendView();
  }

  #sendView(): void {
    this.#lastView = this.time.now();
    this.events.emit('view', this.view());
  }

  view(): MachineView {
    const machine = this.#machine;
    const common = { state: this.#state, stop: this.#stop, wall: this.#wall };
    if (machine === null) return { ...common, time: 0, instructions: 0, harts: [], counts: NO_COUNTS };
    const { time, instructions } = machine;
    return { ...common, time, instructions, harts: machine.harts(), counts: machine.counts() };
  }
}

const NO_COUNTS: MachineView['counts'] = { calls: {}, traps: {}, exits: {}, dropped: 0 };
