/** What the palette offers for what was typed. Pure. */
import { CARDS, type Card, findCards, namedCards } from '../../core/reference/index.ts';
import type { Action } from '../actions/action.ts';

export interface Offers {
  /** Cards of exactly that name or number. */
  readonly named: readonly Card[];
  /** Actions by group, the group with the best one first. */
  readonly groups: readonly (readonly [Action['group'], readonly Action[]])[];
  /** Other cards that fit. */
  readonly found: readonly Card[];
}

const GROUPS: readonly Action['group'][] = ['Run', 'Program', 'View', 'Page'];
/** Cards that are offered; the reference itself lists them all. */
const CARDS_OFFERED = 6;
/** With a single letter nearly every card would fit. */
const FEWEST_LETTERS = 2;
/** How well an action fits, best first. */
const BEGINS = 0;
const TITLED = 1;
const SAID = 2;

export function offers(actions: readonly Action[], typed: string): Offers {
  const query = typed.trim().toLowerCase();
  const fits = actions.flatMap((action) => {
    const fit = fitOf(action, query);
    return fit === null ? [] : [{ action, fit }];
  });
  fits.sort((one, other) => one.fit - other.fit);
  const order = query === '' ? GROUPS : [...new Set(fits.map(({ action }) => action.group))];
  const groups = order.map((group) => {
    return [group, fits.filter(({ action }) => action.group === group).map(({ action }) => action)] as const;
  });
  if (query.length < FEWEST_LETTERS) return { named: [], groups, found: [] };
  const named = namedCards(CARDS, query);
  const found = findCards(CARDS, query).filter((card) => !named.includes(card));
  return { named, groups, found: found.slice(0, CARDS_OFFERED) };
}

function fitOf({ title, says }: Action, query: string): number | null {
  const words = query.split(/\s+/).filter(Boolean);
  const titled = title.toLowerCase();
  if (titled.startsWith(query)) return BEGINS;
  if (words.every((word) => titled.includes(word))) return TITLED;
  const said = `${titled} ${says.toLowerCase()}`;
  return words.every((word) => said.includes(word)) ? SAID : null;
}
