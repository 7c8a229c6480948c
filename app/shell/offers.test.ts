import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../actions/index.ts';
import { offers } from './offers.ts';

const titles = (typed: string): readonly string[] =>
  offers(ACTIONS, typed).groups.flatMap(([, actions]) => actions.map(({ title }) => title));

describe('the palette', () => {
  it('offers every action and no card before anything is typed', () => {
    expect(titles('')).toHaveLength(ACTIONS.length);
    expect(offers(ACTIONS, '')).toMatchObject({ named: [], found: [] });
  });

  it('puts actions whose title begins so first, then those that have the words anywhere', () => {
    expect(titles('run')[0]).toBe('Run');
    expect(titles('link copy')).toEqual(['Copy link']);
    expect(titles('ebusy')).toEqual([]);
  });

  it('finds cards: those of exactly the name or number apart', () => {
    expect(offers(ACTIONS, 'ebusy').named.map(({ id }) => id)).toEqual(['errno/EBUSY']);
    expect(offers(ACTIONS, '0x48534d').named.map(({ id }) => id)).toEqual(['extension/HSM']);
    const { named, found } = offers(ACTIONS, 'hart_st');
    expect([named, found.map(({ name }) => name).slice(0, 2)]).toEqual([[], ['HSM hart_start', 'HSM hart_stop']]);
  });
});
