/** The layers of the machine as they are named and coloured everywhere on the page. */
import type { Answerer } from '../../core/trace/events.ts';

export const LAYERS = ['guest', 'kvm', 'vmm', 'none'] as const satisfies readonly Answerer[];

/** The word for who answered; colour never carries it alone. */
export const LAYER_WORDS: Readonly<Record<Answerer, string>> = {
  guest: 'guest',
  kvm: 'KVM',
  vmm: 'VMM',
  none: 'refused',
};

export function LayerChip({ by }: { readonly by: Answerer }) {
  return <span className={`chip by-${by}`}>{LAYER_WORDS[by]}</span>;
}
