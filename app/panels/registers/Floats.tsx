/** Floating-point registers as the user wants them read, with rounding mode, flags and the state of FS by name. */
import { useState } from 'react';
import type { HartView } from '../../../core/protocol/messages.ts';
import { usePageState } from '../../shell/context.tsx';
import { hex } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { type FcsrWords, type FloatFormat, type FloatRow, fcsrWords, floatRows, formatsOf, fsState } from './float.ts';

interface FloatsProps {
  readonly hart: HartView;
  readonly old: HartView | undefined;
}

/** Nothing for a hart without floating point. */
export function Floats({ hart, old }: FloatsProps) {
  const isa = usePageState((state) => state.machine.loaded?.config.isa);
  const formats = formatsOf(isa ?? []);
  const [chosen, setChosen] = useState<FloatFormat | null>(null);
  const fcsr = fcsrWords(hart, old);
  if (fcsr === null) return null;
  const format = formats.find(({ value }) => value === chosen)?.value ?? formats[0]?.value ?? 'hex';
  return (
    <section aria-label="Floating-point registers" data-testid="floats">
      <div className="registers-float-head">
        <h2 className="heading registers-title">Floating-point registers</h2>
        <Segmented
          small
          label="Read floating-point registers as"
          value={format}
          segments={formats}
          onChange={setChosen}
          testId="float-format"
        />
      </div>
      <Fcsr words={fcsr} fs={fsState(hart)} />
      <ul className="registers-grid narrow">
        {floatRows(hart, old, format).map((row) => (
          <Register key={row.name} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Register({ row }: { readonly row: FloatRow }) {
  return (
    <li
      className={row.old === undefined ? 'register float' : 'register float changed'}
      data-testid={`reg-${row.name}`}
      title={`${row.number} = ${hex(row.raw, 16)}`}
    >
      <span className="register-name">{row.name}</span>
      <span className="register-number">{row.number}</span>
      <span className="register-value">
        {row.text}
        {row.note === null ? null : <span className="register-note"> {row.note}</span>}
      </span>
      {row.old === undefined ? null : <span className="register-old">was {row.old}</span>}
    </li>
  );
}

function Fcsr({ words, fs }: { readonly words: FcsrWords; readonly fs: ReturnType<typeof fsState> }) {
  return (
    <dl className={words.old === undefined ? 'fcsr' : 'fcsr changed'} data-testid="fcsr">
      <div>
        <dt>fcsr</dt>
        <dd>
          <code>{hex(words.value, 2)}</code>
          {words.old === undefined ? null : <span className="register-old"> was {hex(words.old, 2)}</span>}
        </dd>
      </div>
      <div>
        <dt>frm</dt>
        <dd>
          <code>{words.mode}</code> <span className="dim">{words.modeSays}</span>
        </dd>
      </div>
      <div>
        <dt>fflags</dt>
        <dd className="flags">
          {words.flags.map(({ name, says, set }) => (
            <abbr key={name} className={set ? 'flag set' : 'flag'} title={says}>
              {name}
              <span className="visually-hidden">{set ? ' is set' : ' is clear'}</span>
            </abbr>
          ))}
        </dd>
      </div>
      {fs === null ? null : (
        <div>
          <dt>sstatus.FS</dt>
          <dd>
            {fs.name} <span className="dim">{fs.says}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
