/** Where the configuration contradicts itself: a summary of all, and a line beside each field concerned. */
import { useWarningAt, useWarnings } from './coherence.ts';

/** The number, read out when it changes, and every warning with what Linux does and the way out. */
export function Warnings() {
  const warnings = useWarnings();
  return (
    <div role="status">
      {warnings.length === 0 ? null : (
        <details className="machine-fitted" data-testid="warnings">
          <summary>
            <Mark /> {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}: the configuration
            contradicts itself
          </summary>
          <ul>
            {warnings.map(({ id, fields, says, linux, wayOut }) => (
              <li key={id} data-testid={`warning-${id}`}>
                <b>{fields.join(', ')}:</b> {says} <span className="matrix-linux">{linux}</span> {wayOut}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The warnings of one field, in a line under it; the element of `id`, which describes the control, is always there. */
export function FieldWarning({ field, id }: { readonly field: string; readonly id: string }) {
  const warning = useWarningAt(field);
  return (
    <div id={id} className="field-warning">
      {warning === null ? null : (
        <p data-testid={`warning-at-${field}`}>
          <Mark /> <span className="visually-hidden">Warning: </span>
          {warning}
        </p>
      )}
    </div>
  );
}

/** Beside the name in a row that has no room for words; they are in its title, and in the row's details. */
export function RowWarning({ field }: { readonly field: string }) {
  const warning = useWarningAt(field);
  if (warning === null) return null;
  return (
    <span className="field-warning" title={warning} data-testid={`warning-at-${field}`}>
      <Mark />
      <span className="visually-hidden">Warning: {warning}</span>
    </span>
  );
}

function Mark() {
  return <span aria-hidden="true">⚠</span>;
}
