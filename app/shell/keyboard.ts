/** Shortcuts of all actions, wherever the focus is. */
import { useEffect } from 'react';
import { matches } from '../actions/action.ts';
import { ACTIONS } from '../actions/index.ts';
import { usePage } from './context.tsx';

export function useShortcuts(): void {
  const page = usePage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = ACTIONS.find(({ shortcut }) => shortcut !== undefined && matches(shortcut, event));
      if (action === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (action.unavailable?.(page.store.getState()) === undefined) void action.run(page);
    };
    // Capture: the editor and the terminal would take some of the keys for themselves.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [page]);
}
