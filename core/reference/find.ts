/** Finding cards by name, by number, or by words of their text. Pure. */
import type { Card } from './card.ts';

/** How well a card fits, best first. */
const EXACT = 0;
const START = 1;
const NAMED = 2;
const TOLD = 3;

/** Cards that fit what was typed, best first, in their own order where they fit alike. */
export function findCards(cards: readonly Card[], typed: string): readonly Card[] {
  const query = typed.trim().toLowerCase();
  if (query === '') return cards;
  const number = numberOf(query);
  const words = query.split(/\s+/);
  const fits = cards.flatMap((card) => {
    const fit = fitOf(card, query, words, number);
    return fit === null ? [] : [{ card, fit }];
  });
  return fits.sort((one, other) => one.fit - other.fit).map(({ card }) => card);
}

/** Cards of exactly this name or number. */
export function namedCards(cards: readonly Card[], typed: string): readonly Card[] {
  const query = typed.trim().toLowerCase();
  const number = numberOf(query);
  return cards.filter((card) => isNamed(card, query) || (number !== null && card.hasNumber(number)));
}

function fitOf(card: Card, query: string, words: readonly string[], number: bigint | null): number | null {
  if (isNamed(card, query) || (number !== null && card.hasNumber(number))) return EXACT;
  const name = card.name.toLowerCase();
  if (name.startsWith(query)) return START;
  const names = `${name} ${card.title} ${card.code} ${card.aliases.join(' ')}`.toLowerCase();
  if (words.every((word) => names.includes(word))) return NAMED;
  const told = `${names} ${card.says}`.toLowerCase();
  return words.every((word) => told.includes(word)) ? TOLD : null;
}

function isNamed(card: Card, query: string): boolean {
  return card.name.toLowerCase() === query || card.aliases.some((alias) => alias.toLowerCase() === query);
}

/** `0x48534d`, `4739917`, `-3`; null for what is no number. */
function numberOf(query: string): bigint | null {
  return /^-?\d+$|^0x[0-9a-f]+$/.test(query) ? BigInt(query) : null;
}
