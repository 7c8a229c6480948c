// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHOICES, combined } from '../../../core/config/combination.ts';
import { INTERFACES } from '../../../core/config/index.ts';
import { actionById } from '../../actions/index.ts';
import { typed, withSource } from '../../state/draft.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { surveyWith } from '../../testing/surveys.ts';
import { withCombination } from './load.ts';
import { combinations } from './select.ts';
import { View } from './View.tsx';

let shown: Rendered;
beforeEach(async () => {
  shown = await render(<p>before</p>);
  shown.machine.answerSurvey(({ vmm }) =>
    vmm === 'crosvm'
      ? { starts: false, words: 'crosvm does not start', hint: 'take another' }
      : surveyWith({ TIME: { kind: 'present', by: 'kvm' }, VENDOR: { kind: 'stops', words: 'it stops' } }),
  );
});
afterEach(() => shown.unmount());

const draft = () => shown.page.store.getState().draft;
const cell = (name: string) => shown.get(`cell-${name}`);
const key = (name: string): Promise<void> =>
  shown.doing(() => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
  });
const allRan = async (): Promise<void> => {
  await shown.show(<View />);
  for (let i = 0; i < 200 && shown.get('matrix-progress').textContent !== 'All have run.'; i++)
    await shown.doing(() => new Promise((resolve) => setTimeout(resolve)));
};

describe('the matrix', () => {
  it('fills its cells as guests have run, with a sign and a sentence each', async () => {
    await allRan();
    expect(cell('linux-7.2-qemu').textContent).toBe('1 ✕1');
    expect(cell('linux-5.17-crosvm').getAttribute('aria-label')).toBe(
      'Linux 5.17, crosvm: Crosvm does not start: take another.',
    );
    expect(shown.machine.asked.filter((name) => name.startsWith('survey'))).toHaveLength(130);
  });

  it('shows another extension of what was found without running guests again', async () => {
    await allRan();
    const before = shown.machine.asked.length;
    await shown.doing(() => {
      const select = shown.get('matrix-topic') as HTMLSelectElement;
      select.value = 'VENDOR';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(cell('linux-7.2-qemu').textContent).toBe('✕ stops');
    expect(shown.machine.asked).toHaveLength(before);
  });

  it('has one stop in the tab order, and arrows move it', async () => {
    await allRan();
    const stops = () => shown.all('[role="gridcell"][tabindex="0"]').map((one) => one.dataset.testid);
    expect(stops()).toEqual(['cell-linux-7.2-ecall']);
    await shown.doing(() => cell('linux-7.2-ecall').focus());
    await key('ArrowRight');
    await key('ArrowDown');
    expect([stops(), (document.activeElement as HTMLElement).dataset.testid]).toEqual([
      ['cell-linux-7.1-qemu'],
      'cell-linux-7.1-qemu',
    ]);
    expect(shown.get('matrix-detail').textContent).toContain('Linux 7.1 under QEMU reports SBI 2.0');
  });

  it('makes the combination of a cell the machine on Enter, and gives back what was there', async () => {
    await shown.doing(() =>
      shown.page.store.setState((state) => ({
        draft: typed(withSource(typed(state.draft, 'mvendorid', '0x489'), 'own: j own'), 'harts', '3'),
      })),
    );
    const before = draft();
    await allRan();
    await shown.doing(() => cell('linux-7.2-ecall').focus());
    await key('ArrowRight');
    await key('Enter');
    const platform = { interface: 'upstream', host: 'linux-7.2', vmm: 'qemu' } as const;
    const { sbi, mvendorid } = combined(platform, 'most');
    expect(draft().config).toMatchObject({ ...platform, sbi, mvendorid, harts: 3 });
    expect(draft().source).toBe('own: j own');
    await shown.doing(() => cell('linux-6.6-kvmtool').click());
    expect(draft().config).toMatchObject({ host: 'linux-6.6', vmm: 'kvmtool' });
    await shown.doing(() => actionById('bring-back')?.run(shown.page));
    expect(draft()).toBe(before);
  });

  it('opens with all that can be answered, and runs other guests for combinations as they come', async () => {
    await allRan();
    expect((shown.get('matrix-most') as HTMLInputElement).checked).toBe(true);
    const before = shown.machine.asked.length;
    await shown.doing(() => shown.get('matrix-default').click());
    await allRan();
    expect(shown.machine.asked).toHaveLength(2 * before);
    await shown.doing(() => cell('linux-7.2-ecall').click());
    expect(draft().config.sbi.MPXY).toBe('off');
    await shown.doing(() => shown.get('matrix-most').click());
    await shown.doing(() => cell('linux-7.2-ecall').click());
    expect(draft().config.sbi.MPXY).toBe('vmm');
  });

  it.each(INTERFACES)('makes exactly the configuration that was run the machine, of every cell under %s', (kvm) => {
    for (const legacy of [true, false])
      for (const choice of CHOICES)
        for (const one of combinations(kvm, legacy, choice)) {
          const { config, fitted } = withCombination(draft(), one);
          expect([{ ...config, guest: draft().config.guest }, fitted]).toEqual([
            { ...combined(one, choice), guest: draft().config.guest },
            [],
          ]);
        }
  });

  it('keeps what it has found while another tab is open, and ends its thread', async () => {
    await allRan();
    const before = shown.machine.asked.length;
    await shown.show(<p>elsewhere</p>);
    expect(shown.machine.closed).toBe(true);
    await shown.show(<View />);
    expect(cell('linux-7.2-qemu').textContent).toBe('1 ✕1');
    expect(shown.machine.asked).toHaveLength(before);
  });
});
