// biome-ignore-all lint/a11y/useSemanticElements: rows are positioned by the window, which table elements are not made for
// biome-ignore-all lint/a11y/useFocusableInteractive: one stop in the tab order stands for all rows
/** The ioctls that the VMM made: all it can do to a guest goes through them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { IoctlEvent } from '../../../core/trace/events.ts';
import { openCard } from '../../actions/reference.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { FilteredEvents } from '../../state/event-ring.ts';
import { patch } from '../../state/store.ts';
import type { IoctlFilter } from '../../state/trace.ts';
import { Button } from '../../ui/button.tsx';
import { grouped } from '../../ui/format.ts';
import { milliseconds, rowTarget } from '../trace/select.ts';
import { Log } from './Log.tsx';
import { cardsOf, mainCard, returnWords, showsIoctl } from './select.ts';
import './ioctls.css';

const ROW_HEIGHT = 20;
const OVERSCAN = 12;
/** The column heads stay above the rows that scroll. */
const HEAD_HEIGHT = 20;

export function View() {
  const { rings, store } = usePage();
  usePageState((state) => state.trace.version);
  const generation = usePageState((state) => state.machine.generation);
  const total = usePageState((state) => state.trace.ioctls);
  const { withRuns, text, focus } = usePageState((state) => state.trace.ioctlFilter);
  const [selected, setSelected] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run starts a new view
  const rows = useMemo(
    () => new FilteredEvents(rings.ioctls, showsIoctl({ withRuns, text })),
    [rings, withRuns, text, generation],
  );
  rows.refresh();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  useEffect(() => {
    if (!focus) return;
    scroller.current?.focus();
    setFilter(store, { focus: false });
  }, [focus, store]);
  if (total === 0 && rings.log.size === 0) {
    return (
      <p className="empty">The VMM has made no ioctl yet. Run the guest to see how user space builds and drives it.</p>
    );
  }
  const row = selected === null ? -1 : selected;
  const onKey = (event: KeyboardEvent): void => {
    const ioctl = rows.at(row);
    if (event.key === 'Enter' && ioctl !== undefined) openCard(store, mainCard(ioctl));
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 1);
    const target = rowTarget(event.key, row, rows.length, page);
    if (target === null) return;
    event.preventDefault();
    setSelected(target);
    virtual.scrollToIndex(target);
  };
  return (
    <div className="ioctls">
      <Tools shown={rows.length} />
      <Log />
      <div
        ref={scroller}
        className="ioctls-table"
        role="grid"
        aria-label="ioctls of the VMM"
        aria-description="Enter tells what the row is"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={rows.at(row) === undefined ? undefined : rowId(row)}
        tabIndex={0}
        onKeyDown={onKey}
      >
        <div role="row" className="ioctl ioctl-head" aria-rowindex={1}>
          {['ms', 'fd', 'ioctl', 'result'].map((column) => (
            <span key={column} role="columnheader">
              {column}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize() - HEAD_HEIGHT, position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const ioctl = rows.at(index);
            return ioctl === undefined ? null : (
              <Row
                key={ioctl.seq}
                ioctl={ioctl}
                index={index}
                top={start - HEAD_HEIGHT}
                selected={index === selected}
                onSelect={() => setSelected(index)}
                onOpen={(card) => openCard(store, card)}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 ? <p className="empty ioctls-empty">No ioctl passes the filter.</p> : null}
    </div>
  );
}

const rowId = (index: number): string => `ioctl-${index}`;

function setFilter(store: ReturnType<typeof usePage>['store'], change: Partial<IoctlFilter>): void {
  patch(store, 'trace', { ioctlFilter: { ...store.getState().trace.ioctlFilter, ...change } });
}

function Tools({ shown }: { readonly shown: number }) {
  const { store } = usePage();
  const { withRuns, text } = usePageState((state) => state.trace.ioctlFilter);
  return (
    <div className="ioctls-tools">
      <label>
        <input
          type="checkbox"
          checked={withRuns}
          onChange={(event) => setFilter(store, { withRuns: event.target.checked })}
        />{' '}
        KVM_RUN
      </label>
      <input
        className="input trace-text"
        type="search"
        placeholder="text"
        aria-label="Text in the ioctl"
        value={text}
        onChange={(event) => setFilter(store, { text: event.target.value })}
        data-testid="ioctls-text"
      />
      {text === '' && withRuns ? null : (
        <Button small kind="quiet" onClick={() => setFilter(store, { text: '', withRuns: true })}>
          Show all
        </Button>
      )}
      <span className="dim" data-testid="ioctls-count">
        {grouped(shown)} ioctls
      </span>
    </div>
  );
}

interface RowProps {
  readonly ioctl: IoctlEvent;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onOpen: (card: string) => void;
}

/** What has a card is a link for the pointer; the keyboard reaches the same by Enter on the row. */
function Row({ ioctl, index, top, selected, onSelect, onOpen }: RowProps) {
  const cards = cardsOf(ioctl);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keyboard for its rows
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={-1}
      className="ioctl"
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
      data-testid="ioctl-row"
    >
      <span role="gridcell" className="dim">
        {milliseconds(ioctl.time)}
      </span>
      <span role="gridcell" className="dim">
        {ioctl.fd}
      </span>
      <span role="gridcell" title={`${ioctl.name}(${ioctl.args})`}>
        <b>
          <Linked text={ioctl.name} card={cards.name} onOpen={onOpen} />
        </b>{' '}
        <Linked text={ioctl.args} card={cards.register} onOpen={onOpen} />
      </span>
      <span role="gridcell" className={ioctl.ret < 0 ? 'ioctl-failed' : ''}>
        <Linked text={returnWords(ioctl)} card={cards.result} onOpen={onOpen} />
      </span>
    </div>
  );
}

interface LinkedProps {
  readonly text: string;
  readonly card: string | null;
  readonly onOpen: (card: string) => void;
}

function Linked({ text, card, onOpen }: LinkedProps) {
  if (card === null) return text;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard reaches the card by Enter on the row
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <span className="ioctl-link" title="What is this?" onClick={() => onOpen(card)}>
      {text}
    </span>
  );
}
