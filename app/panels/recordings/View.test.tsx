// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../../core/replay/report.ts';
import { actionById } from '../../actions/index.ts';
import { showRecording } from '../../actions/recordings.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { replaysOf } from './replays.ts';
import { View } from './View.tsx';

const row = { line: 1, recorded: 'a', ours: 'a', reason: null, equal: true };
const found = (run: string): RunReport => {
  const wrong = run === 'csr' ? [{ ...row, ours: 'b', equal: false }] : [];
  return {
    run,
    refusal: run === 'multi' ? 'it has two harts' : null,
    files: [{ file: `${run}.txt`, rows: [row, ...wrong] }],
  };
};

let shown: Rendered;
beforeEach(async () => {
  shown = await render(<View />);
  shown.machine.answerReplay(found);
  await until(() => shown.find('[data-testid="recordings-hosts"]') !== null && !state().loading);
});
afterEach(() => shown.unmount());

const state = () => replaysOf(shown.page).state;
const slice = () => shown.page.store.getState().recordings;
const text = (testId: string) => shown.get(testId).textContent ?? '';
const asked = () => shown.machine.asked.filter((name) => name.startsWith('replay'));
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await shown.doing(() => new Promise((resolve) => setTimeout(resolve, 10)));
  expect(holds()).toBe(true);
}
const click = (testId: string) => shown.doing(() => shown.get(testId).click());
const press = (testId: string, key: string) =>
  shown.doing(() => {
    shown.get(testId).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });

describe('the recordings', () => {
  it('list every host with kernel and firmware, and what each run of it does', async () => {
    expect(text('recorded-7.2.13-plain')).toMatch(/Linux 7\.2\.13\S* on OpenSBI 1\.9, SBI 3\.0/);
    await shown.doing(() => showRecording(shown.page.store, '7.2.13-plain', null));
    expect(text('recordings-about')).toContain('riscv-virtio,qemu');
    expect(text('recorded-run-dis-TIME')).toContain('off: TIME');
    expect(asked()).toEqual([]);
  });

  it('replay the runs of a host in the worker, and count what is equal and what is not', async () => {
    await shown.doing(() => showRecording(shown.page.store, '7.2.13-plain', null));
    await click('recordings-host');
    await until(() => state().current === null && asked().length > 0);
    const { runs } = state().hosts.find(({ about }) => about.name === '7.2.13-plain')?.about ?? { runs: [] };
    expect(asked()).toEqual(runs.map(({ name }) => `replay 7.2.13-plain ${name}`));
    expect(text('recorded-run-csr')).toMatch(/1 of 20✕ 1$/);
    expect(text('recorded-run-default')).toMatch(/1 of 100$/);
    expect(text('recorded-run-multi')).toContain('cannot be replayed: it has two harts');
    expect(text('recordings-totals')).toContain('1 different');
    expect(shown.find('[data-testid="recordings-totals"] .recordings-loud')).not.toBeNull();
    expect(shown.machine.closed).toBe(true);
  });

  it('are walked by keyboard: arrows choose a host and a run, Enter opens it, and the way back leads to it', async () => {
    await press('recordings-hosts', 'ArrowDown');
    const [, second] = state().hosts;
    expect(slice().host).toBe(second?.about.name);
    await press('recordings-runs', 'ArrowDown');
    await press('recordings-runs', 'Enter');
    const run = second?.about.runs[1]?.name ?? '';
    expect(slice()).toMatchObject({ host: second?.about.name, run });
    await until(() => state().found.size === 1);
    expect(text('recordings-counts')).toContain('1 equal');
    await press('recordings-lines', 'Escape');
    expect(slice().run).toBeNull();
    expect(document.activeElement).toBe(shown.get('recordings-runs'));
    expect(shown.find('[data-testid="recordings-runs"] [aria-selected="true"]')?.dataset.testid).toBe(
      `recorded-run-${run}`,
    );
  });

  it('replay a run when it is opened, once', async () => {
    const open = (run: string | null) => shown.doing(() => showRecording(shown.page.store, '7.2.13-plain', run));
    await open('default');
    await until(() => state().found.size === 1);
    await open(null);
    await open('default');
    expect(asked()).toEqual(['replay 7.2.13-plain default']);
    await click('recordings-again');
    await until(() => asked().length === 2 && state().current === null);
  });

  it('say that a run cannot be replayed, and that there is no such recording', async () => {
    await shown.doing(() => showRecording(shown.page.store, '7.2.13-plain', 'multi'));
    await until(() => state().found.size === 1);
    expect(text('recordings-run')).toContain('It cannot be replayed: it has two harts.');
    await shown.doing(() => showRecording(shown.page.store, 'no-host', 'x'));
    expect(text('recordings-absent')).toContain('There is no recording no-host/x here.');
  });

  it('make the host of a recording that of the machine, and give back what was there', async () => {
    const before = shown.page.store.getState().draft;
    await shown.doing(() => showRecording(shown.page.store, '6.12.107-q72', null));
    await click('recordings-load');
    expect(shown.page.store.getState().draft.config).toMatchObject({
      interface: 'upstream',
      host: 'linux-6.12-nov01',
      hardware: { marchid: 0x70216n },
      marchid: 0x70216n,
    });
    await shown.doing(() => actionById('bring-back')?.run(shown.page));
    expect(shown.page.store.getState().draft).toBe(before);
  });

  it('stop when another tab is opened, and keep what was found', async () => {
    shown.machine.answerReplay((run) => (run === 'csr' ? null : found(run)));
    await click('recordings-all');
    expect(state().current?.run).toBe('csr');
    const { size } = state().found;
    await shown.show(<p>elsewhere</p>);
    expect([state().current, shown.machine.closed]).toEqual([null, true]);
    await shown.show(<View />);
    expect(text('recordings-totals')).toMatch(new RegExp(`^✓ ${size} runs?,`));
    expect(state().found.size).toBe(size);
  });
});
