/**
 * Drives a machine for the page: turns what the user asks into commands, and feeds the machine's events
 * into rings and store. It holds no machine state of its own.
 */
import type { Config } from '../../core/config/types.ts';
import type { Client } from '../../core/protocol/client.ts';
import type { Diagnostic, Failure, LoadReport, StopUntil } from '../../core/protocol/messages.ts';
import type { Result } from '../../core/protocol/wire.ts';
import type { CallEvent, IoctlEvent } from '../../core/trace/events.ts';
import type { TraceFormat } from '../../core/trace/formats.ts';
import { awaitedExample, type Draft, type DraftImage, isErroneous, machineConfig, systemOf } from '../state/draft.ts';
import { canContinue, isChanged, isRunning, type MachineSlice } from '../state/machine.ts';
import type { Rings } from '../state/rings.ts';
import { type PageStore, patch } from '../state/store.ts';
import { withMessage, withoutMessage } from '../state/ui.ts';
import { type ProgramSource, programsOfDrafts } from './programs.ts';
import type { SystemSource } from './systems.ts';

/** At most 30 changes of the store a second for events. */
const EVENTS_EVERY_MS = 34;
/** Typing pauses longer than this before the source is assembled. */
const ASSEMBLE_AFTER_MS = 250;

const PROGRAM_ABSENT: Failure = {
  code: 'program',
  message: 'The program of the example could not be loaded.',
  hint: 'Is there a connection? Load it again where the program would be.',
};

export interface Session {
  /** Builds the machine when there is none to go on with, then runs it. */
  run(until: StopUntil): Promise<void>;
  pause(): Promise<void>;
  step(): Promise<void>;
  reset(): Promise<void>;
  input(bytes: Uint8Array): Promise<void>;
  /** Tries again to load the program of the example. */
  loadProgram(): Promise<void>;
  /** Assembles the draft's source soon, without touching the machine. */
  assembleSoon(): void;
  readMemory(hart: number, address: bigint, length: number): Promise<Uint8Array>;
  probe(): Promise<void>;
  /** Another thread of the machine's program, for work beside the machine; whoever asks closes it. */
  another(onCrash: (words: string) => void): Client;
  /** The trace of the run in a format; null when that failed, which is told. */
  exportTrace(format: TraceFormat): Promise<string | null>;
  /** The whole machine as a file; null when that failed, which is told. */
  saveState(): Promise<string | null>;
  /**
   * Goes on with the machine of a state file. `take` makes the working copy of its configuration, before the page shows
   * the machine. A file that is refused is told with its name, and changes nothing.
   */
  loadState(name: string, file: string, take: (config: Config) => Draft): Promise<void>;
  /** Replaces a failed machine by a new one; the working copy is untouched. */
  restart(): void;
  close(): void;
}

export interface SessionParts {
  readonly store: PageStore;
  readonly rings: Rings;
  /** Starts the machine's thread; `onCrash` is called when it cannot go on. */
  readonly spawn: (onCrash: (words: string) => void) => Client;
  readonly systems: SystemSource;
  readonly programs: ProgramSource;
}

export function createSession({ store, rings, spawn, systems, programs }: SessionParts): Session {
  let client = connect();
  let assembleTimer: ReturnType<typeof setTimeout> | undefined;
  let eventsTimer: ReturnType<typeof setTimeout> | undefined;
  let dropped = 0;
  let paced = false;
  const drafts = programsOfDrafts(store, programs);
  const forget = store.subscribe(({ draft }, before) => {
    if (draft !== before.draft && systemOf(draft) !== systemOf(before.draft)) void lookForSystem();
    if (draft !== before.draft && awaitedExample(draft) !== null) void drafts.supply();
    if (draft === before.draft || machine().refused === null) return;
    untell('load');
    setMachine({ refused: null });
  });

  const machine = (): MachineSlice => store.getState().machine;
  const setMachine = (change: Partial<MachineSlice>): void => patch(store, 'machine', change);

  function connect(): Client {
    const next = spawn((words) => fail({ code: 'crash', message: `The machine has failed: ${words}.` }));
    next.on('view', (view) => setMachine({ view }));
    next.on('console', ({ bytes, by }) => {
      rings.console.push(bytes, by);
      eventsSoon();
    });
    next.on('log', ({ words }) => {
      rings.addLog(words);
      eventsSoon();
    });
    next.on('trace', (batch) => {
      addEvents(batch.calls, batch.ioctls);
      dropped += batch.dropped;
      eventsSoon();
    });
    next.on('fault', fail);
    return next;
  }

  function addEvents(calls: readonly CallEvent[], ioctls: readonly IoctlEvent[]): void {
    for (const call of calls) rings.addCall(call);
    for (const ioctl of ioctls) rings.ioctls.push(ioctl);
  }

  function eventsSoon(): void {
    eventsTimer ??= setTimeout(() => {
      eventsTimer = undefined;
      showEvents();
    }, EVENTS_EVERY_MS);
  }

  function showEvents(): void {
    const { version } = store.getState().trace;
    patch(store, 'trace', { version: version + 1, calls: rings.calls.end, ioctls: rings.ioctls.end, dropped });
  }

  function fail(fault: Failure): void {
    setMachine({ fault, worker: 'failed' });
    tell('fault', fault.message, fault.hint, 'restart');
  }

  function tell(id: string, text: string, hint?: string, action?: string): void {
    const { messages } = store.getState().ui;
    patch(store, 'ui', { messages: withMessage(messages, { id, tone: 'error', text, hint, action }) });
  }

  function untell(id: string): void {
    patch(store, 'ui', { messages: withoutMessage(store.getState().ui.messages, id) });
  }

  /** The answer of a command; a failure of the machine itself is told and gives null. */
  async function ask<T>(command: Promise<Result<T>>): Promise<T | null> {
    const result = await command;
    if (result.ok) return result.value;
    if (result.failure.code !== 'closed') tell('command', result.failure.message, result.failure.hint);
    return null;
  }

  function clearEvents(): void {
    rings.clear();
    dropped = 0;
    patch(store, 'trace', { selected: null, follow: true });
    showEvents();
  }

  function accept(report: LoadReport, draft: Draft): boolean {
    const system = systemOf(draft)?.id ?? null;
    const source = draft.image === null && system === null ? draft.source : null;
    if (report.assembled !== null && source !== null)
      patch(store, 'assembly', { code: undefined, ...report.assembled, of: source });
    if (!report.ok) {
      setMachine({ refused: report.failure, loaded: null });
      const where = report.failure.field === undefined ? '' : `${report.failure.field}: `;
      tell('load', `${where}${report.failure.message}`, report.failure.hint);
      revealFirst(report.assembled?.diagnostics ?? []);
      return false;
    }
    untell('load');
    const { symbols, lines } = report.assembled ?? { symbols: [], lines: [] };
    setMachine({
      refused: null,
      before: [],
      generation: machine().generation + 1,
      loaded: { config: draft.config, system, source, image: draft.image, symbols, lines, warnings: report.warnings },
    });
    return true;
  }

  async function loadState(name: string, file: string, take: (config: Config) => Draft): Promise<void> {
    if (isRunning(machine())) await ask(client.pause());
    const report = await ask(client.loadState({ text: file }));
    if (report === null) return;
    if (!report.ok) {
      tell('state', `${name}: ${report.failure.message}`, report.failure.hint ?? 'The machine here is as it was.');
      return;
    }
    const ended = machine().view?.state === 'stopped';
    const text = `${name} was loaded${ended ? '; its run had ended' : ': Continue goes on where it was saved'}.`;
    patch(store, 'ui', { messages: withMessage(store.getState().ui.messages, { id: 'state', tone: 'info', text }) });
    clearEvents();
    const taken = take(report.config);
    const draft = await drafts.complete(taken);
    if (draft === null) {
      accept({ ok: false, failure: PROGRAM_ABSENT, assembled: null }, taken);
      return;
    }
    await setPaced(systemOf(draft) !== null || draft.image !== null);
    accept({ ok: true, assembled: report.assembled, entry: report.entry, warnings: [] }, draft);
  }

  /** Brings the first error of the program into view. */
  function revealFirst(diagnostics: readonly Diagnostic[]): void {
    const error = diagnostics.find(({ severity }) => severity === 'error');
    if (error === undefined) return;
    const request = (store.getState().ui.reveal?.request ?? 0) + 1;
    patch(store, 'ui', { tab: 'program', reveal: { line: error.line, request, focus: false } });
  }

  async function build(): Promise<boolean> {
    const draft = await drafts.complete(store.getState().draft);
    if (draft === null) return accept({ ok: false, failure: PROGRAM_ABSENT, assembled: null }, store.getState().draft);
    if (isErroneous(draft)) {
      tell('load', 'The machine has fields that cannot be used as they are.', 'They are marked on the left.');
      return false;
    }
    const config = machineConfig(draft);
    clearEvents();
    const images = await imagesOf(draft);
    if ('code' in images) return accept({ ok: false, failure: images, assembled: null }, draft);
    // An operating system waits for the wall clock at its prompt; programs in the editor want to be over soon.
    await setPaced('image' in images);
    const report = await ask(client.load({ config, ...images }));
    return report !== null && accept(report, draft);
  }

  async function setPaced(wanted: boolean): Promise<void> {
    if (paced === wanted) return;
    paced = wanted;
    await ask(client.setPacing({ paced }));
  }

  function lackOf({ name }: DraftImage): Failure {
    const message = `${name} is not here: a saved state holds the machine, not the file that it was booted from.`;
    return { code: 'image', message, hint: 'Open the file to build the machine anew, or load the state again.' };
  }

  /** Kernel and initrd that go with the configuration; a failure when they cannot be had. */
  async function imagesOf(draft: Draft): Promise<{ image?: Uint8Array; initrd?: Uint8Array } | Failure> {
    if (draft.image !== null) return draft.image.bytes === null ? lackOf(draft.image) : { image: draft.image.bytes };
    const system = systemOf(draft);
    if (system === null) return {};
    const images = await systems.images(system);
    void lookForSystem();
    return images;
  }

  /** Finds out whether the images of a system guest are there, when it is the guest. */
  async function lookForSystem(): Promise<void> {
    const system = systemOf(store.getState().draft);
    if (system === null) return;
    const manifest = await systems.manifest(system);
    const { manifests } = store.getState().systems;
    if (manifests[system.id] === manifest) return;
    patch(store, 'systems', { manifests: { ...manifests, [system.id]: manifest } });
  }

  /** Makes sure that there is a machine as drafted which can go on. */
  async function prepared(): Promise<boolean> {
    const { draft } = store.getState();
    if (canContinue(machine()) && !isChanged(machine(), draft)) return true;
    return build();
  }

  async function go(command: () => Promise<Result<null>>): Promise<void> {
    if (isRunning(machine()) || machine().worker === 'busy' || machine().worker === 'failed') return;
    setMachine({ worker: 'busy' });
    if (await prepared()) {
      setMachine({ before: machine().view?.harts ?? [] });
      await ask(command());
    }
    if (machine().worker === 'busy') setMachine({ worker: 'ready' });
  }

  async function assemble(): Promise<void> {
    const { draft } = store.getState();
    if (draft.image !== null || systemOf(draft) !== null || awaitedExample(draft) !== null) {
      if (machine().worker === 'starting') setMachine({ worker: 'ready' });
      return;
    }
    const { source } = draft;
    const report = await ask(client.assemble({ source, isa: draft.config.isa }));
    if (report !== null && store.getState().draft.source === source)
      patch(store, 'assembly', { code: undefined, ...report, of: source });
    if (report !== null && machine().worker === 'starting') setMachine({ worker: 'ready' });
  }

  void lookForSystem();
  void drafts.supply();

  return {
    loadProgram: () => drafts.supply(),
    run: (until) => go(() => client.run({ until })),
    step: () => go(() => client.step({ hart: store.getState().ui.hart })),
    async pause() {
      if (isRunning(machine())) await ask(client.pause());
    },
    async reset() {
      if (machine().worker === 'failed') return;
      if (isRunning(machine())) await ask(client.pause());
      setMachine({ worker: 'busy' });
      await build();
      if (machine().worker === 'busy') setMachine({ worker: 'ready' });
    },
    async input(bytes) {
      await ask(client.input({ bytes }));
    },
    assembleSoon() {
      clearTimeout(assembleTimer);
      assembleTimer = setTimeout(assemble, ASSEMBLE_AFTER_MS);
    },
    async readMemory(hart, address, length) {
      return (await ask(client.readMemory({ hart, address, length }))) ?? new Uint8Array();
    },
    async probe() {
      const { draft } = store.getState();
      if (isErroneous(draft)) return;
      setMachine({ probing: true });
      const report = await ask(client.probe({ config: machineConfig(draft) }));
      setMachine({ probing: false, ...(report === null ? {} : { probe: { report, config: draft.config } }) });
    },
    another: (onCrash) => spawn(onCrash),
    async saveState() {
      return ask(client.saveState());
    },
    async loadState(name, text, take) {
      if (machine().worker === 'busy' || machine().worker === 'failed') return;
      setMachine({ worker: 'busy' });
      await loadState(name, text, take);
      if (machine().worker === 'busy') setMachine({ worker: 'ready' });
    },
    exportTrace(format) {
      return ask(client.exportTrace({ format }));
    },
    restart() {
      client.close();
      clearEvents();
      untell('fault');
      setMachine({ worker: 'ready', view: null, loaded: null, fault: null, refused: null, before: [], probing: false });
      paced = false;
      client = connect();
    },
    close() {
      forget();
      clearTimeout(assembleTimer);
      clearTimeout(eventsTimer);
      client.close();
    },
  };
}
