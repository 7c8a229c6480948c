/** Telling the user something, and keeping a program of theirs whose place another one takes. */
import { type Draft, hasOwnProgram } from '../state/draft.ts';
import { type PageStore, patch } from '../state/store.ts';
import { type Message, withMessage, withoutMessage } from '../state/ui.ts';
import type { Action } from './action.ts';

export function tell(store: PageStore, message: Message): void {
  patch(store, 'ui', { messages: withMessage(store.getState().ui.messages, message) });
}

const SHELVED = 'shelved';

/** Opens another program; one of the user's own is kept aside and offered back. */
export function replaceDraft(store: PageStore, next: (draft: Draft) => Draft): void {
  const { draft } = store.getState();
  store.setState({ draft: next(draft) });
  if (!hasOwnProgram(draft)) return;
  patch(store, 'ui', { shelved: draft });
  tell(store, { id: SHELVED, tone: 'info', text: 'Your program was put aside.', action: bringBack.id });
}

export const bringBack: Action = {
  id: 'bring-back',
  title: 'Bring it back',
  says: 'Open the program again that was put aside for another one.',
  group: 'Program',
  unavailable: ({ ui }) => (ui.shelved === null ? 'No program was put aside.' : undefined),
  run: ({ store }) => {
    const { shelved, messages } = store.getState().ui;
    if (shelved === null) return;
    store.setState({ draft: shelved });
    patch(store, 'ui', { shelved: null, messages: withoutMessage(messages, SHELVED) });
  },
};
