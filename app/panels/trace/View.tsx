// biome-ignore-all lint/a11y/useSemanticElements: rows are positioned by the window, which table elements are not made for
// biome-ignore-all lint/a11y/useFocusableInteractive: one stop in the tab order stands for all rows
/** The trace: every SBI call of the run, windowed, filtered, walked by keyboard. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import type { CallEvent } from '../../../core/trace/events.ts';
import { openCard } from '../../actions/reference.ts';
import { selectCall } from '../../actions/reveal.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { callReader, cardOfCall } from '../../state/call-words.ts';
import { FilteredEvents } from '../../state/event-ring.ts';
import { patch } from '../../state/store.ts';
import { accepts } from '../../state/trace-filter.ts';
import { LayerChip } from '../../ui/chip.tsx';
import { Filters } from './Filters.tsx';
import { rowOfSeq, rowTarget, traceRow } from './select.ts';
import './trace.css';

const ROW_HEIGHT = 20;
/** The column heads scroll with the rows, so that they stand over them whatever the scroll bar takes. */
const HEAD_HEIGHT = 22;
/** Rows drawn beyond the edges, so that fast scrolling does not show gaps. */
const OVERSCAN = 12;
/** Class and head of each column. */
const COLUMNS = [
  ['time', 'ms'],
  ['hart', 'hart'],
  ['call', 'call'],
  ['by', 'by'],
  ['result', 'result'],
  ['cost', 'cost'],
] as const;

export function View() {
  const { rings, store } = usePage();
  const filter = usePageState((state) => state.trace.filter);
  const generation = usePageState((state) => state.machine.generation);
  const version = usePageState((state) => state.trace.version);
  const selected = usePageState((state) => state.trace.selected);
  const follow = usePageState((state) => state.trace.follow);
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useRef({ top: 0, height: 0 });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run starts a new view
  const rows = useMemo(() => new FilteredEvents(rings.calls, accepts(filter, callReader)), [rings, filter, generation]);
  rows.refresh();
  const count = rows.length;

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new version may have brought rows
  useEffect(() => {
    if (follow && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' });
  }, [follow, count, version]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run starts at its top
  useEffect(() => {
    seen.current = { top: 0, height: 0 };
  }, [generation]);

  const select = (index: number): void => {
    const call = rows.at(index);
    if (call === undefined) return;
    selectCall(store, call);
    patch(store, 'trace', { follow: index === count - 1 && follow });
    virtual.scrollToIndex(index);
  };
  const explain = (call: CallEvent | undefined): void => {
    const card = call === undefined ? null : cardOfCall(call);
    if (card !== null) openCard(store, card);
  };
  const move = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 1);
    const row = selected === null ? -1 : rowOfSeq(rows, selected);
    if (event.key === 'Enter') explain(rows.at(row));
    const target = rowTarget(event.key, row, count, page);
    if (target === null) return;
    event.preventDefault();
    select(target);
  };
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const { scrollTop: top, scrollHeight: height, clientHeight } = element;
    // Rows that came since following scrolled also leave it far from the end; only a reader goes up in what did not shrink.
    const goesUp = top < seen.current.top && height >= seen.current.height;
    seen.current = { top, height };
    const fromEnd = height - top - clientHeight;
    if (follow && goesUp && fromEnd > ROW_HEIGHT * FOLLOW_SLACK_ROWS) patch(store, 'trace', { follow: false });
  };

  return (
    <div className="trace" data-testid="trace">
      <Filters shown={count} />
      <div
        className="trace-table"
        role="grid"
        aria-label="SBI calls"
        aria-description="Enter tells what the call is"
        aria-rowcount={count + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={selected === null ? undefined : rowId(selected)}
        tabIndex={0}
        data-region-focus
        onKeyDown={move}
      >
        <div
          ref={scroller}
          role="rowgroup"
          className="trace-scroll"
          onScroll={onScroll}
          onWheel={(event) => {
            if (event.deltaY < 0 && follow) patch(store, 'trace', { follow: false });
          }}
        >
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            <div role="row" className="trace-row trace-head" aria-rowindex={1}>
              {COLUMNS.map(([column, head]) => (
                <span key={column} role="columnheader" className={`trace-${column}`}>
                  {head}
                </span>
              ))}
            </div>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const call = rows.at(index);
              return call === undefined ? null : (
                <Row
                  key={call.seq}
                  call={call}
                  top={start}
                  row={index + 2}
                  selected={call.seq === selected}
                  onSelect={() => select(index)}
                  onExplain={() => explain(call)}
                />
              );
            })}
          </div>
        </div>
      </div>
      {count === 0 ? <Nothing /> : null}
    </div>
  );
}
/** A wheel notch or a late row must not end following by itself. */
const FOLLOW_SLACK_ROWS = 60;

const rowId = (seq: number): string => `call-${seq}`;

interface RowProps {
  readonly call: CallEvent;
  readonly top: number;
  readonly row: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
  /** Opens the card about the call. */
  readonly onExplain: () => void;
}

function Row({ call, top, row, selected, onSelect, onExplain }: RowProps) {
  const words = traceRow(call);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keyboard for its rows
    <div
      role="row"
      id={rowId(call.seq)}
      aria-rowindex={row}
      aria-selected={selected}
      tabIndex={-1}
      className="trace-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
      onDoubleClick={onExplain}
      data-testid="trace-row"
    >
      <span role="gridcell" className="trace-time">
        {words.time}
      </span>
      <span role="gridcell" className="trace-hart">
        {call.hart}
      </span>
      <span role="gridcell" className="trace-call" title={`${words.name}(${words.args})`}>
        <b>{words.name}</b>
        <span className="dim">({words.args})</span>
      </span>
      <span role="gridcell" className="trace-by">
        <LayerChip by={call.by} />
      </span>
      <span
        role="gridcell"
        className={words.failed ? 'trace-result failed' : 'trace-result'}
        title={`${words.error} ${words.value}`}
      >
        <span className={words.value === '' ? '' : 'dim'}>{words.error}</span> {words.value}
      </span>
      <span role="gridcell" className="trace-cost">
        {words.cost}
      </span>
    </div>
  );
}

function Nothing() {
  const calls = usePageState((state) => state.trace.calls);
  const words =
    calls === 0
      ? 'No SBI call yet. Run the guest: each ecall from VS-mode becomes a row here.'
      : 'No call passes the filter.';
  return <p className="empty trace-empty">{words}</p>;
}
