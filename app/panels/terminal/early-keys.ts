/** Keys that are typed before the terminal has been loaded, kept so that none is lost. */

/** More than anybody types while a file is loaded. */
export const MAX_EARLY_CHARACTERS = 256;

export type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const NAMED: Readonly<Record<string, string>> = { Enter: '\r', Backspace: '\x7f' };

/** What the terminal would send for the key; null for what it leaves to the page, and for keys that edit or move. */
export function textOf({ key, ctrlKey, metaKey, altKey }: Key): string | null {
  if (ctrlKey || metaKey || altKey) return null;
  return [...key].length === 1 ? key : (NAMED[key] ?? null);
}

export class EarlyKeys {
  #text = '';

  /** Whether the key was kept. */
  take(key: Key): boolean {
    const text = textOf(key);
    if (text === null || this.#text.length + text.length > MAX_EARLY_CHARACTERS) return false;
    this.#text += text;
    return true;
  }

  /** What was typed, once. */
  drain(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
