/**
 * The programs of the examples: that of the first comes with the page, the others are one chunk. The draft of another
 * example awaits its program, and gets it here.
 */
import { awaitedExample, type Draft, withProgram } from '../state/draft.ts';
import { type PageStore, patch } from '../state/store.ts';

export interface ProgramSource {
  /** The program of an example; undefined until it is loaded. */
  of(id: string): string | undefined;
  /** Loads them all, once; false when that failed, and may be tried again. Never rejects. */
  load(): Promise<boolean>;
}

export function programSource(
  importPrograms: () => Promise<{ readonly PROGRAMS: ReadonlyMap<string, string> }>,
): ProgramSource {
  let programs: ReadonlyMap<string, string> = new Map();
  let loading: Promise<boolean> | null = null;
  const load = async (): Promise<boolean> => {
    try {
      programs = (await importPrograms()).PROGRAMS;
      return true;
    } catch {
      loading = null;
      return false;
    }
  };
  return {
    of: (id) => programs.get(id),
    load: () => {
      loading ??= load();
      return loading;
    },
  };
}

export interface ProgramsOfDrafts {
  /** The draft with its program; null when it could not be loaded. */
  complete(draft: Draft): Promise<Draft | null>;
  /** Gives the draft of the store its program: at once where that is loaded. */
  supply(): Promise<void>;
}

export function programsOfDrafts(store: PageStore, programs: ProgramSource): ProgramsOfDrafts {
  const atOnce = (draft: Draft): Draft | null => {
    const id = awaitedExample(draft);
    const program = id === null ? undefined : programs.of(id);
    if (program !== undefined) return withProgram(draft, program);
    return id === null ? draft : null;
  };
  const load = async (): Promise<void> => {
    patch(store, 'ui', { programsFailed: false });
    const loaded = await programs.load();
    patch(store, 'ui', { programsFailed: !loaded });
  };
  return {
    async complete(draft) {
      const here = atOnce(draft);
      if (here !== null) return here;
      await load();
      return atOnce(draft);
    },
    async supply() {
      if (atOnce(store.getState().draft) === null) await load();
      const { draft } = store.getState();
      const whole = atOnce(draft);
      if (whole !== null && whole !== draft) store.setState({ draft: whole });
    },
  };
}
