/** Telling the user something, and keeping a program of theirs whose place another one takes. */
import { type Draft, hasOwnProgram } from '../state/draft.ts';
import { type PageStore, patch } from '../state/store.ts';
import { type Message, withMessage, withoutMessage } from '../state/ui.ts';
import type { Action } from './action.ts';

export function tell(store: PageStore, message: Message): void {
  patch(store, 'ui', { messages: withMessage(store.getState().ui.messages, message) });
}

const SHELVED = 'shelved';
/** Far more than anyone brings back one by one. */
const SHELVED_KEPT = 20;

/** Opens another program; one of the user's own is kept aside and offered back. */
export function replaceDraft(store: PageStore, next: (draft: Draft) => Draft): void {
  const { draft } = store.getState();
  store.setState({ draft: next(draft) });
  if (hasOwnProgram(draft)) putAside(store, draft, 'Your program was put aside.');
}

/** Keeps what another draft takes the place of, and offers it back. */
export function putAside(store: PageStore, draft: Draft, text: string): void {
  const { shelved } = store.getState().ui;
  patch(store, 'ui', { shelved: [...shelved, draft].slice(-SHELVED_KEPT) });
  tell(store, { id: SHELVED, tone: 'info', text, action: bringBack.id });
}

export const bringBack: Action = {
  id: 'bring-back',
  title: 'Bring it back',
  says: 'Open again what was put aside for another program or machine, the newest first.',
  group: 'Program',
  unavailable: ({ ui }) => (ui.shelved.length === 0 ? 'Nothing was put aside.' : undefined),
  run: ({ store }) => {
    const { shelved, messages } = store.getState().ui;
    const last = shelved.at(-1);
    if (last === undefined) return;
    store.setState({ draft: last });
    patch(store, 'ui', { shelved: shelved.slice(0, -1), messages: withoutMessage(messages, SHELVED) });
    if (shelved.length > 1)
      tell(store, { id: SHELVED, tone: 'info', text: 'More is put aside.', action: bringBack.id });
  },
};
