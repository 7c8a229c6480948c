/** Programs from files: assembly source goes into the editor, anything else is booted as an image. */

import type { Page } from '../session/page.ts';
import { withFile } from '../state/draft.ts';
import { patch } from '../state/store.ts';
import { withoutMessage } from '../state/ui.ts';
import { grouped } from '../ui/format.ts';
import type { Action } from './action.ts';
import { chooseFile } from './choose-file.ts';
import { isState, takeState } from './state-file.ts';
import { replaceDraft, tell } from './tell.ts';

export const openFile: Action = {
  id: 'open-file',
  title: 'Open a file',
  says: 'Assembly source (.s), a guest image (ELF, Linux Image or flat binary), or a saved state.',
  group: 'Program',
  run: (page) => chooseFile((file) => void takeFile(page, file)),
};

/** Larger images would not fit beside the memory of the guest in a browser's tab. */
const FILE_LIMIT = 512 * 1024 * 1024;

/** Opens a file that was chosen or dropped. */
export async function takeFile(page: Page, file: File): Promise<void> {
  const { store } = page;
  const refuse = (text: string, hint: string): void => tell(store, { id: 'file', tone: 'error', text, hint });
  if (file.size === 0) return refuse(`${file.name} is empty.`, 'Choose a file with a program in it.');
  if (file.size > FILE_LIMIT) {
    return refuse(
      `${file.name} has ${grouped(file.size)} bytes; at most ${grouped(FILE_LIMIT)} can be booted.`,
      'Choose a smaller image.',
    );
  }
  try {
    if (await isState(file)) return await takeState(page, file);
    const bytes = new Uint8Array(await file.arrayBuffer());
    replaceDraft(store, (draft) => withFile(draft, file.name, bytes));
    patch(store, 'ui', { messages: withoutMessage(store.getState().ui.messages, 'image') });
  } catch {
    refuse(`${file.name} could not be read.`, 'Is it a folder, or was it moved?');
  }
}
