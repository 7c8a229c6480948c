/** The composition root of the page: store, session, working copy, and the page itself. */
// The page's own styles come first, so that those of a part can refine them.
import './ui/theme.css';
import './ui/ui.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { showRecording } from './actions/recordings.ts';
import type { Page } from './session/page.ts';
import { programSource } from './session/programs.ts';
import { createSession } from './session/session.ts';
import { spawnMachine } from './session/spawn.ts';
import { systemSource } from './session/systems.ts';
import { keepWorkingCopy } from './share/keep.ts';
import { linkProblemWords, missingImage, type Opened, openAtStart } from './share/link.ts';
import { recordingsIn } from './share/recordings-link.ts';
import { workingCopyIn } from './share/working-copy.ts';
import { App } from './shell/App.tsx';
import { storedTheme } from './shell/theme.ts';
import { draftOf } from './state/draft.ts';
import { Rings } from './state/rings.ts';
import { createPageStore } from './state/store.ts';
import type { Message } from './state/ui.ts';

async function start(root: HTMLElement): Promise<void> {
  const storage = workingCopyIn(() => localStorage);
  // A link to a recording holds no machine: the working copy stays.
  const recording = recordingsIn(window.location.hash);
  const opened = await openAtStart(recording === null ? window.location.hash : '', storage);
  const store = createPageStore(draftOf(opened.config), {
    theme: storedTheme(),
    messages: firstMessages(opened),
  });
  if (recording !== null) showRecording(store, recording.host, recording.run);
  const rings = new Rings();
  const systems = systemSource((address) => fetch(address));
  const programs = programSource(() => import('../core/guests/programs/index.ts'));
  const session = createSession({ store, rings, spawn: spawnMachine, systems, programs });
  const page: Page = { store, rings, session };
  keepWorkingCopy(page, storage);
  createRoot(root).render(
    <StrictMode>
      <App page={page} />
    </StrictMode>,
  );
  session.assembleSoon();
  // So that an example is there at once when it is chosen, and without a connection; the machine needs them too.
  void programs.load();
}

function firstMessages({ config, problem }: Opened): readonly Message[] {
  if (problem !== null) return [{ id: 'link', tone: 'error', ...linkProblemWords(problem) }];
  const missing = missingImage(config);
  return missing === null ? [] : [missing];
}

const root = document.getElementById('root');
if (root !== null) void start(root);
