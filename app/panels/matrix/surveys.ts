/**
 * Surveys of combinations, one after the other in a thread of their own: the machine of the page goes on beside them.
 * What was found is kept as long as the page is open; the thread is there only while it is needed.
 */
import type { Choice } from '../../../core/config/combination.ts';
import type { KvmInterface } from '../../../core/config/index.ts';
import type { Client } from '../../../core/protocol/client.ts';
import type { Survey } from '../../../core/protocol/messages.ts';
import type { Page } from '../../session/page.ts';
import type { Combination, Topic } from './select.ts';

/** What the panel shows; kept while another tab is open. */
export interface Shown {
  readonly interface: KvmInterface;
  readonly choice: Choice;
  /** Releases with the legacy calls built in. */
  readonly legacy: boolean;
  readonly topic: Topic;
}

export interface SurveyState {
  readonly shown: Shown;
  readonly found: ReadonlyMap<string, Survey>;
  readonly running: boolean;
  /** Why the last attempt ended early, in words. */
  readonly failure: string | null;
}

export const keyOf = ({ interface: kvm, host, vmm, choice }: Combination): string => `${kvm} ${host} ${vmm} ${choice}`;

export class Surveys {
  #state: SurveyState = {
    shown: { interface: 'upstream', choice: 'most', legacy: true, topic: 'all' },
    found: new Map(),
    running: false,
    failure: null,
  };
  readonly #listeners = new Set<() => void>();
  #client: Client | null = null;
  /** What is left to be found out, in order. */
  #queue: readonly Combination[] = [];

  constructor(private readonly spawn: (onCrash: (words: string) => void) => Client) {}

  get state(): SurveyState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  show(change: Partial<Shown>): void {
    this.#set({ shown: { ...this.#state.shown, ...change } });
  }

  /** Finds out what is not known of these; what else was left is forgotten. */
  ask(combinations: readonly Combination[]): void {
    this.#queue = combinations.filter((one) => !this.#state.found.has(keyOf(one)));
    if (this.#queue.length === 0) this.stop();
    else if (this.#client === null) void this.#run();
  }

  /** Ends the thread; what it was at is lost, what it has found stays. */
  stop(): void {
    this.#queue = [];
    this.#client?.close();
    this.#client = null;
    if (this.#state.running) this.#set({ running: false });
  }

  async #run(): Promise<void> {
    const client = this.spawn((words) => {
      if (client === this.#client) this.#fail(`The guests could not be run: ${words}.`);
    });
    this.#client = client;
    this.#set({ running: true, failure: null });
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const { choice, ...platform } = next;
      const result = await client.survey({ platform, choice });
      if (client !== this.#client) return;
      if (!result.ok) {
        this.#fail(result.failure.message);
        return;
      }
      this.#queue = this.#queue.filter((one) => one !== next);
      this.#set({ found: new Map(this.#state.found).set(keyOf(next), result.value) });
    }
    this.stop();
  }

  #fail(failure: string): void {
    this.stop();
    this.#set({ failure });
  }

  #set(change: Partial<SurveyState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const ofPage = new WeakMap<Page, Surveys>();

/** Those of a page, which outlive its panel. */
export function surveysOf(page: Page): Surveys {
  const known = ofPage.get(page);
  if (known !== undefined) return known;
  const made = new Surveys((onCrash) => page.session.another(onCrash));
  ofPage.set(page, made);
  return made;
}
