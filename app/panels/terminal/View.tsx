/** The guest's console: an xterm terminal, and its text as a log for those who do not see it. */
import { useEffect, useRef, useState } from 'react';
import type { Page } from '../../session/page.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { Button } from '../../ui/button.tsx';
import { LAYER_WORDS } from '../../ui/chip.tsx';
import { EarlyKeys } from './early-keys.ts';
import { servedWords } from './select.ts';
import './terminal.css';

export function View() {
  const page = usePage();
  const version = usePageState((state) => state.trace.version);
  const mode = usePageState((state) => (state.machine.loaded?.config ?? state.draft.config).sbi.DBCN);
  const host = useRef<HTMLElement>(null);
  const [failed, setFailed] = useState(false);
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(false);
  const [early] = useState(() => new EarlyKeys());
  // The terminal is a third of all the page loads, so it waits until there is a machine to talk to.
  const built = usePageState((state) => state.machine.generation > 0);
  const wanted = built || asked;

  useEffect(() => {
    const element = host.current;
    if (element === null || !wanted) return;
    let gone = false;
    let dispose: (() => void) | undefined;
    void import('./xterm.ts').then(
      ({ openTerminal }) => {
        if (gone) return;
        dispose = openTerminal(element, page);
        // Before the focus moves, so that the next key cannot overtake those before it.
        sendEarly(page, early);
        setOpen(true);
        if (element === document.activeElement) element.querySelector('textarea')?.focus();
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      setOpen(false);
      dispose?.();
    };
  }, [page, wanted, early]);

  useEffect(() => {
    if (open && built) sendEarly(page, early);
  }, [page, open, built, early]);

  const { by } = page.rings.console;
  return (
    <div className="terminal" data-version={version}>
      <div className="terminal-head">
        <h2 className="heading">Terminal</h2>
        <span className={by === null ? 'terminal-by dim' : `terminal-by by-${by}`} data-testid="terminal-by">
          {by === null ? servedWords(mode) : `served by ${LAYER_WORDS[by]}`}
        </span>
        <span className="terminal-hint dim" title="What you type here goes to the guest.">
          Shift+Tab leaves
        </span>
        <Button small kind="quiet" onClick={() => page.rings.console.clear()} title="Forget what was printed">
          Clear
        </Button>
      </div>
      <section
        ref={host}
        className="terminal-screen"
        aria-label="Console of the guest"
        data-testid="terminal"
        data-region-focus
        tabIndex={wanted ? -1 : 0}
        onFocus={() => setAsked(true)}
        onPointerDown={() => setAsked(true)}
        onKeyDown={(event) => {
          const here = event.target === event.currentTarget;
          if (here && !open && !failed && early.take(event)) event.preventDefault();
        }}
      >
        {failed ? <p className="empty">The terminal could not be loaded. The text is below.</p> : null}
      </section>
      <Transcript shown={failed} />
    </div>
  );
}

/** Gives the guest what was typed so far, when there is one. */
function sendEarly({ session, store }: Page, early: EarlyKeys): void {
  const text = store.getState().machine.generation > 0 ? early.drain() : '';
  if (text !== '') void session.input(new TextEncoder().encode(text));
}

/** Lines that a reader goes through at most; the newest. */
const LINES_READ = 100;

function Transcript({ shown }: { readonly shown: boolean }) {
  const { rings } = usePage();
  usePageState((state) => state.trace.version);
  const lines = rings.console.transcript;
  const skipped = Math.max(0, lines.length - LINES_READ);
  return (
    <div
      role="log"
      aria-label="Console output"
      aria-live="polite"
      className={shown ? 'terminal-text' : 'visually-hidden'}
      data-testid="terminal-text"
    >
      {lines.slice(skipped).map((line) => (
        <div key={line.number}>{line.text}</div>
      ))}
    </div>
  );
}
