/** Registers and CSRs of a hart; what changed since the last stop is marked, with the old value. */
import { usePage, usePageState } from '../../shell/context.tsx';
import { patch } from '../../state/store.ts';
import { hex } from '../../ui/format.ts';
import { HartPicker } from '../../ui/hart-picker.tsx';
import { Floats } from './Floats.tsx';
import { csrRows, integerRows, type RegisterRow } from './select.ts';
import './registers.css';

export function View() {
  const { store } = usePage();
  const selected = usePageState((state) => state.ui.hart);
  const harts = usePageState((state) => state.machine.view?.harts);
  const before = usePageState((state) => state.machine.before);
  const hart = harts?.[selected] ?? harts?.[0];
  if (hart === undefined) return <p className="empty">Run or step the guest to see the registers of its harts.</p>;
  const old = before.find(({ id }) => id === hart.id);
  return (
    <div className="registers">
      <div className="registers-head">
        <HartPicker harts={harts?.length ?? 1} selected={hart.id} onSelect={(id) => patch(store, 'ui', { hart: id })} />
        <span>
          hart {hart.id}: {hart.privilege === 'S' ? 'VS' : 'VU'}-mode, {hart.hsm}, {hart.activity}
        </span>
      </div>
      <Table title="Integer registers" narrow rows={integerRows(hart, old)} />
      <Floats hart={hart} old={old} />
      <Table title="Supervisor CSRs" rows={csrRows(hart, old)} />
    </div>
  );
}

interface TableProps {
  readonly title: string;
  readonly rows: readonly RegisterRow[];
  /** Names of a few letters, which leave room for the old value. */
  readonly narrow?: boolean;
}

function Table({ title, rows, narrow }: TableProps) {
  return (
    <section aria-label={title}>
      <h2 className="heading registers-title">{title}</h2>
      <ul className={narrow === true ? 'registers-grid narrow' : 'registers-grid'}>
        {rows.map((row) => (
          <li
            key={row.name}
            className={row.old === undefined ? 'register' : 'register changed'}
            data-testid={`reg-${row.name}`}
          >
            <span className="register-name" title={row.number}>
              {row.name}
            </span>
            <span className="register-value">{hex(row.value, 16)}</span>
            {row.old === undefined ? null : (
              <span
                className={
                  row.old < (narrow === true ? LONG_VALUE : LONG_BESIDE_CSR) ? 'register-old' : 'register-old long'
                }
              >
                was {hex(row.old)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
/** Old values up to eight digits stand beside the new one, longer ones under it. */
const LONG_VALUE = 1n << 32n;
/** Beside the longer names of CSRs there is room for four. */
const LONG_BESIDE_CSR = 1n << 16n;
