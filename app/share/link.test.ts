import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../core/config/index.ts';
import { draftOf, typed } from '../state/draft.ts';
import { linkProblemWords, openAtStart, shareLink } from './link.ts';
import { workingCopyIn } from './working-copy.ts';

const memory = (text: string | null) => {
  const items = new Map(text === null ? [] : [['ecall.working-copy', text]]);
  return workingCopyIn(() => ({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  }));
};
const forbidden = workingCopyIn(() => {
  throw new Error('storage is not allowed');
});

describe('start of the page', () => {
  it('opens a link before the working copy', async () => {
    const opened = await openAtStart('#1&n=2', memory('#1&n=3'));
    expect([opened.config.harts, opened.from]).toEqual([2, 'link']);
  });

  it('opens the working copy when there is no link', async () => {
    const opened = await openAtStart('', memory('#1&n=3'));
    expect([opened.config.harts, opened.from]).toEqual([3, 'working-copy']);
  });

  it('opens the default without storage, or with a copy that cannot be read', async () => {
    expect((await openAtStart('', forbidden)).config).toEqual(defaultConfig());
    expect((await openAtStart('', memory('rubbish'))).config).toEqual(defaultConfig());
    expect(forbidden.save('#1')).toBe(false);
  });

  it('opens the default for a bad link and names the field', async () => {
    const opened = await openAtStart('#1&n=99', memory('#1&n=3'));
    expect([opened.config.harts, opened.problem?.field]).toEqual([1, 'harts']);
    if (opened.problem !== null) expect(linkProblemWords(opened.problem).text).toMatch(/\(harts\): .*\. The default/);
  });
});

it('gives a link that opens the same machine', async () => {
  const draft = typed(draftOf(defaultConfig()), 'mvendorid', '0x489');
  const link = await shareLink(draft, 'https://example.org/');
  expect(link.startsWith('https://example.org/#2')).toBe(true);
  expect((await openAtStart(link.slice(link.indexOf('#')), memory(null))).config).toEqual(draft.config);
});
