/** The program and its link. */
import { EXAMPLES, exampleById } from '../../core/guests/catalogue.ts';
import { download } from '../share/download.ts';
import { shareLink } from '../share/link.ts';
import { withExample } from '../state/draft.ts';
import { type PageStore, patch } from '../state/store.ts';
import { withMessage } from '../state/ui.ts';
import type { Action } from './action.ts';

export const copyLink: Action = {
  id: 'copy-link',
  title: 'Copy link',
  says: 'Copy a link that opens exactly this program and this machine.',
  shortcut: 'Alt+Shift+C',
  group: 'Program',
  run: async ({ store }) => {
    const link = await shareLink(store.getState().draft);
    history.replaceState(null, '', link.slice(link.indexOf('#')));
    const copied = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    );
    const text = copied === true ? `Link copied: ${link.length} characters.` : `Copy this link: ${link}`;
    say(store, 'link', text);
  },
};

export const exportTrace: Action = {
  id: 'export-trace',
  title: 'Save the trace',
  says: 'Save the calls and ioctls of this run as JSON lines.',
  group: 'Program',
  unavailable: ({ trace }) => (trace.calls === 0 ? 'There is no trace yet.' : undefined),
  run: async ({ session }) => download('ecall-trace.jsonl', await session.exportTrace()),
};

export const saveSource: Action = {
  id: 'save-source',
  title: 'Save the program',
  says: 'Save the assembly source as a file.',
  group: 'Program',
  run: ({ store }) => download('program.s', store.getState().draft.source),
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

/** The example's program takes the place of what is in the editor. */
export function openExample(store: PageStore, id: string): void {
  const example = exampleById(id);
  if (example === undefined) return;
  store.setState(({ draft }) => ({ draft: withExample(draft, example) }));
}

function say(store: PageStore, id: string, text: string): void {
  patch(store, 'ui', { messages: withMessage(store.getState().ui.messages, { id, tone: 'info', text }) });
}
