/** Renders a part of the page for a test, over a fake machine. Tests that use it run in happy-dom. */
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { defaultConfig } from '../../core/config/index.ts';
import type { Page } from '../session/page.ts';
import { programSource } from '../session/programs.ts';
import { createSession } from '../session/session.ts';
import { systemSource } from '../session/systems.ts';
import { PageProvider } from '../shell/context.tsx';
import { draftOf } from '../state/draft.ts';
import { Rings } from '../state/rings.ts';
import { createPageStore } from '../state/store.ts';
import { type FakeMachine, fakeMachine } from './fake-machine.ts';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const NO_SYSTEMS = systemSource(() => Promise.reject(new Error('nothing is served here')));
const PROGRAMS = programSource(() => import('../../core/guests/programs/index.ts'));

export interface Rendered {
  readonly page: Page;
  readonly machine: FakeMachine;
  /** The element with a test id; throws when there is none. */
  readonly get: (testId: string) => HTMLElement;
  readonly find: (selector: string) => HTMLElement | null;
  readonly all: (selector: string) => readonly HTMLElement[];
  /** Does something to the page and waits until it has settled. */
  readonly doing: (what: () => void | Promise<void>) => Promise<void>;
  /** Puts another element in place of the one there is. */
  readonly show: (element: ReactNode) => Promise<void>;
  readonly unmount: () => void;
}

export async function render(element: ReactNode): Promise<Rendered> {
  const machine = fakeMachine();
  const store = createPageStore(draftOf(defaultConfig()));
  const rings = new Rings();
  const session = createSession({ store, rings, spawn: () => machine.client, systems: NO_SYSTEMS, programs: PROGRAMS });
  const page: Page = { store, rings, session };
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  const show = (next: ReactNode) => act(async () => root.render(<PageProvider page={page}>{next}</PageProvider>));
  await show(element);
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  return {
    page,
    machine,
    find,
    get(testId) {
      const found = find(`[data-testid="${testId}"]`);
      if (found === null) throw new Error(`there is no ${testId}`);
      return found;
    },
    all: (selector) => [...document.querySelectorAll<HTMLElement>(selector)],
    doing: (what) => act(async () => what()),
    show,
    unmount() {
      act(() => root.unmount());
      host.remove();
    },
  };
}
