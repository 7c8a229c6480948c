/** The program and its link. */
import { LINK_LIMIT, SOURCE_LIMIT } from '../../core/config/index.ts';
import { EXAMPLES, exampleById } from '../../core/guests/catalogue.ts';
import { SYSTEMS } from '../../core/guests/systems.ts';
import { download } from '../share/download.ts';
import { pageAddress, shareLink } from '../share/link.ts';
import { awaitedExample, isTooLong, withExample, withSystem } from '../state/draft.ts';
import { type PageStore, patch } from '../state/store.ts';
import { grouped } from '../ui/format.ts';
import type { Action } from './action.ts';
import { replaceDraft, tell } from './tell.ts';

export const copyLink: Action = {
  id: 'copy-link',
  title: 'Copy link',
  says: 'Copy a link that opens exactly this program and this machine.',
  shortcut: 'Alt+Shift+C',
  group: 'Program',
  run: async ({ store }) => {
    const { draft } = store.getState();
    const link = await shareLink(draft);
    const fragment = link.slice(pageAddress().length);
    if (fragment.length > LINK_LIMIT || isTooLong(draft)) {
      tell(store, {
        id: 'link',
        tone: 'error',
        text: `This program has ${grouped(draft.source.length)} characters; a link carries at most ${grouped(SOURCE_LIMIT)}.`,
        hint: 'Save the program as a file and pass that on.',
        action: 'save-source',
      });
      return;
    }
    putInAddress(fragment);
    const copied = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    );
    const { image } = draft;
    const hint = image === null ? undefined : `It names ${image.name} but does not carry it: pass the file on, too.`;
    if (copied === true) {
      tell(store, { id: 'link', tone: 'info', text: `Link copied: ${grouped(link.length)} characters.`, hint });
    } else {
      const text = 'The browser does not let the page copy. This is the link:';
      tell(store, { id: 'link', tone: 'info', text, copy: link, hint });
    }
  },
};

export const saveSource: Action = {
  id: 'save-source',
  title: 'Save the program',
  says: 'Save the assembly source as a file.',
  group: 'Program',
  unavailable: ({ draft }) => (awaitedExample(draft) === null ? undefined : 'The program is not loaded yet.'),
  run: ({ store }) => download('program.s', store.getState().draft.source),
};

export const loadProgram: Action = {
  id: 'load-program',
  title: 'Load the program again',
  says: 'Try again to load the program of the example.',
  group: 'Program',
  unavailable: ({ draft }) => (awaitedExample(draft) === null ? 'The program is here.' : undefined),
  run: ({ session }) => session.loadProgram(),
};

export const probe: Action = {
  id: 'probe',
  title: 'Probe this machine',
  says: 'Run a guest on this configuration that finds out what its SBI offers, and compare.',
  group: 'Program',
  run: async ({ store, session }) => {
    patch(store, 'ui', { tab: 'probe', narrowTab: 'program' });
    await session.probe();
  },
};

export const examples: readonly Action[] = EXAMPLES.map(({ id, title, says }) => ({
  id: `example-${id}`,
  title: `Example: ${title}`,
  says,
  group: 'Program',
  run: ({ store }) => openExample(store, id),
}));

export const systems: readonly Action[] = SYSTEMS.map(({ id, title, says }) => ({
  id: `system-${id}`,
  title: `System: ${title}`,
  says,
  group: 'Program',
  run: ({ store }) => openSystem(store, id),
}));

/** The system takes the place of the program in the editor. */
export function openSystem(store: PageStore, id: string): void {
  replaceDraft(store, (draft) => withSystem(draft, id));
}

/** The example's program takes the place of what is in the editor. */
export function openExample(store: PageStore, id: string): void {
  const example = exampleById(id);
  if (example === undefined) return;
  replaceDraft(store, (draft) => withExample(draft, example));
}

/** The address names the link too, where the browser takes addresses of this length. */
function putInAddress(fragment: string): void {
  try {
    history.replaceState(null, '', fragment);
  } catch {
    history.replaceState(null, '', pageAddress());
  }
}
