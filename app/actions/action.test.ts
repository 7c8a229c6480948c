import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../core/config/index.ts';
import { draftOf, withMode, withSource } from '../state/draft.ts';
import { createPageStore, patch } from '../state/store.ts';
import { emptyView } from '../testing/fake-machine.ts';
import { keyWords, matches } from './action.ts';
import { ACTIONS } from './index.ts';
import { runWords, step } from './run.ts';
import { bringBack, replaceDraft } from './tell.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('shortcuts', () => {
  it('want exactly their modifiers, and take Command for Ctrl', () => {
    expect(matches('Ctrl+Enter', press('Enter', { ctrlKey: true }))).toBe(true);
    expect(matches('Ctrl+Enter', press('Enter', { metaKey: true }))).toBe(true);
    expect(matches('Ctrl+Enter', press('Enter'))).toBe(false);
    expect(matches('F9', press('F9', { shiftKey: true }))).toBe(false);
  });

  it('find digits and letters by their key, whatever Alt makes them type', () => {
    expect(matches('Alt+4', press('¢', { altKey: true, code: 'Digit4' }))).toBe(true);
    expect(matches('Alt+Shift+R', press('‰', { altKey: true, shiftKey: true, code: 'KeyR' }))).toBe(true);
  });
});

describe('actions', () => {
  it('have ids and shortcuts of their own', () => {
    const ids = ACTIONS.map(({ id }) => id);
    const keys = ACTIONS.flatMap(({ shortcut }) => shortcut ?? []);
    expect([new Set(ids).size, new Set(keys).size]).toEqual([ids.length, keys.length]);
  });

  it('say why they cannot be done while the guest runs', () => {
    const store = createPageStore(draftOf(defaultConfig()));
    expect(step.unavailable?.(store.getState())).toBe(undefined);
    patch(store, 'machine', { view: { ...emptyView, state: 'running' } });
    expect(step.unavailable?.(store.getState())).toMatch(/pause it first/);
  });

  it('name the run button after what it does', () => {
    const store = createPageStore(draftOf(defaultConfig()));
    const { draft } = store.getState();
    const loaded = {
      config: draft.config,
      system: null,
      source: draft.source,
      image: null,
      symbols: [],
      lines: [],
      warnings: [],
    };
    const words = [runWords(store.getState())];
    patch(store, 'machine', { loaded, view: { ...emptyView, state: 'running' } });
    words.push(runWords(store.getState()));
    patch(store, 'machine', { view: { ...emptyView, state: 'paused' } });
    words.push(runWords(store.getState()));
    store.setState({ draft: withMode(draft, 'DBCN', 'off') });
    words.push(runWords(store.getState()));
    expect(words).toEqual(['Run', 'Pause', 'Continue', 'Run']);
  });
});

it('writes shortcuts as the keyboard of the platform has them', () => {
  expect([keyWords('Ctrl+K', false), keyWords('Ctrl+K', true), keyWords('Alt+Shift+R', true)]).toEqual([
    'Ctrl+K',
    '⌘K',
    '⌥⇧R',
  ]);
});

describe('opening another program', () => {
  const opened = (source: string) => {
    const store = createPageStore(withSource(draftOf(defaultConfig()), source));
    replaceDraft(store, (draft) => withSource(draft, 'other'));
    return store;
  };

  it('keeps the one of the user aside and offers it back', () => {
    const store = opened('mine');
    expect(store.getState().ui.messages.map(({ action }) => action)).toEqual([bringBack.id]);
    void bringBack.run({ store } as never);
    expect([store.getState().draft.source, store.getState().ui.messages]).toEqual(['mine', []]);
    expect(bringBack.unavailable?.(store.getState())).toBeDefined();
  });

  it('says nothing when there was nothing to lose', () => {
    expect(opened('').getState().ui.messages).toEqual([]);
  });
});
