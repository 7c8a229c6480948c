/** Showing lines of the program. */
import type { CallEvent } from '../../core/trace/events.ts';
import { lineOf } from '../state/lines.ts';
import { type PageStore, patch } from '../state/store.ts';

/** Opens the program at a line. */
export function revealLine(store: PageStore, line: number): void {
  const request = (store.getState().ui.reveal?.request ?? 0) + 1;
  patch(store, 'ui', { tab: 'program', narrowTab: 'program', reveal: { line, request, focus: true } });
}

/** Selects a call: its card, and its instruction where the program is shown. */
export function selectCall(store: PageStore, call: CallEvent): void {
  const { machine, ui } = store.getState();
  patch(store, 'trace', { selected: call.seq });
  const line = lineOf(machine.loaded?.lines ?? [], call.pc);
  if (line === null) return;
  patch(store, 'ui', { reveal: { line, request: (ui.reveal?.request ?? 0) + 1, focus: false } });
}
