/** The strip of the three layers: who is asked, how often, at what cost. */
import { useEffect, useMemo, useRef } from 'react';
import { FIELDS, type KvmInterface } from '../../../core/config/index.ts';
import { usePageState } from '../../shell/context.tsx';
import { flowWords } from './select.ts';
import './flow.css';

export function View() {
  const draft = usePageState((state) => state.draft.config);
  const loaded = usePageState((state) => state.machine.loaded?.config);
  const view = usePageState((state) => state.machine.view);
  const config = loaded ?? draft;
  const words = useMemo(() => flowWords(config, view), [config, view]);
  const { control } = FIELDS.host;
  const host = control.kind === 'choice' ? control.options.find((option) => option.value === config.host)?.label : '';
  return (
    <section className="flow" aria-label="Layers" data-testid="flow">
      <Layer by="guest" name="Guest" what="VS-mode" says={words.guest} />
      <Wire from="guest" to="kvm" {...words.traps} />
      <Layer by="kvm" name="KVM" what={`the kernel, ${host}${BEYOND[config.interface]}`} says={words.kvm} />
      <Wire from="kvm" to="vmm" {...words.exits} />
      <Layer by="vmm" name="VMM" what={words.userSpace} says={words.vmm} />
    </section>
  );
}

/** What the chosen interface adds to the host's Linux. */
const BEYOND: Readonly<Record<KvmInterface, string>> = {
  upstream: '',
  userspace: ' + proposal',
  accelerator: ' + WHAT-IF',
};

interface LayerProps {
  readonly by: 'guest' | 'kvm' | 'vmm';
  readonly name: string;
  readonly what: string;
  readonly says: string;
}

function Layer({ by, name, what, says }: LayerProps) {
  return (
    <div className={`flow-layer by-${by}`} data-testid={`flow-${by}`}>
      <p>
        <b>{name}</b> <span className="flow-role">{what}</span>
      </p>
      <p className="flow-says">{says}</p>
    </div>
  );
}

interface WireProps {
  readonly from: 'guest' | 'kvm';
  readonly to: 'kvm' | 'vmm';
  readonly count: number;
  readonly words: string;
  readonly cost: string;
}

const PULSE_MS = 600;

function Wire({ from, to, count, words, cost }: WireProps) {
  const pulse = useRef<HTMLElement>(null);
  const before = useRef(count);
  useEffect(() => {
    const grew = count > before.current;
    before.current = count;
    const dot = pulse.current;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (!grew || dot === null || still || dot.getAnimations().length > 0) return;
    dot.animate(
      [
        { left: '0%', opacity: 0 },
        { left: '50%', opacity: 1 },
        { left: '100%', opacity: 0 },
      ],
      { duration: PULSE_MS, easing: 'ease-in-out' },
    );
  }, [count]);
  return (
    <div className="flow-wire">
      <span data-testid={`flow-${from}-${to}`}>{words}</span>
      <span
        className="flow-line"
        style={{ background: `linear-gradient(90deg, var(--${from}), var(--${to}))` }}
        aria-hidden="true"
      >
        <i ref={pulse} style={{ background: `var(--${to})` }} />
      </span>
      <span className="flow-cost">{cost}</span>
    </div>
  );
}
