// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../core/config/index.ts';
import type { HartView } from '../../../core/protocol/messages.ts';
import { emptyView } from '../../testing/fake-machine.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { View } from './View.tsx';

const hart: HartView = {
  id: 0,
  pc: 0x80200000n,
  privilege: 'S',
  x: Array.from({ length: 32 }, (_, index) => BigInt(index)),
  float: { f: Array.from({ length: 32 }, (_, index) => (index === 10 ? 0x3ff8n << 48n : 0n)), fcsr: 0x21 },
  csrs: [{ name: 'sstatus', value: 3n << 13n }],
  hsm: 'STARTED',
  activity: 'running',
  retired: 0,
  time: 0,
};

let shown: Rendered;
afterEach(() => shown.unmount());

async function stopped(harts: readonly HartView[], isa: readonly string[] = ['F', 'D']): Promise<void> {
  shown = await render(<View />);
  await shown.doing(async () => {
    shown.page.store.setState(({ draft }) => ({ draft: { ...draft, config: { ...defaultConfig(), isa } } }));
    await shown.page.session.step();
    shown.machine.emit('view', { ...emptyView, state: 'paused', harts });
  });
}

describe('the register panel', () => {
  it('shows floating-point registers as doubles, with fcsr, rounding mode, flags and FS by name', async () => {
    await stopped([hart]);
    expect(shown.get('reg-fa0').textContent).toBe('fa0f101.5');
    const fcsr = shown.get('fcsr').textContent;
    for (const words of ['0x21', 'rtz', 'towards zero', 'NX is set', 'NV is clear', 'Dirty'])
      expect(fcsr).toContain(words);
  });

  it('reads them in another format when that is chosen, and says what is not boxed', async () => {
    await stopped([hart]);
    const single = shown.find('[data-testid="float-format"] input[value="single"]');
    await shown.doing(() => single?.click());
    expect(shown.get('reg-fa0').textContent).toContain('not boxed');
    const hex = shown.find('[data-testid="float-format"] input[value="hex"]');
    await shown.doing(() => hex?.click());
    expect(shown.get('reg-fa0').textContent).toContain('0x3ff8000000000000');
  });

  it('offers the formats that the machine has', async () => {
    await stopped([hart], ['F', 'Zfh']);
    const formats = shown.all('[data-testid="float-format"] input').map((input) => input.getAttribute('value'));
    expect(formats).toEqual(['single', 'half', 'hex']);
  });

  it('marks a register that a step changed, with what it was', async () => {
    await stopped([hart]);
    const next = { f: hart.float?.f.map((value, index) => (index === 10 ? 0x4000n << 48n : value)) ?? [], fcsr: 0x21 };
    await shown.doing(async () => {
      await shown.page.session.step();
      shown.machine.emit('view', { ...emptyView, state: 'paused', harts: [{ ...hart, float: next }] });
    });
    expect(shown.get('reg-fa0').className).toContain('changed');
    expect(shown.get('reg-fa0').textContent).toBe('fa0f102was 1.5');
    expect(shown.get('reg-fa1').className).not.toContain('changed');
  });

  it('has no such part for a hart without floating point', async () => {
    await stopped([{ ...hart, float: null }]);
    expect(shown.find('[data-testid="floats"]')).toBeNull();
    expect(shown.get('reg-a0').textContent).toContain('000000000000000a');
  });
});
