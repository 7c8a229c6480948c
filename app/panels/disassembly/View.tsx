/** Instructions around the pc of the selected hart, read from guest memory and disassembled here. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { revealLine } from '../../actions/reveal.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { lineOf } from '../../state/lines.ts';
import { patch } from '../../state/store.ts';
import { HartPicker } from '../../ui/hart-picker.tsx';
import { type DisassemblyRow, decoderOf, disassembled, labelsOf, WINDOW_BYTES, windowStart } from './select.ts';
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

  if (hart === undefined) return <p className="empty">Run or step the guest to see its instructions here.</p>;
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <ol className="disassembly-rows" tabIndex={0} aria-label={`Instructions of hart ${hart.id}`}>
        {rows.map((row) => (
          <Row
            key={row.address.toString()}
            row={row}
            line={lineOf(lines ?? [], row.address)}
            here={row.address === hart.pc}
            element={row.address === hart.pc ? current : null}
            onReveal={(line) => revealLine(store, line)}
          />
        ))}
        {rows.length === 0 ? <li className="dim">Nothing is mapped at the pc of this hart.</li> : null}
      </ol>
    </div>
  );
}

interface RowProps {
  readonly row: DisassemblyRow;
  readonly line: number | null;
  readonly here: boolean;
  readonly element: React.RefObject<HTMLLIElement | null> | null;
  readonly onReveal: (line: number) => void;
}

function Row({ row, line, here, element, onReveal }: RowProps) {
  return (
    <>
      {row.label === undefined ? null : <li className="disassembly-label">{row.label}:</li>}
      <li ref={element} className={here ? 'instruction here' : 'instruction'} aria-current={here ? 'step' : undefined}>
        <span className="dim">{row.address.toString(16)}</span>
        <span className="dim">{row.word}</span>
        <span className="instruction-text" title={`${row.address.toString(16)}: ${row.says}`}>
          {row.text}
        </span>
        {line === null ? null : (
          <button type="button" className="instruction-line" onClick={() => onReveal(line)} aria-label={`Line ${line}`}>
            {line}
          </button>
        )}
      </li>
    </>
  );
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
