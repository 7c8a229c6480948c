/** Finding out what something is: the cards of the reference. */
import type { Sighting } from '../../core/reference/card.ts';
import { withCard } from '../state/reference.ts';
import { type PageStore, patch } from '../state/store.ts';
import { EVERYTHING, type TraceFilter } from '../state/trace-filter.ts';
import type { Action } from './action.ts';
import { focusRegion } from './view.ts';

/** Id of the panel, which is a tab of the centre. */
export const REFERENCE = 'reference';

export const reference: Action = {
  id: 'reference',
  title: 'Reference',
  says: 'Look up an extension, function, error, exit, register or ioctl.',
  shortcut: 'Alt+6',
  group: 'View',
  run: ({ store }) => {
    patch(store, 'ui', { tab: REFERENCE, narrowTab: 'program' });
    patch(store, 'reference', { card: null, trail: [], focus: 'search' });
  },
};

/** Opens the card with this id and moves the keyboard to it. */
export function openCard(store: PageStore, id: string): void {
  store.setState(({ reference: slice }) => ({ reference: withCard(slice, id) }));
  patch(store, 'ui', { tab: REFERENCE, narrowTab: 'program' });
}

/** Narrows the trace, or the log of ioctls, to where the thing was seen, and moves the keyboard there. */
export function showSightings(store: PageStore, seen: Sighting): void {
  if (seen.on === 'ioctls') {
    patch(store, 'trace', { ioctlFilter: { withRuns: true, text: seen.text, focus: true } });
    patch(store, 'ui', { tab: 'ioctls', narrowTab: 'program' });
    return;
  }
  patch(store, 'trace', { filter: filterOf(seen) });
  patch(store, 'ui', { narrowTab: 'trace' });
  requestAnimationFrame(() => focusRegion('trace'));
}

export function filterOf(seen: Extract<Sighting, { readonly on: 'calls' }>): TraceFilter {
  const { extension = 'all', error, text = '' } = seen;
  const outcome = error === 'SUCCESS' ? 'success' : (error ?? 'all');
  return { ...EVERYTHING, extension, outcome, text };
}
