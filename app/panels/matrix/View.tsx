/** The matrix: what a guest meets on every Linux release under every VMM, found by running guests there. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { FIELDS, type KvmInterface } from '../../../core/config/index.ts';
import { usePage } from '../../shell/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Grid } from './Grid.tsx';
import { load } from './load.ts';
import {
  CHOICE_OPTIONS,
  type Combination,
  cellOf,
  combinations,
  groupsOf,
  LEGEND,
  lessonOf,
  type Position,
  releases,
  TOPIC_WORDS,
  TOPICS,
  type Topic,
  VMMS,
} from './select.ts';
import { keyOf, type SurveyState, type Surveys, surveysOf } from './surveys.ts';
import './matrix.css';

export function View() {
  const page = usePage();
  const surveys = surveysOf(page);
  const state = useSyncExternalStore(surveys.subscribe, () => surveys.state);
  const { interface: kvm, legacy, choice } = state.shown;
  const [at, setAt] = useState<Position>({ row: 0, column: 0 });
  const [pointed, setPointed] = useState<Position | null>(null);
  const wanted = useMemo(() => combinations(kvm, legacy, choice), [kvm, legacy, choice]);
  useEffect(() => surveys.ask(wanted), [surveys, wanted]);
  useEffect(() => () => surveys.stop(), [surveys]);
  const seen = pointed ?? at;
  const shown = wanted[seen.row * VMMS.length + seen.column];
  return (
    <div className="survey" data-testid="matrix">
      <p data-testid="matrix-lesson">{lessonOf(kvm, choice)}</p>
      <Controls surveys={surveys} state={state} wanted={wanted} />
      <Legend />
      <Grid
        rows={releases(legacy)}
        columns={VMMS}
        at={at}
        onMove={setAt}
        onPoint={setPointed}
        cell={({ row, column }) => {
          const one = wanted[row * VMMS.length + column];
          return cellOf(one && state.found.get(keyOf(one)), state.shown.topic);
        }}
        onOpen={({ row, column }) => {
          const one = wanted[row * VMMS.length + column];
          if (one !== undefined) load(page, one, nameOf(one, legacy));
        }}
      />
      {shown === undefined ? null : <Detail one={shown} state={state} />}
    </div>
  );
}

function Controls(props: {
  readonly surveys: Surveys;
  readonly state: SurveyState;
  readonly wanted: readonly Combination[];
}) {
  const { surveys, state, wanted } = props;
  const { shown, running, failure, found } = state;
  const { control, label } = FIELDS.interface;
  const options = control.kind === 'choice' ? control.options : [];
  const done = wanted.filter((one) => found.has(keyOf(one))).length;
  return (
    <div className="survey-controls">
      <Segmented
        label={label}
        small
        value={shown.interface}
        onChange={(kvm) => surveys.show({ interface: kvm })}
        segments={options.map((option) => ({
          value: option.value as KvmInterface,
          label: option.label,
          title: option.help,
          testId: `matrix-${option.value}`,
        }))}
      />
      <Segmented
        label="Extensions"
        small
        value={shown.choice}
        onChange={(choice) => surveys.show({ choice })}
        segments={CHOICE_OPTIONS.map((option) => ({ ...option, testId: `matrix-${option.value}` }))}
      />
      <Segmented
        label="Legacy calls in the kernel"
        small
        value={shown.legacy ? 'with' : 'without'}
        onChange={(value) => surveys.show({ legacy: value === 'with' })}
        segments={[
          { value: 'with', label: 'with legacy calls', testId: 'matrix-with-legacy' },
          { value: 'without', label: 'without', title: 'As distributions build it.', testId: 'matrix-without-legacy' },
        ]}
      />
      <label className="survey-topic">
        Shows
        <select
          className="select"
          value={shown.topic}
          onChange={(event) => surveys.show({ topic: event.target.value as Topic })}
          data-testid="matrix-topic"
        >
          {TOPICS.map((topic) => (
            <option key={topic} value={topic}>
              {TOPIC_WORDS(topic)}
            </option>
          ))}
        </select>
      </label>
      <span className="survey-progress">
        <span role="status" className="dim" data-testid="matrix-progress">
          {failure ?? (running ? 'Guests are running…' : done === wanted.length ? 'All have run.' : 'Stopped.')}
        </span>
        <span className="dim">
          {done} of {wanted.length}
        </span>
        {running ? (
          <Button small onClick={() => surveys.stop()} data-testid="matrix-stop">
            Stop
          </Button>
        ) : done < wanted.length ? (
          <Button small onClick={() => surveys.ask(wanted)} data-testid="matrix-go-on">
            Go on
          </Button>
        ) : null}
      </span>
    </div>
  );
}

function Legend() {
  return (
    <ul className="survey-legend" aria-label="Signs">
      {LEGEND.map(({ look, text, says }) => (
        <li key={look}>
          <span className={`survey-sign is-${look}`}>{text}</span> {says}
        </li>
      ))}
      <li>
        <span className="survey-sign is-count">9 ✕2</span> nine there, two stop the VM
      </li>
    </ul>
  );
}

/** The combination that the keyboard or pointer is at, in full. */
function Detail({ one, state }: { readonly one: Combination; readonly state: SurveyState }) {
  const survey = state.found.get(keyOf(one));
  const { says } = cellOf(survey, state.shown.topic);
  return (
    <section className="survey-detail" aria-label="The cell" data-testid="matrix-detail">
      <h2 className="survey-name">
        {nameOf(one, state.shown.legacy)}
        {survey?.starts ? (
          <span className="dim"> reports {survey.version === null ? 'no version' : `SBI ${survey.version}`}</span>
        ) : null}
      </h2>
      <p>{says}</p>
      {survey === undefined ? null : (
        <dl>
          {groupsOf(survey).map(({ title, names }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{names.join(' ')}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** `Linux 7.2 under QEMU` */
function nameOf({ host, vmm }: Combination, legacy: boolean): string {
  const release = releases(legacy).find(({ id }) => id === host)?.label ?? host;
  return `Linux ${release} under ${VMMS.find(({ id }) => id === vmm)?.label ?? vmm}`;
}
