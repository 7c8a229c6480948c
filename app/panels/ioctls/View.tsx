// biome-ignore-all lint/a11y/useSemanticElements: rows are positioned by the window, which table elements are not made for
// biome-ignore-all lint/a11y/useFocusableInteractive: one stop in the tab order stands for all rows
/** The ioctls that the VMM made: all it can do to a guest goes through them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { usePage, usePageState } from '../../shell/context.tsx';
import { FilteredEvents } from '../../state/event-ring.ts';
import { grouped } from '../../ui/format.ts';
import { milliseconds } from '../trace/select.ts';
import { returnWords, showsIoctl } from './select.ts';
import './ioctls.css';

const ROW_HEIGHT = 20;
const OVERSCAN = 12;

export function View() {
  const { rings } = usePage();
  usePageState((state) => state.trace.version);
  const generation = usePageState((state) => state.machine.generation);
  const total = usePageState((state) => state.trace.ioctls);
  const [withRuns, setWithRuns] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run starts a new view
  const rows = useMemo(
    () => new FilteredEvents(rings.ioctls, (ioctl) => showsIoctl(ioctl, withRuns)),
    [rings, withRuns, generation],
  );
  rows.refresh();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  if (total === 0 && rings.log.size === 0) {
    return (
      <p className="empty">The VMM has made no ioctl yet. Run the guest to see how user space builds and drives it.</p>
    );
  }
  return (
    <div className="ioctls">
      <div className="ioctls-tools">
        <label>
          <input type="checkbox" checked={withRuns} onChange={(event) => setWithRuns(event.target.checked)} /> KVM_RUN
        </label>
        <span className="dim">{grouped(rows.length)} ioctls</span>
      </div>
      <Log />
      <div className="ioctls-table" role="table" aria-label="ioctls of the VMM" aria-rowcount={rows.length + 1}>
        <div role="row" className="ioctl ioctl-head" aria-rowindex={1}>
          {['ms', 'fd', 'ioctl', 'result'].map((column) => (
            <span key={column} role="columnheader">
              {column}
            </span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
        <div ref={scroller} role="rowgroup" className="ioctls-scroll" tabIndex={0}>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const ioctl = rows.at(index);
              return ioctl === undefined ? null : (
                <div
                  key={ioctl.seq}
                  role="row"
                  aria-rowindex={index + 2}
                  className="ioctl"
                  style={{ transform: `translateY(${start}px)` }}
                  data-testid="ioctl-row"
                >
                  <span role="cell" className="dim">
                    {milliseconds(ioctl.time)}
                  </span>
                  <span role="cell" className="dim">
                    {ioctl.fd}
                  </span>
                  <span role="cell" title={`${ioctl.name}(${ioctl.args})`}>
                    <b>{ioctl.name}</b> {ioctl.args}
                  </span>
                  <span role="cell" className={ioctl.ret < 0 ? 'ioctl-failed' : ''}>
                    {returnWords(ioctl)}
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

/** What the VMM itself had to say, newest first. */
function Log() {
  const { rings } = usePage();
  const { log } = rings;
  if (log.size === 0) return null;
  const lines = Array.from({ length: log.size }, (_, index) => log.end - 1 - index);
  return (
    <details className="vmm-log" open>
      <summary>
        The VMM says <span className="dim">({grouped(log.end)})</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <ol tabIndex={0} aria-label="Log of the VMM, newest first" data-testid="vmm-log">
        {lines.map((position) => (
          <li key={position}>{log.at(position)}</li>
        ))}
      </ol>
    </details>
  );
}
