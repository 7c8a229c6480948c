/** What the trace is narrowed to. */

import { SBI_ERRORS, type SbiError } from '../../../core/sbi/types.ts';
import type { TraceFormat } from '../../../core/trace/formats.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { TRACE_FORMS, traceExport } from '../../actions/trace.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { CALLS_KEPT } from '../../state/rings.ts';
import { patch } from '../../state/store.ts';
import { EVERYTHING, isEverything, type TraceFilter } from '../../state/trace-filter.ts';
import { Button } from '../../ui/button.tsx';
import { LAYER_WORDS, LAYERS } from '../../ui/chip.tsx';
import { answered } from '../flow/select.ts';
import { extensionChoices, shownWords } from './select.ts';

/** The errors that a call can be looked for by. */
const ERRORS = Object.keys(SBI_ERRORS)
  .filter((name) => SBI_ERRORS[name as SbiError] !== SBI_ERRORS.SUCCESS)
  .map((name) => [name, name] as const);

export function Filters({ shown }: { readonly shown: number }) {
  const { store } = usePage();
  const filter = usePageState((state) => state.trace.filter);
  const follow = usePageState((state) => state.trace.follow);
  const format = usePageState((state) => state.trace.format);
  const kept = usePageState((state) => Math.min(state.trace.calls, CALLS_KEPT));
  const calls = usePageState((state) => state.machine.view?.counts.calls);
  const harts = usePageState((state) => state.machine.view?.harts.length ?? state.draft.config.harts);
  const made = LAYERS.reduce((sum, by) => sum + answered(calls, by), 0);
  const set = (change: Partial<TraceFilter>): void => patch(store, 'trace', { filter: { ...filter, ...change } });
  return (
    <div className="trace-filters" role="toolbar" aria-label="Trace">
      <h2 className="heading">Trace</h2>
      <Pick
        label="Extension"
        value={filter.extension}
        options={extensionChoices(calls ?? {}).map((name) => [name, name])}
        onPick={(value) => set({ extension: value as TraceFilter['extension'] })}
      />
      <Pick
        label="Answered by"
        value={filter.by}
        options={LAYERS.map((by) => [by, LAYER_WORDS[by]])}
        onPick={(value) => set({ by: value as TraceFilter['by'] })}
      />
      {harts < 2 ? null : (
        <Pick
          label="Hart"
          value={String(filter.hart)}
          options={Array.from({ length: harts }, (_, hart) => [String(hart), `hart ${hart}`])}
          onPick={(value) => set({ hart: value === 'all' ? 'all' : Number(value) })}
        />
      )}
      <Pick
        label="Result"
        value={filter.outcome}
        options={[['success', 'success'], ['error', 'error'], ...ERRORS]}
        onPick={(value) => set({ outcome: value as TraceFilter['outcome'] })}
      />
      <input
        className="input trace-text"
        type="search"
        placeholder="text"
        aria-label="Text in the call"
        value={filter.text}
        onChange={(event) => set({ text: event.target.value })}
        data-testid="filter-text"
      />
      {isEverything(filter) ? null : (
        <Button small kind="quiet" onClick={() => patch(store, 'trace', { filter: EVERYTHING })}>
          Show all
        </Button>
      )}
      <span className="trace-shown dim" data-testid="trace-count">
        {shownWords(shown, Math.max(shown, kept), Math.max(shown, made), isEverything(filter))}
      </span>
      <Button
        small
        aria-pressed={follow}
        className={follow ? 'pressed' : ''}
        title="Keep the newest call in view"
        onClick={() => patch(store, 'trace', { follow: !follow })}
        data-testid="trace-follow"
      >
        Follow
      </Button>
      <ActionButton action={traceExport(format)} label="Save" small testId="export-trace" />
      <select
        className="select trace-pick"
        aria-label="Form of the saved trace"
        title={TRACE_FORMS[format].says}
        value={format}
        onChange={(event) => patch(store, 'trace', { format: event.target.value as TraceFormat })}
        data-testid="trace-format"
      >
        {Object.entries(TRACE_FORMS).map(([id, { label }]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onPick: (value: string) => void;
}

function Pick({ label, value, options, onPick }: PickProps) {
  return (
    <select
      className={value === 'all' ? 'select trace-pick' : 'select trace-pick set'}
      aria-label={label}
      value={value}
      onChange={(event) => onPick(event.target.value)}
      data-testid={`filter-${label.toLowerCase().replace(' ', '-')}`}
    >
      <option value="all">{label.toLowerCase()}: all</option>
      {options.map(([id, title]) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}
