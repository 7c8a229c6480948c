/** Programs from files: assembly source goes into the editor, anything else is booted as an image. */
import { withFile } from '../state/draft.ts';
import type { PageStore } from '../state/store.ts';
import type { Action } from './action.ts';

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

/** Opens a file that was chosen or dropped. */
export async function takeFile(store: PageStore, file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  store.setState(({ draft }) => ({ draft: withFile(draft, file.name, bytes) }));
}
