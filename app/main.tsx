/** The composition root of the page: store, session, working copy, and the page itself. */
// The page's own styles come first, so that those of a part can refine them.
import './ui/theme.css';
import './ui/ui.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Page } from './session/page.ts';
import { createSession } from './session/session.ts';
import { spawnMachine } from './session/spawn.ts';
import { keepWorkingCopy } from './share/keep.ts';
import { linkProblemWords, openAtStart } from './share/link.ts';
import { workingCopyIn } from './share/working-copy.ts';
import { App } from './shell/App.tsx';
import { storedTheme } from './shell/theme.ts';
import { draftOf } from './state/draft.ts';
import { Rings } from './state/rings.ts';
import { createPageStore } from './state/store.ts';

async function start(root: HTMLElement): Promise<void> {
  const storage = workingCopyIn(() => localStorage);
  const opened = await openAtStart(window.location.hash, storage);
  const store = createPageStore(draftOf(opened.config), {
    theme: storedTheme(),
    messages: opened.problem === null ? [] : [{ id: 'link', tone: 'error', ...linkProblemWords(opened.problem) }],
  });
  const rings = new Rings();
  const session = createSession({ store, rings, spawn: spawnMachine });
  const page: Page = { store, rings, session };
  keepWorkingCopy(page, storage);
  createRoot(root).render(
    <StrictMode>
      <App page={page} />
    </StrictMode>,
  );
  session.assembleSoon();
}

const root = document.getElementById('root');
if (root !== null) void start(root);
