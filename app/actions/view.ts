/** Finding one's way on the page. */
import { patch } from '../state/store.ts';
import type { Theme } from '../state/ui.ts';
import type { Action } from './action.ts';

export const palette: Action = {
  id: 'palette',
  title: 'Command palette',
  says: 'Search everything that can be done here.',
  shortcut: 'Ctrl+K',
  group: 'Page',
  run: ({ store }) => patch(store, 'ui', { dialog: store.getState().ui.dialog === 'palette' ? null : 'palette' }),
};

export const help: Action = {
  id: 'help',
  title: 'Help',
  says: 'What the parts of this page are, and the keyboard shortcuts.',
  shortcut: 'F1',
  group: 'Page',
  run: ({ store }) => patch(store, 'ui', { dialog: 'help' }),
};

const themeAction = (theme: Theme, title: string): Action => ({
  id: `theme-${theme}`,
  title,
  says: theme === 'system' ? 'Follow the system between light and dark.' : `Use the ${theme} theme.`,
  group: 'Page',
  run: ({ store }) => patch(store, 'ui', { theme }),
});

export const themes: readonly Action[] = [
  themeAction('light', 'Theme: light'),
  themeAction('dark', 'Theme: dark'),
  themeAction('system', 'Theme: as the system'),
];

/** Regions in the order of their shortcuts; `id` is that of the element that takes the focus. */
export const REGIONS = [
  { id: 'machine', title: 'Machine' },
  { id: 'program', title: 'Program' },
  { id: 'terminal', title: 'Terminal' },
  { id: 'trace', title: 'Trace' },
  { id: 'call', title: 'The call' },
] as const;
export type RegionId = (typeof REGIONS)[number]['id'];

export const regionElementId = (id: RegionId): string => `region-${id}`;

export const goTo: readonly Action[] = REGIONS.map(({ id, title }, index) => ({
  id: `go-${id}`,
  title: `Go to: ${title}`,
  says: `Move the keyboard to ${title}.`,
  shortcut: `Alt+${index + 1}`,
  group: 'View',
  run: ({ store }) => {
    patch(store, 'ui', { narrowTab: id });
    requestAnimationFrame(() => focusRegion(id));
  },
}));

/** Focuses what is marked as the region's main control, or the region itself. */
export function focusRegion(id: RegionId): void {
  const region = document.getElementById(regionElementId(id));
  const main = region?.querySelector<HTMLElement>('[data-region-focus]');
  const typing = main?.querySelector<HTMLElement>('textarea, .native-edit-context');
  (typing ?? main ?? region)?.focus();
}
