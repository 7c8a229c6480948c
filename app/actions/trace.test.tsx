// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TRACE_FORMATS } from '../../core/trace/formats.ts';
import { Filters } from '../panels/trace/Filters.tsx';
import { download } from '../share/download.ts';
import { patch } from '../state/store.ts';
import { type Rendered, render } from '../testing/render.tsx';
import { TRACE_FORMS, traceExports } from './trace.ts';

vi.mock('../share/download.ts', () => ({ download: vi.fn() }));

let shown: Rendered;
beforeEach(() => vi.mocked(download).mockClear());
afterEach(() => shown.unmount());

async function traced(): Promise<void> {
  shown = await render(<Filters shown={1} />);
  await shown.doing(() => patch(shown.page.store, 'trace', { calls: 1 }));
}

describe('saving the trace', () => {
  it('has an action for every format that there is, and names the file for what it is', async () => {
    await traced();
    expect(Object.keys(TRACE_FORMS).sort()).toEqual([...TRACE_FORMATS].sort());
    for (const action of traceExports) await action.run(shown.page);
    expect(vi.mocked(download).mock.calls).toEqual([
      ['ecall-trace.jsonl', 'trace as json'],
      ['ecall-trace.csv', 'trace as csv'],
      ['ecall-trace.txt', 'trace as ftrace'],
      ['ecall-trace.golden', 'trace as text'],
    ]);
  });

  it('saves in the form that was chosen in the bar of the trace', async () => {
    await traced();
    const choice = shown.find('[data-testid="trace-format"]') as HTMLSelectElement;
    await shown.doing(() => {
      choice.value = 'csv';
      choice.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await shown.doing(() => shown.get('export-trace').click());
    expect(vi.mocked(download).mock.calls).toEqual([['ecall-trace.csv', 'trace as csv']]);
  });

  it('cannot be done before there is a trace', async () => {
    shown = await render(<Filters shown={0} />);
    for (const action of traceExports) {
      expect(action.unavailable?.(shown.page.store.getState())).toBe('There is no trace yet.');
    }
  });
});
