/** The page's state: one framework-free store made of slices. The machine's truth stays in the worker; here is its last view. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AssemblySlice, assemblySlice } from './assembly.ts';
import type { Draft } from './draft.ts';
import { type MachineSlice, machineSlice } from './machine.ts';
import { type RecordingsSlice, recordingsSlice } from './recordings.ts';
import { type ReferenceSlice, referenceSlice } from './reference.ts';
import { type SystemsSlice, systemsSlice } from './systems.ts';
import { type TraceSlice, traceSlice } from './trace.ts';
import { type UiSlice, uiSlice } from './ui.ts';

export interface PageState {
  readonly draft: Draft;
  readonly machine: MachineSlice;
  readonly assembly: AssemblySlice;
  readonly trace: TraceSlice;
  readonly ui: UiSlice;
  readonly systems: SystemsSlice;
  readonly reference: ReferenceSlice;
  readonly recordings: RecordingsSlice;
}

export type PageStore = StoreApi<PageState>;

export function createPageStore(draft: Draft, ui: Partial<UiSlice> = {}): PageStore {
  return createStore<PageState>(() => ({
    draft,
    machine: machineSlice,
    assembly: assemblySlice,
    trace: traceSlice,
    ui: { ...uiSlice, ...ui },
    systems: systemsSlice,
    reference: referenceSlice,
    recordings: recordingsSlice,
  }));
}

/** Replaces part of one slice; the others keep their identity. */
export function patch<K extends keyof PageState>(store: PageStore, slice: K, change: Partial<PageState[K]>): void {
  store.setState((state) => ({ [slice]: { ...state[slice], ...change } }) as unknown as Partial<PageState>);
}
