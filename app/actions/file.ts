/** Programs from files: assembly source goes into the editor, anything else is booted as an image. */
import { withFile } from '../state/draft.ts';
import { type PageStore, patch } from '../state/store.ts';
import { withoutMessage } from '../state/ui.ts';
import { grouped } from '../ui/format.ts';
import type { Action } from './action.ts';
import { replaceDraft, tell } from './tell.ts';

export const openFile: Action = {
  id: 'open-file',
  title: 'Open a file',
  says: 'Assembly source (.s), or a guest image: ELF, Linux Image or flat binary.',
  group: 'Program',
  run: ({ store }) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file !== undefined) void takeFile(store, file);
    });
    input.click();
  },
};

/** Larger images would not fit beside the memory of the guest in a browser's tab. */
const FILE_LIMIT = 512 * 1024 * 1024;

/** Opens a file that was chosen or dropped. */
export async function takeFile(store: PageStore, file: File): Promise<void> {
  const refuse = (text: string, hint: string): void => tell(store, { id: 'file', tone: 'error', text, hint });
  if (file.size === 0) return refuse(`${file.name} is empty.`, 'Choose a file with a program in it.');
  if (file.size > FILE_LIMIT) {
    return refuse(
      `${file.name} has ${grouped(file.size)} bytes; at most ${grouped(FILE_LIMIT)} can be booted.`,
      'Choose a smaller image.',
    );
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    replaceDraft(store, (draft) => withFile(draft, file.name, bytes));
    patch(store, 'ui', { messages: withoutMessage(store.getState().ui.messages, 'image') });
  } catch {
    refuse(`${file.name} could not be read.`, 'Is it a folder, or was it moved?');
  }
}
