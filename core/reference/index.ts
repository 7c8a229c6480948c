/** The reference: a card for each extension, function, error, exit, register, ioctl and errno value. Pure. */
import { CARD_KINDS, type Card, type CardId } from './card.ts';
import { errnoCards, exitCards, ioctlCards } from './kvm.ts';
import { registerCards } from './registers.ts';
import { errorCards, extensionCards, functionCards } from './sbi.ts';

export { CARD_KINDS, type Card, type CardId, type CardKind, cardId, type Item, KIND_TITLES, type Row } from './card.ts';
export { findCards, namedCards } from './find.ts';

/** In the order of CARD_KINDS. */
export const CARDS: readonly Card[] = [
  ...extensionCards(),
  ...functionCards(),
  ...errorCards(),
  ...exitCards(),
  ...registerCards(),
  ...ioctlCards(),
  ...errnoCards(),
];

const BY_ID = new Map<string, Card>(CARDS.map((card) => [card.id, card]));

export function cardOf(id: CardId | string): Card | undefined {
  return BY_ID.get(id);
}

/** Kinds in their order with the cards of each. */
export function byKind(cards: readonly Card[]): readonly (readonly [Card['kind'], readonly Card[]])[] {
  return CARD_KINDS.map((kind) => [kind, cards.filter((card) => card.kind === kind)] as const).filter(
    ([, some]) => some.length > 0,
  );
}
