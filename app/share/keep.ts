/** Keeps the working copy in the browser as it changes, follows links opened in the same tab, assembles what is typed. */

import { toLink } from '../../core/config/index.ts';
import type { Page } from '../session/page.ts';
import { draftOf, machineConfig } from '../state/draft.ts';
import { patch } from '../state/store.ts';
import { withMessage } from '../state/ui.ts';
import { linkProblemWords, openLink, pageAddress } from './link.ts';
import type { WorkingCopyStorage } from './working-copy.ts';

/** Packing the source on each key would be felt. */
const SAVE_AFTER_MS = 400;

export function keepWorkingCopy({ store, session }: Page, storage: WorkingCopyStorage): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const measure = async (): Promise<string> => {
    const fragment = await toLink(machineConfig(store.getState().draft));
    patch(store, 'ui', { linkLength: pageAddress().length + fragment.length });
    return fragment;
  };
  const save = async (): Promise<void> => {
    storage.save(await measure());
  };
  // Opening a link must not cost the working copy: it is replaced by what the user changes, not by what was opened.
  void measure();

  store.subscribe((state, before) => {
    if (state.draft === before.draft) return;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), SAVE_AFTER_MS);
    if (state.draft.source !== before.draft.source || state.draft.config.isa !== before.draft.config.isa) {
      session.assembleSoon();
    }
    // The address would otherwise keep naming what is no longer shown, and win over the working copy on reload.
    if (location.hash !== '') history.replaceState(null, '', pageAddress());
  });

  window.addEventListener('hashchange', async () => {
    if (location.hash.length < 2) return;
    const { config, problem } = await openLink(location.hash);
    const { messages } = store.getState().ui;
    if (problem !== null) {
      const message = { id: 'link', tone: 'error' as const, ...linkProblemWords(problem) };
      patch(store, 'ui', { messages: withMessage(messages, message) });
    }
    store.setState({ draft: draftOf(config) });
  });
}
