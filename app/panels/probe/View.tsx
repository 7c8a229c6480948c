/** What a guest can find out about its SBI, beside what was configured. */

import { ActionButton } from '../../actions/action-button.tsx';
import { probe } from '../../actions/program.ts';
import { usePageState } from '../../shell/context.tsx';
import { sameMachine } from '../../state/draft.ts';
import './probe.css';

export function View() {
  const result = usePageState((state) => state.machine.probe);
  const probing = usePageState((state) => state.machine.probing);
  const config = usePageState((state) => state.draft.config);
  const stale = result !== null && !sameMachine(result.config, config);
  const differing = result?.report.rows.filter((row) => !row.agrees).length ?? 0;
  return (
    <div className="probe" data-testid="probe-report">
      <p className="probe-head">
        <ActionButton action={probe} label={result === null ? 'Probe this machine' : 'Probe again'} testId="probe" />
        <span className="dim" role="status">
          {probing ? 'A guest is asking…' : result === null ? '' : wordsFor(differing)}
          {stale ? ' The configuration has changed since.' : ''}
        </span>
      </p>
      {result === null ? (
        <p className="empty">
          A small guest boots on the machine as configured, asks BASE for the version, the identity and every extension,
          and reports what it believes. Your program and its run are not touched.
        </p>
      ) : (
        <table className="probe-table">
          <thead>
            <tr>
              <th scope="col">what</th>
              <th scope="col">configured</th>
              <th scope="col">the guest sees</th>
              <th scope="col">agree</th>
            </tr>
          </thead>
          <tbody>
            {result.report.rows.map((row) => (
              <tr key={row.name} className={row.agrees ? '' : 'differs'} data-testid={`probe-${row.name}`}>
                <th scope="row">{row.name}</th>
                <td>{row.configured}</td>
                <td>{row.guestSees}</td>
                <td>{row.agrees ? 'yes' : 'no'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {result === null ? null : (
        <details>
          <summary>What the guest printed</summary>
          <pre className="mono">{result.report.output}</pre>
        </details>
      )}
    </div>
  );
}

function wordsFor(differing: number): string {
  if (differing === 0) return 'The guest sees what was configured.';
  return differing === 1 ? 'One line differs.' : `${differing} lines differ.`;
}
