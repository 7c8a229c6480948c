/** What the VMM itself had to say. */
import { usePage } from '../../shell/context.tsx';
import { grouped } from '../../ui/format.ts';

/** Newest first. */
export function Log() {
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
