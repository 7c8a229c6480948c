/** One card: what the thing is, and where it was seen in this run. */
import { type RefObject, useMemo } from 'react';
import type { Sighting } from '../../../core/reference/card.ts';
import { type Card, type Item, KIND_TITLES, type Row } from '../../../core/reference/index.ts';
import { SBI_NAMES } from '../../../core/sbi/types.ts';
import type { Answerer } from '../../../core/trace/events.ts';
import { openCard, showSightings } from '../../actions/reference.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { FilteredEvents } from '../../state/event-ring.ts';
import { withoutLast } from '../../state/reference.ts';
import { patch } from '../../state/store.ts';
import { Button } from '../../ui/button.tsx';
import { LayerChip } from '../../ui/chip.tsx';
import { countWords, exactCount, seenIn, together } from './select.ts';

interface CardViewProps {
  readonly card: Card;
  readonly frame: RefObject<HTMLElement | null>;
}

export function CardView({ card, frame }: CardViewProps) {
  const { store } = usePage();
  const back = usePageState((state) => state.reference.trail.length > 0);
  return (
    <article
      ref={frame}
      className="reference-card"
      aria-labelledby="reference-name"
      tabIndex={-1}
      data-testid="reference-card"
    >
      <div className="reference-tools">
        <Button
          small
          kind="quiet"
          className="reference-all"
          onClick={() => patch(store, 'reference', { card: null, focus: 'search' })}
        >
          All
        </Button>
        {back ? (
          <Button
            small
            kind="quiet"
            onClick={() => store.setState(({ reference }) => ({ reference: withoutLast(reference) }))}
            data-testid="reference-back"
          >
            Back
          </Button>
        ) : null}
        <span className="dim">{KIND_TITLES[card.kind]}</span>
        {card.seen === null ? null : <Seen card={card} seen={card.seen} />}
      </div>
      <h2 id="reference-name" className="reference-name">
        <code>{card.name}</code>
        {card.whatIf ? <span className="reference-what-if">WHAT-IF</span> : null}
        {card.code === '' ? null : <code className="dim reference-code">{card.code}</code>}
      </h2>
      <p className="dim">{card.title}</p>
      <p>{card.says}</p>
      <dl className="reference-rows">
        <Here card={card} />
        {card.rows.map((row) => (
          <RowView key={row.label} row={row} />
        ))}
      </dl>
    </article>
  );
}

/** Leads to where it happened; the count is of this run. */
function Seen({ card, seen }: { readonly card: Card; readonly seen: Sighting }) {
  const { rings, store } = usePage();
  usePageState((state) => state.trace.version);
  const generation = usePageState((state) => state.machine.generation);
  const dropped = usePageState((state) => state.trace.dropped);
  const counts = usePageState((state) => state.machine.view?.counts);
  const exact = exactCount(card, counts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run starts a new count
  const { ring, events } = useMemo(() => {
    const { ring, test } = seenIn(seen, rings);
    return { ring, events: new FilteredEvents(ring, test) };
  }, [rings, seen, generation]);
  if (exact === null) events.refresh();
  const complete = exact !== null || (dropped === 0 && ring.first === 0);
  return (
    <span className="reference-seen">
      <span className="dim" data-testid="reference-count">
        {countWords(exact ?? events.length, card.kind === 'exit' ? 'exits' : seen.on, complete)}
      </span>
      <Button small onClick={() => showSightings(store, seen)} data-testid="reference-show">
        {seen.on === 'calls' ? 'Show in trace' : 'Show in ioctls'}
      </Button>
    </span>
  );
}

const ANSWERED: Readonly<Record<'kvm' | 'vmm' | 'off', Answerer>> = { kvm: 'kvm', vmm: 'vmm', off: 'none' };

/** Who answers on the machine as it is configured now. */
function Here({ card }: { readonly card: Card }) {
  const modes = usePageState((state) => state.draft.config.sbi);
  const name = SBI_NAMES.find((one) => card.id === `extension/${one}` || card.id.startsWith(`function/${one}.`));
  if (name === undefined) return null;
  return (
    <div>
      <dt>This machine</dt>
      <dd>
        <LayerChip by={ANSWERED[modes[name]]} />
      </dd>
    </div>
  );
}

function RowView({ row }: { readonly row: Row }) {
  const named = row.items.some(({ term }) => term !== undefined);
  const told = row.items.some(({ text }) => text !== undefined);
  return (
    <div>
      <dt>{row.label}</dt>
      <dd>
        {named ? (
          <ul className={told ? 'reference-items' : 'reference-items inline'}>
            {together(row.items).map((items) => (
              <li key={`${items[0]?.term} ${items[0]?.text}`}>
                {items.map((item) => (
                  <Term key={item.term} item={item} />
                ))}
                {items[0]?.text === undefined ? null : <span>{items[0].text}</span>}
                {items[0]?.values === undefined ? null : <Values of={items[0].values} />}
              </li>
            ))}
          </ul>
        ) : (
          row.items.map(({ text }) => <p key={text}>{text}</p>)
        )}
      </dd>
    </div>
  );
}

/** The values of an argument that have names, one a line. */
function Values({ of }: { readonly of: NonNullable<Item['values']> }) {
  return (
    <ul className="reference-values">
      {of.map(({ value, name }) => (
        <li key={name}>
          <code className="dim">{value}</code> <code>{name}</code>
        </li>
      ))}
    </ul>
  );
}

function Term({ item: { term, card } }: { readonly item: Item }) {
  const { store } = usePage();
  if (card === undefined) return <code>{term}</code>;
  return (
    <button type="button" className="reference-link mono" onClick={() => openCard(store, card)}>
      {term}
    </button>
  );
}
