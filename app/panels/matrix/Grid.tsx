/** A grid with one stop in the tab order: arrows move, Enter and Space open. [WAI-ARIA APG, Grid] */
import { type KeyboardEvent, useId } from 'react';
import { type Axis, type CellText, type Position, target } from './select.ts';

export interface GridProps {
  readonly rows: readonly Axis[];
  readonly columns: readonly Axis[];
  readonly at: Position;
  readonly onMove: (to: Position) => void;
  /** The pointer is over a cell, or has left. */
  readonly onPoint: (at: Position | null) => void;
  readonly cell: (at: Position) => CellText;
  readonly onOpen: (at: Position) => void;
}

export function Grid({ rows, columns, at, onMove, onPoint, cell, onOpen }: GridProps) {
  const name = useId();
  const idOf = ({ row, column }: Position): string => `${name}-${row}-${column}`;
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(at);
      return;
    }
    const to = target(event.key, event.ctrlKey || event.metaKey, at, rows.length, columns.length);
    if (to === null) return;
    event.preventDefault();
    onMove(to);
    document.getElementById(idOf(to))?.focus();
  };
  return (
    <div className="survey-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is what a grid is made of */}
      <table role="grid" className="survey-grid" aria-label="Releases by VMM" onKeyDown={press}>
        <thead>
          <tr>
            <th scope="col">Linux</th>
            {columns.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((line, row) => (
            <tr key={line.id}>
              <th scope="row">{line.label}</th>
              {columns.map((head, column) => {
                const { look, text, says } = cell({ row, column });
                const here = row === at.row && column === at.column;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the grid
                  <td
                    key={head.id}
                    id={idOf({ row, column })}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell is what a grid cell is made of
                    role="gridcell"
                    tabIndex={here ? 0 : -1}
                    aria-label={`Linux ${line.label}, ${head.label}: ${says}`}
                    className={`is-${look}`}
                    onFocus={() => onMove({ row, column })}
                    onMouseEnter={() => onPoint({ row, column })}
                    onMouseLeave={() => onPoint(null)}
                    onClick={() => onOpen({ row, column })}
                    data-testid={`cell-${line.id}-${head.id}`}
                  >
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
