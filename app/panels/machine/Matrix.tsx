/** The matrix: who answers each SBI extension, what Linux does, and who answered so far. */
import { memo, useId, useState } from 'react';
import type { Platform } from '../../../core/config/index.ts';
import type { SbiExtension } from '../../../core/sbi/types.ts';

import { openCard } from '../../actions/reference.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { withMode } from '../../state/draft.ts';
import { Button } from '../../ui/button.tsx';
import { LAYER_WORDS, LAYERS } from '../../ui/chip.tsx';
import { grouped } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { useWarningAt } from './coherence.ts';
import { linuxDoes } from './linux.ts';
import { eidWords, matrixGroups, modeReasons, modeSegments, rowCounts, titleBeside, unknownCounts } from './select.ts';
import { RowWarning } from './Warnings.tsx';

const GROUPS = matrixGroups();

export function Matrix() {
  return (
    <section aria-labelledby="matrix-heading" className="machine-section">
      <div className="machine-heading">
        <h2 id="matrix-heading" className="heading">
          SBI extensions
        </h2>
        <span className="heading matrix-legend" aria-hidden="true">
          calls so far · who answers
        </span>
      </div>
      {GROUPS.map((group) => (
        <div key={group.category}>
          <h3 className="matrix-group">
            {group.title}
            {group.rows.length === 0 ? <span className="dim"> has no extension in SBI 3.0</span> : null}
          </h3>
          <ul>
            {group.rows.map((row) => (
              <Row key={row.name} extension={row} />
            ))}
          </ul>
        </div>
      ))}
      <UnknownRows />
    </section>
  );
}

const Row = memo(function Row({ extension }: { readonly extension: SbiExtension }) {
  const { name, title } = extension;
  const { store } = usePage();
  const [open, setOpen] = useState(false);
  const id = useId();
  const mode = usePageState((state) => state.draft.config.sbi[name]);
  const kvm = usePageState((state) => state.draft.config.interface);
  const host = usePageState((state) => state.draft.config.host);
  const vmm = usePageState((state) => state.draft.config.vmm);
  const built = usePageState((state) => state.machine.loaded?.config.sbi[name]);
  const changed = built !== undefined && built !== mode;
  return (
    <li className={changed ? 'matrix-row changed' : 'matrix-row'}>
      <div className="matrix-line">
        <button
          type="button"
          className="matrix-name"
          aria-expanded={open}
          aria-controls={id}
          aria-describedby={`${id}-tip`}
          onClick={() => setOpen(!open)}
        >
          {name}
          <span className="visually-hidden">: what it is and what Linux does</span>
        </button>
        {open ? null : (
          <span id={`${id}-tip`} role="tooltip" className="tip matrix-tip">
            <b>{title}.</b> {extension.says} <span className="matrix-linux">Linux: {linuxDoes(host, name)}</span>
          </span>
        )}
        <RowWarning field={`sbi.${name}`} />
        <span className="matrix-title">{titleBeside(name, title)}</span>
        <Counts name={name} />
        <Segmented
          small
          label={`${name}: who answers`}
          value={mode}
          segments={modeSegments({ interface: kvm, host, vmm }, name)}
          onChange={(next) => store.setState(({ draft }) => ({ draft: withMode(draft, name, next) }))}
        />
      </div>
      {open ? (
        <Detail id={id} extension={extension} platform={{ interface: kvm, host, vmm }} />
      ) : (
        <div id={id} hidden />
      )}
    </li>
  );
});

function Counts({ name }: { readonly name: SbiExtension['name'] }) {
  const counts = usePageState((state) => rowCounts(state.machine.view?.counts, name));
  return (
    <span className="matrix-counts">
      {LAYERS.map((by) => (
        <span
          key={by}
          className={`matrix-count by-${by} ${counts[by] === 0 ? 'zero' : ''}`}
          title={`${LAYER_WORDS[by]}: ${grouped(counts[by])}`}
          data-testid={`count-${name}-${by}`}
        >
          <span className="visually-hidden">{LAYER_WORDS[by]} </span>
          {grouped(counts[by])}
        </span>
      ))}
    </span>
  );
}

interface DetailProps {
  readonly id: string;
  readonly extension: SbiExtension;
  readonly platform: Platform;
}

function Detail({ id, extension, platform }: DetailProps) {
  const { store } = usePage();
  const reasons = modeReasons(platform, extension.name);
  const warning = useWarningAt(`sbi.${extension.name}`);
  return (
    <dl id={id} className="matrix-detail">
      <div>
        <dt>{extension.title}</dt>
        <dd>{extension.says}</dd>
      </div>
      <div>
        <dt>Linux</dt>
        <dd>{linuxDoes(platform.host, extension.name)}</dd>
      </div>
      {warning === null ? null : (
        <div className="field-warning">
          <dt>Warning</dt>
          <dd>{warning}</dd>
        </div>
      )}
      {reasons.map((reason) => (
        <div key={reason}>
          <dt>Why not</dt>
          <dd>{reason}</dd>
        </div>
      ))}
      {extension.hot === null ? null : (
        <div>
          <dt>Hot path</dt>
          <dd>{extension.hot}</dd>
        </div>
      )}
      <div>
        <dt>Specification</dt>
        <dd>
          chapter {extension.chapter}, since SBI {extension.since}, <span className="mono">{eidWords(extension)}</span>,{' '}
          {Object.keys(extension.functions).length} functions
        </dd>
      </div>
      <div>
        <dt>Reference</dt>
        <dd>
          <Button
            small
            kind="quiet"
            className="link"
            onClick={() => openCard(store, `extension/${extension.name}`)}
            data-testid={`about-${extension.name}`}
          >
            Functions and errors of {extension.name}
          </Button>
        </dd>
      </div>
    </dl>
  );
}

function UnknownRows() {
  const counts = usePageState((state) => state.machine.view?.counts);
  const rows = unknownCounts(counts);
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className="matrix-group">Unknown ids</h3>
      <ul>
        {rows.map(([name, row]) => (
          <li key={name} className="matrix-row">
            <div className="matrix-line">
              <span className="matrix-name mono">{name}</span>
              <span className="matrix-title" />
              <span className="matrix-counts">
                {LAYERS.filter((by) => row[by] > 0).map((by) => (
                  <span key={by} className={`matrix-count by-${by}`} title={`${LAYER_WORDS[by]}: ${grouped(row[by])}`}>
                    <span className="visually-hidden">{LAYER_WORDS[by]} </span>
                    {grouped(row[by])}
                  </span>
                ))}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
