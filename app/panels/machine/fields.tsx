/** Form fields made from the configuration's own description of them. */
import { type ReactNode, useId } from 'react';
import { FIELDS, type FieldName } from '../../../core/config/index.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { problemOf, textOf, typed } from '../../state/draft.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { FieldWarning } from './Warnings.tsx';

interface FieldProps {
  readonly name: FieldName;
  /** Why it cannot be changed under this interface. */
  readonly fixed?: string | undefined;
}

/** One line: label, control, and the problem under it. */
export function TextField({ name, fixed, placeholder }: FieldProps & { readonly placeholder?: string }) {
  const { store } = usePage();
  const id = useId();
  const text = usePageState((state) => textOf(state.draft, name));
  const problem = usePageState((state) => problemOf(state.draft, name));
  const field = FIELDS[name];
  const { control } = field;
  const mono = control.kind === 'hex' || control.kind === 'integer';
  const unit = control.kind === 'integer' ? control.unit : '';
  const change = (value: string): void => store.setState(({ draft }) => ({ draft: typed(draft, name, value) }));
  const described = `${id}-help ${id}-warning${problem === null ? '' : ` ${id}-problem`}`;
  const shared = {
    id,
    value: text,
    'aria-invalid': problem !== null,
    'aria-describedby': described,
    title: fixed ?? `${field.help} ${field.allowed}`,
    'data-testid': name,
    readOnly: fixed !== undefined,
    spellCheck: false,
    autoComplete: 'off',
  };
  return (
    <div className="field">
      <label htmlFor={id}>{field.label}</label>
      <div className="field-control">
        {control.kind === 'text' && control.multiline ? (
          <textarea {...shared} rows={2} className="input mono area" onChange={(event) => change(event.target.value)} />
        ) : (
          <span className="field-line">
            <input
              {...shared}
              placeholder={placeholder}
              inputMode={control.kind === 'integer' ? 'numeric' : undefined}
              className={mono ? 'input mono' : 'input'}
              onChange={(event) => change(event.target.value)}
            />
            {unit === '' ? null : <span className="dim">{unit}</span>}
          </span>
        )}
        <span id={`${id}-help`} className="visually-hidden">
          {fixed ?? `${field.help} ${field.allowed}`}
        </span>
        {fixed === undefined ? null : (
          <span className="tip field-why" aria-hidden="true">
            {fixed}
          </span>
        )}
        {problem === null ? null : (
          <p id={`${id}-problem`} className="field-error" data-testid={`problem-${name}`}>
            {problem.message} <span className="dim">{problem.hint}</span>
          </p>
        )}
        <FieldWarning field={name} id={`${id}-warning`} />
      </div>
    </div>
  );
}

interface ChoiceFieldProps {
  readonly name: FieldName;
  /** Why an option cannot be chosen, or null. */
  readonly refusal?: (value: string) => string | null;
  readonly onChoose?: (value: string) => void;
  readonly look: 'select' | 'segments';
  /** What is told of the chosen option, where its help is not in the field. */
  readonly about?: ReactNode;
}

export function ChoiceField({ name, refusal, onChoose, look, about }: ChoiceFieldProps) {
  const { store } = usePage();
  const id = useId();
  const value = usePageState((state) => textOf(state.draft, name));
  const problem = usePageState((state) => problemOf(state.draft, name));
  const field = FIELDS[name];
  const { control } = field;
  if (control.kind !== 'choice') return null;
  const chosen = control.options.find((option) => option.value === value);
  const choose =
    onChoose ?? ((next: string): void => store.setState(({ draft }) => ({ draft: typed(draft, name, next) })));
  return (
    <div className="field">
      {look === 'select' ? <label htmlFor={id}>{field.label}</label> : <span aria-hidden="true">{field.label}</span>}
      <div className="field-control">
        {look === 'select' ? (
          <select
            id={id}
            className="select"
            value={value}
            title={field.help}
            aria-describedby={`${id}-warning`}
            onChange={(event) => choose(event.target.value)}
            data-testid={name}
          >
            {control.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        ) : (
          <Segmented
            label={field.label}
            value={value}
            onChange={choose}
            describedBy={`${id}-warning`}
            testId={name === 'sbiVersion' ? 'sbi-version' : name}
            segments={control.options.map((option) => ({
              value: option.value,
              label: option.label,
              title: option.help ?? field.help,
              unavailable: refusal?.(option.value) ?? undefined,
              testId: `${name}-${option.value}`,
            }))}
          />
        )}
        {problem === null ? null : <p className="field-error">{problem.message}</p>}
        {look === 'select' && chosen !== undefined && (chosen.help ?? about) !== undefined ? (
          <details className="dim field-help">
            <summary>About {chosen.label}</summary>
            <p>{chosen.help ?? about}</p>
          </details>
        ) : null}
        <FieldWarning field={name} id={`${id}-warning`} />
      </div>
    </div>
  );
}
