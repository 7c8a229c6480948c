/** The explanation of one instruction, beside its row: shown by pointer, keyboard focus or tap. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Explained } from '../../state/explained.ts';
import type { CardControl, OpenCard } from './use-card.ts';

export interface CardProps {
  readonly id: string;
  readonly what: Explained;
  readonly open: OpenCard;
  readonly control: CardControl;
}

/** Pixels between the card and the row, and to the edges of the window. */
const GAP = 4;

export function Card({ id, what, open, control }: CardProps) {
  const card = useRef<HTMLElement>(null);
  const [place, setPlace] = useState<{ readonly left: number; readonly top: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another instruction makes a card of another size
  useLayoutEffect(() => {
    if (card.current !== null) setPlace(placeOf(open.row.getBoundingClientRect(), card.current));
  }, [open, what]);
  useEffect(() => {
    const pressed = ({ target }: PointerEvent): void => {
      const inside = target instanceof Node && (card.current?.contains(target) || open.row.contains(target));
      if (!inside) control.close();
    };
    document.addEventListener('pointerdown', pressed);
    return () => document.removeEventListener('pointerdown', pressed);
  }, [open, control]);
  // In the body: a panel with its own container would hold a fixed card inside of it.
  return createPortal(
    <aside
      aria-label="Explanation of the instruction"
      ref={card}
      id={id}
      className="explain"
      style={place ?? { visibility: 'hidden' }}
      data-testid="explain"
      onPointerEnter={control.stay}
      onPointerLeave={control.leave}
    >
      <p className="explain-head">
        <code>{what.text}</code>
        {what.standsFor === null ? null : (
          <span className="dim">
            {' '}
            stands for <code>{what.standsFor}</code>
          </span>
        )}
      </p>
      <p>{what.says}</p>
      <Encoding what={what} />
      {what.operands.length === 0 ? null : <Operands what={what} />}
      {what.does.length === 0 ? null : <pre className="explain-does">{what.does.join('\n')}</pre>}
      <p className="dim">
        {what.extension} · {what.spec}
      </p>
    </aside>,
    document.body,
  );
}

function Encoding({ what }: { readonly what: Explained }) {
  return (
    <ol className="explain-bits" aria-label="Encoding, from the highest bit">
      {what.bits.map(({ place, width, digits, field }) => (
        <li key={place} style={{ flexGrow: width }} className={field === '' ? 'fixed' : ''}>
          <span className="dim">{place}</span>
          <span>{digits}</span>
          <span className="explain-field">{field}</span>
        </li>
      ))}
    </ol>
  );
}

function Operands({ what }: { readonly what: Explained }) {
  return (
    <dl className="explain-operands">
      {what.operands.map(({ name, text, says, now }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{text}</code> <span className="dim">{says}</span>
            {now === null ? null : (
              <>
                {' '}
                now <code>{now}</code>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Under the row, or above it where there is more room; always inside of the window. */
function placeOf(row: DOMRect, card: HTMLElement): { readonly left: number; readonly top: number } {
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = row.bottom + GAP;
  const fits = below + height + GAP <= window.innerHeight;
  const top = fits || row.top < window.innerHeight / 2 ? below : row.top - GAP - height;
  return {
    left: Math.max(GAP, Math.min(row.left, window.innerWidth - width - GAP)),
    top: Math.max(GAP, Math.min(top, window.innerHeight - height - GAP)),
  };
}
