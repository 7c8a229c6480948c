// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCard } from '../../actions/reference.ts';
import { patch } from '../../state/store.ts';
import { callEvent } from '../../testing/fake-machine.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { View } from './View.tsx';

let shown: Rendered;
beforeEach(async () => {
  shown = await render(<View />);
});
afterEach(() => shown.unmount());

const press = (key: string) =>
  shown.doing(() => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });
const type = (query: string) => shown.doing(() => patch(shown.page.store, 'reference', { query }));
const link = (name: string) => shown.all('.reference-link').find((button) => button.textContent === name);
const title = () => shown.find('#reference-name')?.textContent;

describe('the reference', () => {
  it('opens what is typed by Enter, and another of the list by arrow keys', async () => {
    await shown.doing(() => shown.get('reference-search').focus());
    await type('hart_st');
    await press('Enter');
    expect(title()).toContain('HSM hart_start');
    await shown.doing(() => shown.get('reference-search').focus());
    await press('ArrowDown');
    const active = shown.get('reference-search').getAttribute('aria-activedescendant');
    expect(document.getElementById(active ?? '')?.textContent).toContain('hart_stop');
    await press('Enter');
    expect(title()).toContain('HSM hart_stop');
    expect(document.activeElement).toBe(shown.get('reference-card'));
  });

  it('leads from a function to its error, to another function, and back', async () => {
    await shown.doing(() => openCard(shown.page.store, 'function/HSM.hart_start'));
    await shown.doing(() => link('-6 ALREADY_AVAILABLE')?.click());
    expect(title()).toContain('ALREADY_AVAILABLE');
    await shown.doing(() => link('HSM hart_start')?.click());
    expect(title()).toContain('HSM hart_start');
    await shown.doing(() => shown.get('reference-back').click());
    expect(title()).toContain('ALREADY_AVAILABLE');
  });

  it('has the named values of an argument as a list', async () => {
    await shown.doing(() => openCard(shown.page.store, 'function/SRST.system_reset'));
    const lists = shown.all('.reference-values').map((list) => [...list.children].map((item) => item.textContent));
    expect(lists).toEqual([
      ['0 SHUTDOWN', '1 COLD_REBOOT', '2 WARM_REBOOT'],
      ['0 NONE', '1 SYSTEM_FAILURE'],
    ]);
  });

  it('counts what was seen and narrows the trace to it', async () => {
    const { rings, store } = shown.page;
    rings.addCall(callEvent(0));
    rings.addCall(callEvent(1, { eid: 0x48534dn, fid: 2n }));
    await shown.doing(() => openCard(store, 'function/DBCN.console_write'));
    expect(shown.get('reference-count').textContent).toBe('1 call so far');
    await shown.doing(() => shown.get('reference-show').click());
    expect(store.getState().trace.filter).toMatchObject({ extension: 'DBCN', text: 'console_write(' });
    await shown.doing(() => openCard(store, 'errno/EBUSY'));
    await shown.doing(() => shown.get('reference-show').click());
    expect(store.getState().trace.ioctlFilter).toMatchObject({ text: '-EBUSY', focus: true });
    expect(store.getState().ui.tab).toBe('ioctls');
  });

  it('says so when there is nothing to tell', async () => {
    await shown.doing(() => openCard(shown.page.store, 'register/0x1'));
    expect(shown.get('reference').textContent).toContain('nothing to tell of 0x1');
    await type('no such thing');
    expect(shown.get('reference').textContent).toContain('Nothing of that name');
  });
});
