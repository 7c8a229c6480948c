/** Light and dark: the chosen theme, or the system's, on the root element. */
import { useEffect } from 'react';
import { readItem, writeItem } from '../share/working-copy.ts';
import type { Theme } from '../state/ui.ts';
import { usePageState } from './context.tsx';
import { useMedia } from './media.ts';

const KEY = 'ecall.theme';

export function storedTheme(): Theme {
  const stored = readItem(() => localStorage, KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function useTheme(): void {
  const chosen = usePageState((state) => state.ui.theme);
  const systemIsDark = useMedia('(prefers-color-scheme: dark)');
  const dark = chosen === 'dark' || (chosen === 'system' && systemIsDark);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    writeItem(() => localStorage, KEY, chosen);
  }, [dark, chosen]);
}
