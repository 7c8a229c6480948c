// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VMM_PROFILES } from '../../../core/vmm/profiles/index.ts';
import { withPlatform } from '../../state/draft.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { View } from './View.tsx';

let shown: Rendered;
beforeEach(async () => {
  shown = await render(<View />);
  await shown.doing(() =>
    shown.page.store.setState(({ draft }) => ({ draft: withPlatform(draft, { interface: 'upstream' }) })),
  );
});
afterEach(() => shown.unmount());

const choose = (name: string): Promise<void> =>
  shown.doing(() => {
    const select = shown.get('vmm') as HTMLSelectElement;
    select.value = name;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });

describe('the choice of a VMM', () => {
  it('offers every VMM, with what is known of the one that is chosen', async () => {
    const options = shown.all('[data-testid="vmm"] option').map((option) => option.textContent);
    expect(options).toEqual(VMM_PROFILES.map(({ label }) => label));
    await choose('kvmtool');
    expect(document.body.textContent).toContain('About kvmtool');
    await vi.waitFor(async () => {
      await shown.doing(() => undefined);
      expect(document.body.textContent).toContain('dumps the exit and ends the whole VM');
    });
  });

  it('leaves the modes that the VMM has, and says at each other one why not', async () => {
    await choose('qemu');
    expect(shown.page.store.getState().draft.config.sbi.SUSP).toBe('off');
    const refused = shown.get('mode-SUSP-vmm');
    expect(refused.getAttribute('aria-disabled')).toBe('true');
    expect(refused.closest('label')?.textContent).toContain('QEMU does not serve SUSP and has no switch to enable it.');
    await choose('ecall');
    expect(shown.page.store.getState().draft.config.sbi.SUSP).toBe('vmm');
  });
});
