/**
 * The recorded hosts and the replays of their runs, one after the other in a thread of their own: the machine of the page
 * goes on beside them. What was found is kept as long as the page is open; the thread is there only while it is needed.
 */
import type { Client } from '../../../core/protocol/client.ts';
import { type AboutHost, aboutHost } from '../../../core/replay/about.ts';
import { type RecordedHost, recordingsOf } from '../../../core/replay/recordings.ts';
import type { RunReport } from '../../../core/replay/report.ts';
import type { Page } from '../../session/page.ts';
import { type RecordedSource, recordedSource } from './source.ts';

export interface Host {
  readonly about: AboutHost;
  readonly recorded: RecordedHost;
}

/** A run of a host. */
export interface Wanted {
  readonly host: string;
  readonly run: string;
}

export interface ReplaysState {
  /** In the order of their names; those that have been loaded. */
  readonly hosts: readonly Host[];
  /** Whether more of them are under way. */
  readonly loading: boolean;
  readonly found: ReadonlyMap<string, RunReport>;
  /** What is replayed now; null while nothing is. */
  readonly current: Wanted | null;
  /** How many of those that were asked for are done, of how many. */
  readonly done: number;
  readonly asked: number;
  /** Why loading or the last attempt ended early, in words. */
  readonly failure: string | null;
  /** Whether only lines that differ are shown. */
  readonly differencesOnly: boolean;
}

export const keyOf = ({ host, run }: Wanted): string => `${host}/${run}`;

export class Replays {
  #state: ReplaysState = {
    hosts: [],
    loading: false,
    found: new Map(),
    current: null,
    done: 0,
    asked: 0,
    failure: null,
    differencesOnly: false,
  };
  readonly #listeners = new Set<() => void>();
  #source: RecordedSource | null = null;
  #client: Client | null = null;
  /** What is left to be replayed, in order. */
  #queue: readonly Wanted[] = [];

  constructor(
    private readonly load: () => Promise<RecordedSource>,
    private readonly spawn: (onCrash: (words: string) => void) => Client,
  ) {}

  get state(): ReplaysState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  show(change: Pick<ReplaysState, 'differencesOnly'>): void {
    this.#set(change);
  }

  /** Loads the hosts that are not there yet; each shows as it comes. */
  async open(): Promise<void> {
    if (this.#state.loading) return;
    this.#set({ loading: true, failure: null });
    try {
      const source = this.#source ?? (await this.load());
      this.#source = source;
      const missing = source.hosts.filter(({ name }) => !this.#state.hosts.some(({ about }) => about.name === name));
      await Promise.all(missing.map(async ({ load }) => this.#add(await load(), source.script)));
    } catch {
      this.#set({ failure: 'The recordings could not be loaded.' });
    }
    this.#set({ loading: false });
  }

  #add(recorded: RecordedHost, script: string): void {
    const host: Host = { recorded, about: aboutHost(recordingsOf(recorded), script) };
    const hosts = [...this.#state.hosts, host].sort((a, b) => (a.about.name < b.about.name ? -1 : 1));
    this.#set({ hosts });
  }

  /** Replays these next, also those that are known, before what else is left. */
  ask(runs: readonly Wanted[]): void {
    const keys = new Set(runs.map(keyOf));
    this.#queue = [...runs, ...this.#queue.filter((one) => !keys.has(keyOf(one)))];
    const { current, done } = this.#state;
    const before = current === null ? 0 : done;
    const asked = before + this.#queue.length + (current === null ? 0 : 1);
    this.#set({ done: before, asked, failure: null });
    if (this.#client === null && this.#queue.length > 0) void this.#run();
  }

  /** Ends what is under way; what was found stays. */
  stop(): void {
    this.#queue = [];
    void this.#client?.stopReplay();
  }

  async #run(): Promise<void> {
    const source = this.#source;
    if (source === null) return;
    const client = this.spawn((words) => {
      if (client === this.#client) this.#end(`The recordings could not be replayed: ${words}.`);
    });
    this.#client = client;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      this.#queue = this.#queue.slice(1);
      const { host, run } = next;
      const recorded = this.#state.hosts.find(({ about }) => about.name === host)?.recorded;
      if (recorded === undefined) continue;
      this.#set({ current: next });
      const { script, payload } = source;
      const result = await client.replay({ host: recorded, script, payload, run });
      if (client !== this.#client) return;
      if (result.ok) {
        const found = new Map(this.#state.found).set(keyOf(next), result.value);
        this.#set({ found, done: this.#state.done + 1 });
      } else if (result.failure.code !== 'stopped') {
        this.#end(result.failure.message);
        return;
      }
    }
    this.#end(null);
  }

  #end(failure: string | null): void {
    this.#queue = [];
    this.#client?.close();
    this.#client = null;
    this.#set({ current: null, failure });
  }

  #set(change: Partial<ReplaysState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const ofPage = new WeakMap<Page, Replays>();

/** Those of a page, which outlive its panel. */
export function replaysOf(page: Page): Replays {
  const known = ofPage.get(page);
  if (known !== undefined) return known;
  const made = new Replays(recordedSource, (onCrash) => page.session.another(onCrash));
  ofPage.set(page, made);
  return made;
}
