/** Keeps the working copy in the browser as it changes, follows links opened in the same tab, assembles what is typed. */

import { SOURCE_LIMIT, toLink } from '../../core/config/index.ts';
import { showRecording } from '../actions/recordings.ts';
import { replaceDraft, tell } from '../actions/tell.ts';
import type { Page } from '../session/page.ts';
import { draftOf, isArrival, isTooLong, machineConfig } from '../state/draft.ts';
import { patch } from '../state/store.ts';
import { grouped } from '../ui/format.ts';
import { linkProblemWords, missingImage, openLink, pageAddress } from './link.ts';
import { recordingsIn } from './recordings-link.ts';
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
  let told = false;
  const save = async (): Promise<void> => {
    const { draft } = store.getState();
    if (isTooLong(draft)) {
      const text = `The program has more than ${grouped(SOURCE_LIMIT)} characters: it is not kept for the next visit.`;
      tell(store, { id: 'storage', tone: 'info', text, action: 'save-source' });
      return;
    }
    if (storage.save(await measure()) || told) return;
    told = true;
    tell(store, {
      id: 'storage',
      tone: 'info',
      text: 'This browser does not keep your work for the next visit: its storage is full or switched off.',
      hint: 'Copy the link or save the program to keep it.',
    });
  };
  // Opening a link must not cost the working copy: it is replaced by what the user changes, not by what was opened.
  void measure();

  store.subscribe((state, before) => {
    // An address that names another recording than the one that is shown would not be true.
    const named = state.recordings === before.recordings ? null : recordingsIn(location.hash);
    if (named !== null && (named.host !== state.recordings.host || named.run !== state.recordings.run)) {
      history.replaceState(null, '', pageAddress());
    }
    if (state.draft === before.draft) return;
    if (isArrival(before.draft, state.draft)) return session.assembleSoon();
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
    const shown = recordingsIn(location.hash);
    if (shown !== null) return showRecording(store, shown.host, shown.run);
    const { config, problem } = await openLink(location.hash);
    if (problem !== null) {
      tell(store, { id: 'link', tone: 'error', ...linkProblemWords(problem, 'Your program stays open.') });
      history.replaceState(null, '', pageAddress());
      return;
    }
    replaceDraft(store, () => draftOf(config));
    const missing = missingImage(config);
    if (missing !== null) tell(store, missing);
  });
}
