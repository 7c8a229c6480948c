/** What the reference lists, and how often a thing was seen. Pure. */
import type { Sighting } from '../../../core/reference/card.ts';
import { byKind, CARDS, type Card, type CardKind, findCards, type Item } from '../../../core/reference/index.ts';
import type { RunCounts } from '../../../core/trace/events.ts';
import { filterOf } from '../../actions/reference.ts';
import { callReader } from '../../state/call-words.ts';
import type { EventRing } from '../../state/event-ring.ts';
import type { Rings } from '../../state/rings.ts';
import { accepts } from '../../state/trace-filter.ts';
import { counted, grouped } from '../../ui/format.ts';
import { showsIoctl } from '../ioctls/select.ts';

/** Cards listed for a query; a longer list would be walked by nobody. */
const LISTED = 100;

export interface Listing {
  readonly groups: readonly (readonly [CardKind, readonly Card[]])[];
  /** In the order of the list. */
  readonly cards: readonly Card[];
  /** Cards that fit and are not listed. */
  readonly more: number;
}

/** The best cards for a query, by kind; without one everything but the single registers, which their groups lead to. */
export function listing(query: string): Listing {
  const found = query.trim() === '' ? CARDS.filter((card) => !isSingleRegister(card)) : findCards(CARDS, query);
  const shown = query.trim() === '' ? found : found.slice(0, LISTED);
  const groups = byKind(shown);
  return { groups, cards: groups.flatMap(([, cards]) => cards), more: found.length - shown.length };
}

function isSingleRegister({ kind, code }: Card): boolean {
  return kind === 'register' && code.startsWith('0x');
}

/** The best card for a query, where the list begins. */
export function bestOf(query: string): Card | undefined {
  return query.trim() === '' ? undefined : findCards(CARDS, query)[0];
}

/** Index that a key leads to, or null when it does not move. */
export function optionTarget(key: string, index: number, count: number): number | null {
  if (count === 0) return null;
  const clamp = (target: number): number => Math.max(0, Math.min(count - 1, target));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(index + PAGE);
    case 'PageUp':
      return clamp(index - PAGE);
    default:
      return null;
  }
}
const PAGE = 10;

/** Facts that are told in the same words, with all that they are told of; in the order of the first. */
export function together(items: readonly Item[]): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const [index, item] of items.entries()) {
    const key = item.values === undefined ? (item.text ?? `${index}`) : `${index}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** The exact count of a thing where the machine keeps one; null where the kept events have to be counted. */
export function exactCount(card: Card, counts: RunCounts | undefined): number | null {
  if (card.kind === 'exit') return counts?.exits[card.name] ?? 0;
  if (card.kind !== 'extension') return null;
  return Object.values(counts?.calls[card.name] ?? {}).reduce((sum, count) => sum + count, 0);
}

/** Whether an event of the run is one that the card is about. */
export function seenIn(
  seen: Sighting,
  rings: Rings,
): { readonly ring: EventRing<unknown>; test(event: unknown): boolean } {
  if (seen.on === 'calls') {
    const test = accepts(filterOf(seen), callReader);
    return { ring: rings.calls, test: (event) => test(event as Parameters<typeof test>[0]) };
  }
  const test = showsIoctl({ withRuns: true, text: seen.text });
  return { ring: rings.ioctls, test: (event) => test(event as Parameters<typeof test>[0]) };
}

/** `12 calls so far`; events that were dropped are not in it unless it is exact. */
export function countWords(count: number, what: 'calls' | 'ioctls' | 'exits', complete: boolean): string {
  const words = counted(count, what.slice(0, -1), what);
  return complete ? `${words} so far` : `${words} among those kept`;
}

export function moreWords(more: number): string {
  return `${grouped(more)} more: type more of the name.`;
}
