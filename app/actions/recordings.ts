/** Opening the recordings of real kernels. */
import { recordingsFragment } from '../share/recordings-link.ts';
import { type PageStore, patch } from '../state/store.ts';
import type { Action } from './action.ts';

/** Id of the panel, which is a tab of the centre. */
export const RECORDINGS = 'recordings';

export const recordings: Action = {
  id: RECORDINGS,
  title: 'Recordings',
  says: 'Compare the model line by line with what real Linux kernels did.',
  shortcut: 'Alt+7',
  group: 'View',
  run: ({ store }) => patch(store, 'ui', { tab: RECORDINGS, narrowTab: 'program' }),
};

/** Shows a host, or the lines of one of its runs. An address that names another one is no longer true then. */
export function showRecording(store: PageStore, host: string | null, run: string | null): void {
  patch(store, 'recordings', { host, run, row: null, left: store.getState().recordings.run });
  patch(store, 'ui', { tab: RECORDINGS, narrowTab: 'program' });
}

/** Puts the link to a recording into the address, and gives all of it. */
export function recordingInAddress(host: string, run: string): string {
  history.replaceState(null, '', recordingsFragment(host, run));
  return location.href;
}
