// biome-ignore-all lint/a11y/useSemanticElements: the two sides are beside or below each other, which table elements are not made for
// biome-ignore-all lint/a11y/useFocusableInteractive: one stop in the tab order stands for all rows
/** A line of both sides: beside each other where there is room, else one below the other. */
import { memo } from 'react';
import { type ListRow, lineWords, piecesOf, type Standing } from './select.ts';

/** Signs and words beside colour. */
const SIGNS: Readonly<Record<Standing, { readonly sign: string; readonly words: string }>> = {
  equal: { sign: '', words: 'equal' },
  volatile: { sign: '≈', words: 'equal but for what is not compared' },
  purpose: { sign: '≠', words: 'differs on purpose' },
  different: { sign: '✕', words: 'differs' },
};

interface LineRowProps {
  readonly id: string;
  readonly index: number;
  readonly shown: ListRow;
  readonly selected: boolean;
  readonly onSelect: (index: number) => void;
  readonly onCard: (card: string) => void;
}

/** Drawn anew only when it changes: there are a thousand. */
export const LineRow = memo(function LineRow({ id, index, shown, selected, onSelect, onCard }: LineRowProps) {
  const standing = shown.kind === 'head' ? 'head' : shown.standing;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keyboard for its rows
    <div
      role="row"
      id={id}
      aria-selected={selected}
      tabIndex={-1}
      className={`recorded is-${standing}`}
      onClick={() => onSelect(index)}
      data-testid={`recorded-${standing}`}
    >
      {shown.kind === 'head' ? (
        <>
          <span role="gridcell" className="recorded-title">
            {shown.file}: {shown.title}
          </span>
          <span role="gridcell" className="recorded-model" aria-hidden="true">
            the model
          </span>
        </>
      ) : (
        <Cells line={shown} onCard={onCard} />
      )}
    </div>
  );
});

type Line = Extract<ListRow, { readonly kind: 'line' }>;

function Cells({ line, onCard }: { readonly line: Line; readonly onCard: (card: string) => void }) {
  const { row, standing } = line;
  const { sign, words } = SIGNS[standing];
  const same = standing === 'equal';
  return (
    <>
      <span role="gridcell" className="recorded-number">
        <span aria-hidden="true">{sign}</span> {row.line}
        <span className="visually-hidden"> {words}</span>
      </span>
      <span role="gridcell" className="recorded-kernel">
        {same ? null : <span className="recorded-side">kernel</span>}
        <Text line={row.recorded} onCard={onCard} />
      </span>
      <span role="gridcell" className="recorded-model" aria-hidden={same ? true : undefined}>
        {same ? null : <span className="recorded-side">model</span>}
        <Text line={row.ours} onCard={onCard} />
      </span>
      {standing === 'purpose' || standing === 'different' ? (
        <span role="gridcell" className="recorded-why">
          {line.same ? 'Differs on purpose, as above.' : lineWords(line)}
        </span>
      ) : null}
    </>
  );
}

function Text({ line, onCard }: { readonly line: string | null; readonly onCard: (card: string) => void }) {
  if (line === null) return <i className="dim">no such line</i>;
  return (
    <code>
      {piecesOf(line).map(({ text, notCompared, card }, at) => {
        const key = `${at} ${text}`;
        if (notCompared !== null) {
          return (
            <mark key={key} title={`Not compared: ${notCompared}.`}>
              {text}
            </mark>
          );
        }
        if (card === null) return text;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard reaches the card by Enter on the row
          // biome-ignore lint/a11y/useKeyWithClickEvents: as above
          <span key={key} className="recorded-link" title="What is this?" onClick={() => onCard(card)}>
            {text}
          </span>
        );
      })}
    </code>
  );
}
