// biome-ignore-all lint/a11y/useSemanticElements: the two sides are beside or below each other, which table elements are not made for
// biome-ignore-all lint/a11y/useFocusableInteractive: one stop in the tab order stands for all rows
/** One run line by line: what the real kernel did, and what the model does. */
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react';
import type { AboutRun } from '../../../core/replay/about.ts';
import { countsOf, type RunReport } from '../../../core/replay/report.ts';
import { recordingInAddress, showRecording } from '../../actions/recordings.ts';
import { openCard } from '../../actions/reference.ts';
import { tell } from '../../actions/tell.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { patch } from '../../state/store.ts';
import { Button } from '../../ui/button.tsx';
import { rowTarget } from '../trace/select.ts';
import { LineRow } from './LineRow.tsx';
import { Verdict } from './Overview.tsx';
import { type Host, keyOf, type Replays, type ReplaysState } from './replays.ts';
import { countWords, type ListRow, lineWords, listOf, sentence } from './select.ts';

interface LinesProps {
  readonly replays: Replays;
  readonly state: ReplaysState;
  readonly host: Host;
  readonly run: AboutRun;
}

export function Lines(props: LinesProps) {
  const { replays, state, host, run } = props;
  const wanted = { host: host.about.name, run: run.name };
  const report = state.found.get(keyOf(wanted));
  const known = report !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when the run is opened
  useEffect(() => {
    if (!known) replays.ask([wanted]);
  }, [replays]);
  return (
    <div className="recordings-run" data-testid="recordings-run">
      <Head {...props} />
      {report === undefined ? (
        <p className="empty" role="status">
          {state.failure ?? (state.current === null ? 'It was not replayed.' : 'Replaying…')}
        </p>
      ) : report.refusal === null ? (
        <List report={report} differencesOnly={state.differencesOnly} />
      ) : (
        <p className="empty" role="alert">
          It cannot be replayed: {report.refusal}.
        </p>
      )}
    </div>
  );
}

function Head({ replays, state, host, run }: LinesProps) {
  const { store } = usePage();
  const wanted = { host: host.about.name, run: run.name };
  const report = state.found.get(keyOf(wanted));
  const counts = report === undefined ? null : countsOf([report]);
  const copy = async (): Promise<void> => {
    const link = recordingInAddress(wanted.host, wanted.run);
    const copied = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    );
    if (copied === true) tell(store, { id: 'link', tone: 'info', text: 'Link to this recording copied.' });
    else tell(store, { id: 'link', tone: 'info', text: 'This is the link to this recording:', copy: link });
  };
  return (
    <header className="recordings-head">
      <div className="recordings-tools">
        <Button small onClick={() => showRecording(store, wanted.host, null)} data-testid="recordings-back">
          ◂ All runs
        </Button>
        <h2>
          {wanted.host} / {wanted.run}
        </h2>
      </div>
      <p>
        {sentence(run.says)}{' '}
        {counts === null ? null : (
          <span data-testid="recordings-counts">
            <Verdict counts={counts}>{countWords(counts)}.</Verdict>
          </span>
        )}
      </p>
      <div className="recordings-tools">
        <label>
          <input
            type="checkbox"
            checked={state.differencesOnly}
            onChange={(event) => replays.show({ differencesOnly: event.target.checked })}
            data-testid="recordings-differences"
          />{' '}
          Differences only
        </label>
        {state.current === null ? (
          <Button small onClick={() => replays.ask([wanted])} data-testid="recordings-again">
            Replay {counts === null ? 'it' : 'again'}
          </Button>
        ) : (
          <Button small onClick={() => replays.stop()} data-testid="recordings-stop">
            Stop
          </Button>
        )}
        <Button small onClick={() => void copy()} data-testid="recordings-link">
          Copy link
        </Button>
      </div>
    </header>
  );
}

/** Lines that Page Up and Page Down pass: about what is seen. */
const PAGE_LINES = 12;

interface ListProps {
  readonly report: RunReport;
  readonly differencesOnly: boolean;
}

/** All lines are in the document, so that the browser finds words in them; it lays out only those that are seen. */
function List({ report, differencesOnly }: ListProps) {
  const { store } = usePage();
  const rows = useMemo(() => listOf(report, differencesOnly), [report, differencesOnly]);
  const chosen = usePageState(({ recordings }) => recordings.row);
  const scroller = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen ?? -1, rows.length - 1);
  const row = rows[at];
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the lines come: the keyboard goes to them
  useEffect(() => {
    scroller.current?.focus();
    document.getElementById(rowId(at))?.scrollIntoView?.({ block: 'center' });
  }, []);
  const select = useCallback((index: number) => patch(store, 'recordings', { row: index }), [store]);
  const open = useCallback((card: string) => openCard(store, card), [store]);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') showRecording(store, store.getState().recordings.host, null);
    if (event.key === 'Enter' && row?.kind === 'line' && row.card !== null) open(row.card.card);
    const target = rowTarget(event.key, at, rows.length, PAGE_LINES);
    if (target === null) return;
    event.preventDefault();
    select(target);
    document.getElementById(rowId(target))?.scrollIntoView?.({ block: 'nearest' });
  };
  return (
    <>
      <div
        ref={scroller}
        className="recordings-lines"
        role="grid"
        aria-label="Lines of the real kernel and of the model"
        aria-description="Enter tells what the call of a line is, Escape leads back to all runs"
        aria-activedescendant={row === undefined ? undefined : rowId(at)}
        tabIndex={0}
        onKeyDown={press}
        data-testid="recordings-lines"
      >
        {rows.map((shown, index) => (
          <LineRow
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are what they are by their place
            key={index}
            id={rowId(index)}
            index={index}
            shown={shown}
            selected={index === at}
            onSelect={select}
            onCard={open}
          />
        ))}
      </div>
      {rows.length === 0 ? <p className="empty recordings-none">No line differs.</p> : null}
      <Said row={row} />
    </>
  );
}

const rowId = (index: number): string => `recorded-line-${index}`;

/** What there is to say of the line that the keyboard or pointer has chosen. */
function Said({ row }: { readonly row: ListRow | undefined }) {
  const { store } = usePage();
  if (row === undefined || row.kind === 'head') {
    return (
      <p className="recordings-said dim">
        Choose a line by arrow keys or pointer: here stands why it differs, or what of it is not compared.
      </p>
    );
  }
  const { card } = row;
  return (
    <p className="recordings-said" data-testid="recordings-said">
      {lineWords(row)}{' '}
      {card === null ? null : (
        <Button
          small
          kind="quiet"
          className="link"
          onClick={() => openCard(store, card.card)}
          data-testid="recordings-card"
        >
          {card.card.slice(card.card.indexOf('/') + 1)}: what is it?
        </Button>
      )}
    </p>
  );
}
