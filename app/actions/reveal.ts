/** Shows a line of the program. */
import { type PageStore, patch } from '../state/store.ts';

export function revealLine(store: PageStore, line: number): void {
  const request = (store.getState().ui.reveal?.request ?? 0) + 1;
  patch(store, 'ui', { tab: 'program', narrowTab: 'program', reveal: { line, request } });
}
