/** The machine to a file and back. */

import type { Page } from '../session/page.ts';
import { download } from '../share/download.ts';
import { draftOfState } from '../state/draft.ts';
import type { Action } from './action.ts';
import { chooseFile } from './choose-file.ts';
import { replaceDraft, tell } from './tell.ts';

export const saveState: Action = {
  id: 'save-state',
  title: 'Save state',
  says: 'Save the whole machine as it stands, with its memory, as a file to go on from.',
  group: 'Run',
  unavailable: ({ machine }) =>
    machine.loaded === null ? 'There is no machine yet: run or step the guest first.' : undefined,
  run: async ({ session }) => {
    const text = await session.saveState();
    if (text !== null) download('machine.ecall-state.json', text);
  },
};

export const loadState: Action = {
  id: 'load-state',
  title: 'Load state',
  says: 'Go on with a machine that was saved here or by ecall run --save; its configuration comes with it.',
  group: 'Run',
  unavailable: ({ machine }) => (machine.worker === 'failed' ? 'The machine has failed: restart it first.' : undefined),
  run: (page) => chooseFile((file) => void takeState(page, file)),
};

/** How a state file begins: enough to tell it from a program when it is dropped or opened. */
const HEAD = '{"format":"ecall-state"';

export async function isState(file: Blob): Promise<boolean> {
  return (await file.slice(0, HEAD.length).text()) === HEAD;
}

export async function takeState({ store, session }: Page, file: File): Promise<void> {
  const text = await file.text().catch(() => null);
  if (text === null) {
    const hint = 'Was it moved?';
    tell(store, { id: 'state', tone: 'error', text: `${file.name} could not be read.`, hint });
    return;
  }
  await session.loadState(file.name, text, (config) => {
    replaceDraft(store, () => draftOfState(config));
    return store.getState().draft;
  });
}
