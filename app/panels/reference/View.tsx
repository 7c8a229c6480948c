/** The reference: look for a thing, read its card, see it at work. */
import { useEffect, useRef } from 'react';
import { cardOf } from '../../../core/reference/index.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { patch } from '../../state/store.ts';
import { CardView } from './CardView.tsx';
import { Finder } from './Finder.tsx';
import './reference.css';

export function View() {
  const { store } = usePage();
  const id = usePageState((state) => state.reference.card);
  const focus = usePageState((state) => state.reference.focus);
  const search = useRef<HTMLInputElement>(null);
  const shown = useRef<HTMLElement>(null);
  const card = id === null ? undefined : cardOf(id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another card asks for the focus anew
  useEffect(() => {
    if (focus === null) return;
    (focus === 'card' ? shown.current : search.current)?.focus();
    patch(store, 'reference', { focus: null });
  }, [focus, id, store]);
  return (
    <div className={card === undefined ? 'reference' : 'reference with-card'} data-testid="reference">
      <Finder search={search} selected={card?.id ?? null} />
      {card === undefined ? (
        <p className="empty reference-card" ref={shown as React.RefObject<HTMLParagraphElement | null>} tabIndex={-1}>
          {id === null
            ? 'Look for an extension, a function, an error, an exit, a register or an ioctl: by its name, by its number (0x48534d, -3), or by words of what it does.'
            : `There is nothing to tell of ${id.slice(id.indexOf('/') + 1)}.`}
        </p>
      ) : (
        <CardView key={card.id} card={card} frame={shown} />
      )}
    </div>
  );
}
