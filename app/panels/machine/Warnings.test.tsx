// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coherenceOf } from '../../../core/config/coherence.ts';
import type { Config } from '../../../core/config/index.ts';
import { typed, withFile, withIsa, withMode } from '../../state/draft.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { View } from './View.tsx';

let shown: Rendered;
beforeEach(async () => {
  shown = await render(<View />);
});
afterEach(() => shown.unmount());

const config = (): Config => shown.page.store.getState().draft.config;

/** The rules are loaded when they are wanted first. */
const warned = (): Promise<void> =>
  vi.waitFor(async () => {
    await shown.doing(() => undefined);
    shown.get('warnings');
  });

async function withoutHsm(): Promise<void> {
  await shown.doing(() =>
    shown.page.store.setState(({ draft }) => ({ draft: withMode(typed(draft, 'harts', '4'), 'HSM', 'off') })),
  );
  await warned();
}

describe('the warnings of the machine panel', () => {
  it('are not there when the configuration agrees with itself', () => {
    expect(shown.all('[data-testid^="warning"]')).toEqual([]);
  });

  it('are counted in words, in a part that is read out, with what Linux does and the way out', async () => {
    await withoutHsm();
    const summary = shown.get('warnings');
    expect(summary.closest('[role="status"]')).not.toBeNull();
    expect(summary.querySelector('summary')?.textContent).toContain('2 warnings');
    const [first] = coherenceOf(config());
    const text = shown.get('warning-hsm-missing').textContent;
    for (const words of [first?.says, first?.linux, first?.wayOut, 'sbi.HSM, harts']) expect(text).toContain(words);
  });

  it('stand beside the fields concerned and describe their controls', async () => {
    await withoutHsm();
    const beside = shown.get('warning-at-harts');
    expect(beside.textContent).toContain('no HSM');
    const described = shown.get('harts').getAttribute('aria-describedby')?.split(' ');
    expect(described).toContain(beside.parentElement?.id);
    expect(shown.get('warning-at-sbi.HSM').textContent).toContain('Warning: There are several harts');
    expect(shown.find('[data-testid="warning-at-sbi.IPI"]')).toBeNull();
  });

  it('stand beside answers to probes that are not true, once the VMM gives them', async () => {
    const field = () => shown.get('probes').closest('.field');
    await shown.doing(() => shown.page.store.setState(({ draft }) => ({ draft: typed(draft, 'probes', 'HSM=0') })));
    expect(field()?.textContent).toContain('let the VMM answer BASE');
    await shown.doing(() => shown.page.store.setState(({ draft }) => ({ draft: withMode(draft, 'BASE', 'vmm') })));
    await warned();
    expect(config().probes).toEqual({ HSM: 0n });
    expect(field()?.textContent).toContain('The answer to a probe of HSM is the opposite of what is there.');
    expect(field()?.textContent).not.toContain('let the VMM answer BASE');
    expect(shown.find('[data-testid="warning-at-sbi.HSM"]')).not.toBeNull();
  });

  it('are told in the details of a row, which its button opens', async () => {
    await withoutHsm();
    const row = shown.get('warning-at-sbi.HSM').closest('li');
    await shown.doing(() => row?.querySelector<HTMLElement>('.matrix-name')?.click());
    expect(row?.querySelector('dl .field-warning')?.textContent).toContain('no HSM');
  });

  it('go once the contradiction is repaired', async () => {
    await withoutHsm();
    await shown.doing(() => shown.get('mode-HSM-kvm').click());
    expect(shown.all('[data-testid^="warning"]')).toEqual([]);
  });

  it('say 1 warning for one', async () => {
    await shown.doing(() => shown.get('mode-SRST-off').click());
    await warned();
    expect(shown.get('warnings').querySelector('summary')?.textContent).toContain('1 warning:');
  });

  it('look at the guest that Run would take: an image wants an ISA that a program does not', async () => {
    await shown.doing(() => shown.page.store.setState(({ draft }) => ({ draft: withIsa(draft, 'C', false) })));
    expect(shown.find('[data-testid="warnings"]')).toBeNull();
    await shown.doing(() =>
      shown.page.store.setState(({ draft }) => ({ draft: withFile(draft, 'Image', Uint8Array.of(0)) })),
    );
    await warned();
    expect(shown.get('warning-at-isa').textContent).toContain('lack C');
  });
});
