/** The recorded hosts with their totals, and the runs of the one that is chosen. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Counts, countsOf } from '../../../core/replay/report.ts';
import { showRecording } from '../../actions/recordings.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { patch } from '../../state/store.ts';
import { Button } from '../../ui/button.tsx';
import { counted, grouped } from '../../ui/format.ts';
import { loadHost } from './load.ts';
import { type Host, keyOf, type Replays, type ReplaysState, type Wanted } from './replays.ts';
import { countWords, totalsOf } from './select.ts';
import { Table, type TableRow } from './Table.tsx';

interface OverviewProps {
  readonly replays: Replays;
  readonly state: ReplaysState;
  readonly host: Host;
}

const runsOf = ({ about }: Host): readonly Wanted[] => about.runs.map(({ name }) => ({ host: about.name, run: name }));

export function Overview({ replays, state, host }: OverviewProps) {
  return (
    <div className="recordings" data-testid="recordings">
      <p className="recordings-lesson">
        On real Linux kernels a small VMM ran a small guest that asks for everything, and wrote down each answer and
        each exit. Replay runs the same on the model of that host and compares line by line.
      </p>
      <Progress replays={replays} state={state} />
      <Hosts state={state} host={host} />
      <About replays={replays} host={host} />
      <Runs state={state} host={host} />
    </div>
  );
}

/** Totals of all, and what starts and stops the replays. */
function Progress({ replays, state }: Pick<OverviewProps, 'replays' | 'state'>) {
  const { hosts, current, done, asked, failure } = state;
  const all = hosts.flatMap(runsOf);
  const totals = totalsOf(
    state,
    hosts.map(({ about }) => about.name),
  );
  return (
    <div className="recordings-tools">
      {current === null ? (
        <Button kind="primary" onClick={() => replays.ask(all)} data-testid="recordings-all">
          Replay all {all.length} runs
        </Button>
      ) : (
        <Button onClick={() => replays.stop()} data-testid="recordings-stop">
          Stop
        </Button>
      )}
      <span role="status" data-testid="recordings-progress">
        {failure ?? (current === null ? '' : `Replaying ${current.host}…`)}
      </span>
      {current === null ? null : (
        <span className="dim">
          {done} of {asked}
        </span>
      )}
      <span className="recordings-totals" data-testid="recordings-totals">
        {totals.runs === 0 ? (
          'Nothing has been replayed yet.'
        ) : (
          <Verdict counts={totals}>
            {counted(totals.runs, 'run')}, {countWords(totals)}
          </Verdict>
        )}
      </span>
    </div>
  );
}

/** Loud only where a line differs and should not. */
export function Verdict({ counts, children }: { readonly counts: Counts; readonly children: ReactNode }) {
  return counts.different === 0 ? <>✓ {children}</> : <strong className="recordings-loud">✕ {children}</strong>;
}

const COUNT_COLUMNS = [
  { head: 'Equal', className: 'recordings-count' },
  { head: 'On purpose', className: 'recordings-count' },
  { head: 'Different', className: 'recordings-count' },
] as const;

function countCells(counts: Counts | null): readonly ReactNode[] {
  if (counts === null) return ['–', '–', '–'];
  const { lines, equal, purpose, different } = counts;
  return [
    <span key="equal">
      {grouped(equal)} <span className="recordings-of dim">of {grouped(lines)}</span>
    </span>,
    grouped(purpose),
    different === 0 ? (
      '0'
    ) : (
      <strong key="different" className="recordings-loud">
        ✕ {grouped(different)}
      </strong>
    ),
  ];
}

/** A name, and below it what it is where there is no room for a column. */
function Named({ name, says }: { readonly name: string; readonly says: string }) {
  return (
    <>
      <b>{name}</b>
      <span className="recordings-below dim">{says}</span>
    </>
  );
}

function Hosts({ state, host }: Pick<OverviewProps, 'state' | 'host'>) {
  const { store } = usePage();
  const rows = state.hosts.map(({ about }): TableRow => {
    const totals = totalsOf(state, [about.name]);
    return {
      id: about.name,
      testId: `recorded-${about.name}`,
      cells: [
        <Named key="name" name={about.name} says={about.kernel ?? ''} />,
        [about.kernel, about.firmware].filter((part) => part !== null).join(' on '),
        `${totals.runs} of ${about.runs.length}`,
        ...countCells(totals.runs === 0 ? null : totals),
      ],
    };
  });
  const show = (name: string): void => showRecording(store, name, null);
  return (
    <Table
      label="Recorded hosts"
      enters="Arrows choose the host whose runs are shown"
      columns={[
        { head: 'Host' },
        { head: 'Kernel and firmware', className: 'recordings-says' },
        { head: 'Runs', className: 'recordings-count recordings-runs' },
        ...COUNT_COLUMNS,
      ]}
      rows={rows}
      at={host.about.name}
      onMove={show}
      onOpen={show}
      testId="recordings-hosts"
    />
  );
}

function About({ replays, host }: Pick<OverviewProps, 'replays' | 'host'>) {
  const page = usePage();
  const { name, kernel, machine, firmware, model } = host.about;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Kernel', kernel],
    ['Machine', machine],
    ['Firmware', firmware],
    ['Model', 'refusal' in model ? `none: ${model.refusal}` : model.words.join('; ')],
  ];
  const refusal = 'refusal' in model ? `There is no model of this host: ${model.refusal}.` : undefined;
  return (
    <section className="recordings-about" aria-label={name} data-testid="recordings-about">
      <h2>{name}</h2>
      <dl>
        {facts.map(([term, says]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{says ?? 'not recorded'}</dd>
          </div>
        ))}
      </dl>
      <p className="recordings-tools">
        <Button small onClick={() => replays.ask(runsOf(host))} data-testid="recordings-host">
          Replay this host
        </Button>
        <Button
          small
          unavailable={refusal}
          title="Make this host that of the machine on this page."
          onClick={() => loadHost(page, host)}
          data-testid="recordings-load"
        >
          Load this configuration
        </Button>
      </p>
    </section>
  );
}

function Runs({ state, host }: Pick<OverviewProps, 'state' | 'host'>) {
  const { store } = usePage();
  const { about } = host;
  const left = usePageState(({ recordings }) => recordings.left);
  const [at, setAt] = useState(left ?? about.runs[0]?.name ?? null);
  const frame = useRef<HTMLTableElement>(null);
  useEffect(() => {
    if (left === null) return;
    frame.current?.focus();
    document.getElementById(frame.current?.getAttribute('aria-activedescendant') ?? '')?.scrollIntoView?.({
      block: 'center',
    });
    patch(store, 'recordings', { left: null });
  }, [left, store]);
  const rows = about.runs.map(({ name, says }): TableRow => {
    const report = state.found.get(keyOf({ host: about.name, run: name }));
    const refused = report?.refusal ?? null;
    const words = refused === null ? says : `cannot be replayed: ${refused}`;
    return {
      id: name,
      testId: `recorded-run-${name}`,
      cells: [
        <Named key="name" name={name} says={words} />,
        words,
        ...countCells(report === undefined || refused !== null ? null : countsOf([report])),
      ],
    };
  });
  return (
    <Table
      frame={frame}
      label={`Runs of ${about.name}`}
      enters="Enter shows the lines of the run"
      columns={[{ head: 'Run' }, { head: 'What it does', className: 'recordings-says' }, ...COUNT_COLUMNS]}
      rows={rows}
      at={about.runs.some(({ name }) => name === at) ? at : (about.runs[0]?.name ?? null)}
      onMove={setAt}
      onOpen={(run) => showRecording(store, about.name, run)}
      testId="recordings-runs"
    />
  );
}
