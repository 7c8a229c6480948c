/** What the user can do: one object per action, from which its button, menu entry, shortcut and palette entry are made. */
import type { Page } from '../session/page.ts';
import type { PageState } from '../state/store.ts';

export interface Action {
  readonly id: string;
  readonly title: string;
  /** One sentence, for tooltip, palette and help. */
  readonly says: string;
  /** As `Ctrl+Enter`; on a Mac, Ctrl also matches Command. */
  readonly shortcut?: string;
  readonly group: 'Run' | 'Program' | 'View' | 'Page';
  /** Why it cannot be done now; undefined when it can. */
  readonly unavailable?: (state: PageState) => string | undefined;
  readonly run: (page: Page) => void | Promise<void>;
}

/** Signs of the modifiers on a Mac, where Command stands for Ctrl. */
const MAC_SIGNS: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' };

/** The shortcut as the keyboard of this platform has it: `Ctrl+K`, or `⌘K`. */
export function keyWords(shortcut: string, mac: boolean = isMac()): string {
  if (!mac) return shortcut;
  return shortcut
    .split('+')
    .map((part) => MAC_SIGNS[part] ?? part)
    .join('');
}

function isMac(): boolean {
  return typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);
}

interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly code: string;
}

/** Whether a key press is the shortcut. Digits are compared by key position, since Alt changes what they type. */
export function matches(shortcut: string, event: Keys): boolean {
  const parts = shortcut.split('+');
  const key = parts[parts.length - 1] ?? '';
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  if (wants('Ctrl') !== (event.ctrlKey || event.metaKey)) return false;
  if (wants('Alt') !== event.altKey || wants('Shift') !== event.shiftKey) return false;
  if (/^\d$/.test(key)) return event.code === `Digit${key}`;
  if (/^[A-Z]$/.test(key)) return event.code === `Key${key}` || event.key.toUpperCase() === key;
  return event.key === key;
}
