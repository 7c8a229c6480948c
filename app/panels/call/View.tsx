/** The card of one call: what each layer did, in its colour. */
import { useMemo } from 'react';
import { openCard } from '../../actions/reference.ts';
import { revealLine } from '../../actions/reveal.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { cardOfCall, cardOfError, nameOfCall, resultOfCall } from '../../state/call-words.ts';
import { lineOf } from '../../state/lines.ts';
import { callBySeq, ioctlsOf } from '../../state/rings.ts';
import { failed } from '../../state/trace-filter.ts';
import { Button } from '../../ui/button.tsx';
import { LayerChip } from '../../ui/chip.tsx';
import { hex } from '../../ui/format.ts';
import { traceTime } from '../trace/select.ts';
import { saysOf, story } from './select.ts';
import './call.css';

export function View() {
  const { rings, store } = usePage();
  const selected = usePageState((state) => state.trace.selected);
  const version = usePageState((state) => state.trace.version);
  const lines = usePageState((state) => state.machine.loaded?.lines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ring behind it changes with the version
  const call = useMemo(
    () => (selected === null ? rings.calls.at(rings.calls.end - 1) : callBySeq(rings.calls, selected)),
    [rings, selected, version],
  );
  const steps = useMemo(() => (call === undefined ? [] : story(call, ioctlsOf(rings.ioctls, call))), [rings, call]);
  if (call === undefined) {
    return (
      <Frame title="The call">
        <p className="empty">
          Select a row of the trace: here it shows what the guest asked, what KVM did, what the VMM did, and what came
          back.
        </p>
      </Frame>
    );
  }
  const line = lineOf(lines ?? [], call.pc);
  const says = saysOf(call);
  const about = cardOfCall(call);
  const aboutError = failed(call) ? cardOfError(call) : null;
  return (
    <Frame title={selected === null ? 'The last call' : 'The call'}>
      <div className="card" data-testid="call-card">
        <p className="card-name">
          <b className="mono">{nameOfCall(call)}</b> <LayerChip by={call.by} />
        </p>
        <p className={failed(call) ? 'card-result failed' : 'card-result'}>
          {resultOfCall(call) === '' ? null : `→ ${resultOfCall(call)}`}
        </p>
        {says === null ? null : <p className="dim">{says}</p>}
        <p className="card-where">
          <span className="dim mono">{traceTime(call.time)}</span>
          {line === null ? (
            <span className="mono">{hex(call.pc)}</span>
          ) : (
            <Button small kind="quiet" className="link" onClick={() => revealLine(store, line)}>
              line {line} <span className="mono dim">{hex(call.pc)}</span>
            </Button>
          )}
          {about === null ? null : (
            <Button small kind="quiet" className="link" onClick={() => openCard(store, about)} data-testid="call-about">
              About this call
            </Button>
          )}
          {aboutError === null ? null : (
            <Button
              small
              kind="quiet"
              className="link"
              onClick={() => openCard(store, aboutError)}
              data-testid="call-about-error"
            >
              About the error
            </Button>
          )}
        </p>
        <ol className="card-steps">
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a call have a fixed order
            <li key={index} className={`card-step by-${step.by}`}>
              <h3>{step.title}</h3>
              {step.lines.map((text) => (
                <p key={text} className="mono">
                  {text}
                </p>
              ))}
            </li>
          ))}
        </ol>
      </div>
    </Frame>
  );
}

function Frame({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className="call" data-region-focus tabIndex={-1}>
      <h2 className="heading call-heading">{title}</h2>
      {children}
    </div>
  );
}
