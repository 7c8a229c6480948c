/** Instructions around the pc of the selected hart, read from guest memory and disassembled here. */
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { revealLine } from '../../actions/reveal.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { explained } from '../../state/explained.ts';
import { lineOf } from '../../state/lines.ts';
import { patch } from '../../state/store.ts';
import { HartPicker } from '../../ui/hart-picker.tsx';
import { Card } from './Card.tsx';
import { type DisassemblyRow, decoderOf, disassembled, labelsOf, WINDOW_BYTES, windowStart } from './select.ts';
import { type CardControl, useCard } from './use-card.ts';
import './disassembly.css';

/** While the guest runs, its pc is looked at so often. */
const REFRESH_MS = 250;

export function View() {
  const { store, session } = usePage();
  const selected = usePageState((state) => state.ui.hart);
  const view = usePageState((state) => state.machine.view);
  const symbols = usePageState((state) => state.machine.loaded?.symbols);
  const lines = usePageState((state) => state.machine.loaded?.lines);
  const isa = usePageState((state) => state.machine.loaded?.config.isa);
  const hart = view?.harts[selected] ?? view?.harts[0];
  const pc = useThrottled(hart?.pc, view?.state === 'running' ? REFRESH_MS : 0);
  const [memory, setMemory] = useState<{ readonly base: bigint; readonly bytes: Uint8Array } | null>(null);
  const current = useRef<HTMLLIElement>(null);
  const labels = useMemo(() => labelsOf(symbols ?? []), [symbols]);
  const id = hart?.id;

  useEffect(() => {
    if (pc === undefined || id === undefined) return;
    let stale = false;
    const base = windowStart(pc, labels);
    void session.readMemory(id, base, WINDOW_BYTES).then((bytes) => {
      if (!stale) setMemory({ base, bytes });
    });
    return () => {
      stale = true;
    };
  }, [pc, id, labels, session]);

  const decode = useMemo(() => decoderOf(isa ?? []), [isa]);
  const rows = useMemo(
    () => (memory === null ? [] : disassembled(memory.base, memory.bytes, labels, decode)),
    [memory, labels, decode],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current row moves with rows and pc
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [rows, pc]);

  const card = useCard();
  const cardId = useId();
  const still = view?.state === 'running' ? null : (hart ?? null);
  const shown = rows.find(({ address }) => address === card.open?.address);
  const what = useMemo(
    () => (shown?.decoded == null ? null : explained(shown.decoded, shown.address, labels, still)),
    [shown, labels, still],
  );
  if (hart === undefined) return <p className="empty">Run or step the guest to see its instructions here.</p>;
  const wanted = card.open?.address ?? hart.pc;
  const reachable = rows.some(({ address }) => address === wanted) ? wanted : rows[0]?.address;
  return (
    <div className="disassembly" data-testid="disassembly">
      <div className="disassembly-head">
        <HartPicker
          harts={view?.harts.length ?? 1}
          selected={hart.id}
          onSelect={(chosen) => patch(store, 'ui', { hart: chosen })}
        />
        <span className="dim">follows hart {hart.id}</span>
      </div>
      <ol
        className="disassembly-rows"
        aria-label={`Instructions of hart ${hart.id}`}
        onKeyDown={(event) => {
          if (event.key === 'Escape') card.close();
          if (moveFocus(event.currentTarget, event.key)) event.preventDefault();
        }}
        onScroll={card.scrolled}
        onBlur={card.close}
      >
        {rows.map((row) => (
          <Row
            key={row.address.toString()}
            row={row}
            line={lineOf(lines ?? [], row.address)}
            here={row.address === hart.pc}
            reachable={row.address === reachable}
            described={row.address === card.open?.address ? cardId : undefined}
            element={row.address === hart.pc ? current : null}
            card={card}
            onReveal={(line) => revealLine(store, line)}
          />
        ))}
        {rows.length === 0 ? <li className="dim">Nothing is mapped at the pc of this hart.</li> : null}
      </ol>
      {card.open === null || what === null ? null : <Card id={cardId} what={what} open={card.open} control={card} />}
    </div>
  );
}

interface RowProps {
  readonly row: DisassemblyRow;
  readonly line: number | null;
  readonly here: boolean;
  /** Of all rows one is reached by Tab, the others from there by arrow keys. */
  readonly reachable: boolean;
  /** Id of the card while it explains this row. */
  readonly described: string | undefined;
  readonly element: React.RefObject<HTMLLIElement | null> | null;
  readonly card: CardControl;
  readonly onReveal: (line: number) => void;
}

function Row({ row, line, here, reachable, described, element, card, onReveal }: RowProps) {
  const { address } = row;
  return (
    <>
      {row.label === undefined ? null : <li className="disassembly-label">{row.label}:</li>}
      <li ref={element} className={here ? 'instruction here' : 'instruction'} aria-current={here ? 'step' : undefined}>
        <span className="dim">{address.toString(16)}</span>
        <span className="dim">{row.word}</span>
        <button
          type="button"
          className="instruction-text"
          tabIndex={reachable ? 0 : -1}
          aria-expanded={described !== undefined}
          aria-describedby={described}
          onFocus={({ currentTarget }) => card.hold(address, currentTarget)}
          onClick={({ currentTarget }) => card.hold(address, currentTarget)}
          onPointerEnter={({ currentTarget, pointerType }) => {
            if (pointerType === 'mouse') card.hover(address, currentTarget);
          }}
          onPointerLeave={card.leave}
        >
          {row.text}
        </button>
        {line === null ? null : (
          <button type="button" className="instruction-line" onClick={() => onReveal(line)} aria-label={`Line ${line}`}>
            {line}
          </button>
        )}
      </li>
    </>
  );
}

/** Moves the focus among the instructions of the list; whether the key does that. */
function moveFocus(list: HTMLElement, key: string): boolean {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  const all = [...list.querySelectorAll<HTMLButtonElement>('.instruction-text')];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0) return false;
  const step = steps[key];
  const to = key === 'Home' ? 0 : key === 'End' ? all.length - 1 : step === undefined ? null : at + step;
  if (to === null) return false;
  all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
  return true;
}

/** The value, at most once in `ms`; at once when `ms` is 0. */
function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return ms === 0 ? value : shown;
}
