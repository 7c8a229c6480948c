/** The bar at the bottom: state and why in words, and the figures of the run. */
import { useEffect, useState } from 'react';
import { isChanged, stateWords } from '../state/machine.ts';
import { duration, grouped, mips, mipsWords } from '../ui/format.ts';
import { usePageState } from './context.tsx';

export function StatusBar() {
  const state = usePageState((page) => stateWords(page.machine).state);
  const newest = usePageState((page) => stateWords(page.machine).reason);
  const reason = useSteady(newest, state === 'running' ? STEADY_MS : 0);
  const view = usePageState((page) => page.machine.view);
  const changed = usePageState((page) => isChanged(page.machine, page.draft));
  const length = usePageState((page) => page.ui.linkLength);
  const exits = Object.values(view?.counts.exits ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <footer className="status">
      <p className={`status-state is-${state.replace(' ', '-')}`} aria-live="polite" aria-atomic="true">
        <span data-testid="status-state">{state}</span>
        <span>: </span>
        <b data-testid="status-reason">{reason}</b>
        {changed ? <span className="status-changed"> · changed: Run applies it</span> : null}
      </p>
      <dl className="status-figures">
        <Figure label="virtual time" value={duration(view?.time ?? 0)} id="virtual-time" />
        <Figure label="instructions" value={grouped(view?.instructions ?? 0)} id="instructions" />
        <Figure label="speed" value={mipsWords(mips(view?.instructions ?? 0, view?.wall ?? 0))} id="mips" />
        <Figure label="exits" value={grouped(exits)} id="exits" />
        <Figure label="link" value={length === null ? '–' : `${grouped(length)} characters`} id="link-length" />
      </dl>
    </footer>
  );
}

/** A guest that sleeps and wakes many times a second must not make the words flicker, nor be read out each time. */
const STEADY_MS = 700;

/** The value once it has stayed for `ms`; at once when `ms` is 0. */
function useSteady<T>(value: T, ms: number): T {
  const [steady, setSteady] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSteady(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return ms === 0 ? value : steady;
}

function Figure({ label, value, id }: { readonly label: string; readonly value: string; readonly id: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-testid={`status-${id}`}>{value}</dd>
    </div>
  );
}
