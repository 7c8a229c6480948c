/** The machine: host, identity, harts, costs and the matrix of SBI extensions. */
import { lazy, Suspense } from 'react';
import { FIELDS, identityRefusal, misalignedRefusal, type Platform } from '../../../core/config/index.ts';
import type { MisalignedBy } from '../../../core/kvm/profiles/index.ts';
import type { VmmName } from '../../../core/vmm/profiles/index.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { InterfaceSwitch, SWITCH_FITS_HEADER } from '../../shell/InterfaceSwitch.tsx';
import { useMedia } from '../../shell/media.ts';
import { withIsa, withPlatform } from '../../state/draft.ts';
import { isChanged } from '../../state/machine.ts';
import { ChoiceField, TextField } from './fields.tsx';
import { Matrix } from './Matrix.tsx';
import { isImplied } from './select.ts';
import { FieldWarning, Warnings } from './Warnings.tsx';
import './machine.css';

const VmmWords = lazy(() => import('./VmmWords.tsx').then((module) => ({ default: module.VmmWords })));

export function View() {
  const inHeader = useMedia(SWITCH_FITS_HEADER);
  return (
    <div className="machine" data-region-focus tabIndex={-1}>
      <Changed />
      <Warnings />
      {inHeader ? null : (
        <div className="machine-interface">
          <InterfaceSwitch />
        </div>
      )}
      <IdentitySection />
      <Matrix />
      <MachineSection />
      <HardwareSection />
      <CostsSection />
      <StartSection />
    </div>
  );
}

function Changed() {
  const changed = usePageState((state) => isChanged(state.machine, state.draft));
  const fitted = usePageState((state) => state.draft.fitted);
  return (
    <div role="status">
      {changed ? (
        <p className="machine-changed" data-testid="changed">
          changed: Run applies it
        </p>
      ) : null}
      {fitted.length === 0 ? null : (
        <details className="machine-fitted">
          <summary>
            {fitted.length === 1 ? '1 setting' : `${fitted.length} settings`} fitted to this interface and host
          </summary>
          <ul>
            {fitted.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function MachineSection() {
  return (
    <section aria-labelledby="harts-heading" className="machine-section">
      <h2 id="harts-heading" className="heading machine-heading">
        Harts and memory
      </h2>
      <TextField name="harts" />
      <TextField name="memory" />
      <Isa />
    </section>
  );
}

function Isa() {
  const { store } = usePage();
  const isa = usePageState((state) => state.draft.config.isa);
  const problem = usePageState((state) => state.draft.problems.find(({ field }) => field.startsWith('isa')));
  const { control, label, help } = FIELDS.isa;
  if (control.kind !== 'set') return null;
  return (
    <fieldset className="field isa" aria-describedby="isa-help isa-warning">
      <legend className="isa-legend">{label}</legend>
      <span id="isa-help" className="visually-hidden">
        {help}
      </span>
      <div className="isa-toggles">
        {control.options
          .filter((option) => !isImplied(option.value, isa))
          .map((option) => (
            <label key={option.value} className="isa-toggle" title={option.help ?? option.label}>
              <input
                type="checkbox"
                checked={isa.includes(option.value)}
                onChange={(event) => {
                  const on = event.target.checked;
                  store.setState(({ draft }) => ({ draft: withIsa(draft, option.value, on) }));
                }}
                data-testid={`isa-${option.value}`}
              />
              {option.value}
            </label>
          ))}
      </div>
      {problem === undefined ? null : (
        <p className="field-error" role="alert">
          {problem.message} <span className="dim">{problem.hint}</span>
        </p>
      )}
      <FieldWarning field="isa" id="isa-warning" />
    </fieldset>
  );
}

function IdentitySection() {
  const { store } = usePage();
  const kvm = usePageState((state) => state.draft.config.interface);
  const host = usePageState((state) => state.draft.config.host);
  const base = usePageState((state) => state.draft.config.sbi.BASE);
  const version = usePageState((state) => state.draft.config.sbiVersion);
  const vmm = usePageState((state) => state.draft.config.vmm);
  const fixed = identityRefusal(kvm, host, base);
  const choose = (change: Partial<Platform>): void =>
    store.setState(({ draft }) => ({ draft: withPlatform(draft, change) }));
  return (
    <section aria-labelledby="identity-heading" className="machine-section">
      <h2 id="identity-heading" className="heading machine-heading">
        Identity
      </h2>
      <ChoiceField name="host" look="select" onChoose={(host) => choose({ host })} />
      <ChoiceField
        name="vmm"
        look="select"
        onChoose={(vmm) => choose({ vmm: vmm as VmmName })}
        about={
          <Suspense fallback="Loading…">
            <VmmWords name={vmm} />
          </Suspense>
        }
      />
      <ChoiceField name="sbiVersion" look="segments" refusal={(other) => (other === version ? null : fixed)} />
      <TextField name="implId" fixed={fixed ?? undefined} />
      <TextField name="implVersion" fixed={fixed ?? undefined} />
      <TextField name="mvendorid" />
      <TextField name="marchid" />
      <TextField name="mimpid" />
      <TextField name="probes" placeholder="HSM=0 SRST=1" />
    </section>
  );
}

function HardwareSection() {
  const host = usePageState((state) => state.draft.config.host);
  return (
    <section aria-labelledby="hardware-heading" className="machine-section">
      <h2 id="hardware-heading" className="heading machine-heading">
        Machine of the host
      </h2>
      <ChoiceField name="hardware.aia" look="segments" />
      <ChoiceField name="hardware.satpMode" look="segments" />
      <ChoiceField
        name="hardware.misaligned"
        look="segments"
        refusal={(misaligned) => misalignedRefusal({ host, hardware: { misaligned: misaligned as MisalignedBy } })}
      />
      <TextField name="hardware.mvendorid" />
      <TextField name="hardware.marchid" />
      <TextField name="hardware.mimpid" />
    </section>
  );
}

function CostsSection() {
  return (
    <section aria-labelledby="costs-heading" className="machine-section">
      <h2 id="costs-heading" className="heading machine-heading">
        Costs
      </h2>
      <TextField name="costs.trapNs" />
      <TextField name="costs.exitNs" />
      <TextField name="costs.instructionsPerTick" />
      <TextField name="neighbours" />
    </section>
  );
}

function StartSection() {
  return (
    <section aria-labelledby="start-heading" className="machine-section">
      <h2 id="start-heading" className="heading machine-heading">
        Start
      </h2>
      <TextField name="bootargs" />
      <TextField name="input" />
    </section>
  );
}
