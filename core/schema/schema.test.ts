import { describe, expect, it } from 'vitest';
import { versioned } from './index.ts';

describe('versioned', () => {
  it('runs every step from the given version to the current one', () => {
    const text = versioned<string>(3, { 1: (old) => `${old}2`, 2: (old) => `${old}3` });
    expect(text.upgrade(1, '1')).toBe('123');
    expect(text.upgrade(2, '2')).toBe('23');
    expect(text.upgrade(3, '3')).toBe('3');
  });

  it('throws at once when a step is missing or leads beyond the current version', () => {
    expect(() => versioned<string>(3, { 2: (old) => old })).toThrow('no upgrader from version 1 to 2');
    expect(() => versioned<string>(2, { 1: (old) => old, 2: (old) => old })).toThrow('beyond version 2');
  });

  it('refuses versions that do not exist', () => {
    const text = versioned<string>(1, {});
    for (const version of [0, 2, 1.5, Number.NaN]) expect(() => text.upgrade(version, '')).toThrow(RangeError);
  });
});
