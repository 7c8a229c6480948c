import { describe, expect, it } from 'vitest';
import { EarlyKeys, type Key, MAX_EARLY_CHARACTERS } from './early-keys.ts';

const key = (name: string, modifiers: Partial<Key> = {}): Key => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});

describe('keys before the terminal is there', () => {
  it('are kept in order and given once', () => {
    const keys = new EarlyKeys();
    for (const name of ['h', 'é', ' ', 'Enter', 'Backspace']) expect(keys.take(key(name))).toBe(true);
    expect(keys.drain()).toBe('hé \r\x7f');
    expect(keys.drain()).toBe('');
  });

  it('leave to the page what is no text', () => {
    const keys = new EarlyKeys();
    for (const name of ['Tab', 'Shift', 'ArrowUp', 'F5', 'Escape']) expect(keys.take(key(name))).toBe(false);
    expect(keys.take(key('k', { ctrlKey: true }))).toBe(false);
    expect(keys.drain()).toBe('');
  });

  it('are no more than a named limit', () => {
    const keys = new EarlyKeys();
    for (let count = 0; count < MAX_EARLY_CHARACTERS; count++) expect(keys.take(key('a'))).toBe(true);
    expect(keys.take(key('b'))).toBe(false);
    expect(keys.drain()).toHaveLength(MAX_EARLY_CHARACTERS);
  });
});
