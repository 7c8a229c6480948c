/** A table of things to choose from: one stop in the tab order, arrows move, Enter opens. [WAI-ARIA APG, Grid] */
import { type KeyboardEvent, type ReactNode, type Ref, useId } from 'react';
import { rowTarget } from '../trace/select.ts';

export interface TableRow {
  readonly id: string;
  /** The first is the name of the row. */
  readonly cells: readonly ReactNode[];
  readonly testId: string;
  readonly className?: string;
}

export interface TableProps {
  readonly label: string;
  /** What Enter does, in words. */
  readonly enters: string;
  readonly columns: readonly { readonly head: string; readonly className?: string }[];
  readonly rows: readonly TableRow[];
  /** Id of the row that the keyboard is at. */
  readonly at: string | null;
  readonly onMove: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly frame?: Ref<HTMLTableElement>;
  readonly testId: string;
}

/** Rows that Page Up and Page Down pass. */
const PAGE_ROWS = 10;

export function Table({ label, enters, columns, rows, at, onMove, onOpen, frame, testId }: TableProps) {
  const name = useId();
  const index = rows.findIndex(({ id }) => id === at);
  const rowId = (row: number): string => `${name}-${row}`;
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (at !== null) onOpen(at);
      return;
    }
    const to = rowTarget(event.key, index, rows.length, PAGE_ROWS);
    const row = to === null ? undefined : rows[to];
    if (to === null || row === undefined) return;
    event.preventDefault();
    onMove(row.id);
    document.getElementById(rowId(to))?.scrollIntoView?.({ block: 'nearest' });
  };
  return (
    <table
      ref={frame}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is what a grid is made of
      role="grid"
      className="recordings-table"
      aria-label={label}
      aria-description={enters}
      aria-activedescendant={index < 0 ? undefined : rowId(index)}
      tabIndex={0}
      onKeyDown={press}
      data-testid={testId}
    >
      <thead>
        <tr>
          {columns.map(({ head, className }) => (
            <th key={head} scope="col" className={className}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, position) => (
          <tr
            key={row.id}
            id={rowId(position)}
            className={row.className}
            aria-selected={position === index}
            onClick={() => {
              onMove(row.id);
              onOpen(row.id);
            }}
            data-testid={row.testId}
          >
            {row.cells.map((cell, column) => (
              <td key={columns[column]?.head} className={columns[column]?.className}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
