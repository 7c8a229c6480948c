/** The search field and the list below it: one stop in the tab order, walked by arrow keys. [WAI-ARIA APG, Combobox] */
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type Card, KIND_TITLES } from '../../../core/reference/index.ts';
import { openCard } from '../../actions/reference.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { patch } from '../../state/store.ts';
import { bestOf, listing, moreWords, optionTarget } from './select.ts';

interface FinderProps {
  readonly search: RefObject<HTMLInputElement | null>;
  /** Id of the card that is shown. */
  readonly selected: string | null;
}

export function Finder({ search, selected }: FinderProps) {
  const { store } = usePage();
  const query = usePageState((state) => state.reference.query);
  const { groups, cards, more } = useMemo(() => listing(query), [query]);
  const best = useMemo(() => bestOf(query), [query]);
  const [walked, setWalked] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const base = useId();
  const active = cards.find(({ id }) => id === walked) ?? best;
  const optionId = (card: Card): string => `${base}-${card.id}`;
  useEffect(() => {
    list.current?.querySelector('[data-active="true"]')?.scrollIntoView?.({ block: 'nearest' });
  });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && active !== undefined) openCard(store, active.id);
    const index = active === undefined ? -1 : cards.indexOf(active);
    const target = optionTarget(event.key, index, cards.length);
    if (target === null) return;
    event.preventDefault();
    setWalked(cards[target]?.id ?? null);
  };
  return (
    <div className="reference-finder">
      <input
        ref={search}
        type="search"
        role="combobox"
        className="input"
        placeholder="Name or number"
        aria-label="Look up"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${base}-list`}
        aria-activedescendant={active === undefined ? undefined : optionId(active)}
        value={query}
        onChange={(event) => {
          setWalked(null);
          patch(store, 'reference', { query: event.target.value });
        }}
        onKeyDown={onKey}
        data-testid="reference-search"
      />
      <div
        ref={list}
        id={`${base}-list`}
        role="listbox"
        aria-label="What there is to look up"
        className="reference-list"
      >
        {groups.map(([kind, some]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={kind} role="group" aria-label={KIND_TITLES[kind]}>
            <p className="heading reference-kind" aria-hidden="true">
              {KIND_TITLES[kind]}
            </p>
            {some.map((card) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keyboard for its options
              // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
              <div
                key={card.id}
                role="option"
                id={optionId(card)}
                aria-selected={card.id === selected}
                data-active={card === active}
                className="reference-option"
                title={card.says}
                onClick={() => openCard(store, card.id)}
                data-testid="reference-option"
              >
                <span className="mono">{card.name}</span>
                <span className="dim">{card.kind === 'function' ? card.says : card.title}</span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="dim reference-more" role="status">
        {cards.length === 0 ? 'Nothing of that name or number.' : more > 0 ? moreWords(more) : ''}
      </p>
    </div>
  );
}
