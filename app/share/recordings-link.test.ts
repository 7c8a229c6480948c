import { describe, expect, it } from 'vitest';
import { fromLink } from '../../core/config/index.ts';
import { recordingsFragment, recordingsIn } from './recordings-link.ts';

describe('a link to the recordings', () => {
  it('names all of them, a host, or a run', () => {
    expect(recordingsIn('#recordings')).toEqual({ host: null, run: null });
    expect(recordingsIn('#recordings/7.2.13-plain')).toEqual({ host: '7.2.13-plain', run: null });
    expect(recordingsIn('#recordings/7.2.13-plain/default')).toEqual({ host: '7.2.13-plain', run: 'default' });
  });

  it('gives back the names that it was made of', () => {
    const [host, run] = ['a/b c', 'ü&#'];
    expect(recordingsIn(recordingsFragment(host, run))).toEqual({ host, run });
  });

  it('is no link of a machine, and the other way round', async () => {
    expect(await fromLink('#recordings/7.2.13-plain')).toMatchObject({ ok: false });
    for (const other of ['', '#1', '#1&n=2', '#recordings-of/x', '#recordings/a/b/c'])
      expect(recordingsIn(other)).toBeNull();
    expect(recordingsIn('#recordings/%E0%A4%A')).toEqual({ host: null, run: null });
  });
});
