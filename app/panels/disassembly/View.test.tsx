// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HartView } from '../../../core/protocol/messages.ts';
import { succeeded } from '../../../core/protocol/wire.ts';
import { emptyView } from '../../testing/fake-machine.ts';
import { type Rendered, render } from '../../testing/render.tsx';
import { View } from './View.tsx';

const PC = 0x80200000n;
/** c.addi a0, 1; ecall; csrr t0, sepc: as GNU as encodes them. */
const CODE = Uint8Array.of(0x05, 0x05, 0x73, 0, 0, 0, 0xf3, 0x22, 0x10, 0x14);

const hart: HartView = {
  id: 0,
  pc: PC,
  privilege: 'S',
  x: Array.from({ length: 32 }, (_, index) => (index === 10 ? 0x77n : 0n)),
  float: null,
  csrs: [{ name: 'sepc', value: 0xabcn }],
  hsm: 'STARTED',
  activity: 'running',
  retired: 0,
  time: 0,
};

let shown: Rendered;
beforeEach(async () => {
  vi.useFakeTimers();
  shown = await render(<View />);
  vi.spyOn(shown.machine.client, 'readMemory').mockResolvedValue(succeeded(CODE));
  await shown.doing(async () => {
    await shown.page.session.step();
    shown.machine.emit('view', { ...emptyView, state: 'paused', harts: [hart] });
    await vi.advanceTimersByTimeAsync(50);
  });
});
afterEach(() => {
  shown.unmount();
  vi.useRealTimers();
});

const rows = () => shown.all('.instruction-text');
const card = () => shown.find('[data-testid="explain"]');
const press = (key: string) =>
  shown.doing(() => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });

describe('the disassembly', () => {
  it('is reached by one Tab stop, at the pc, and walked through by arrow keys', async () => {
    expect(rows().map((row) => row.tabIndex)).toEqual([0, -1, -1]);
    await shown.doing(() => rows()[0]?.focus());
    await press('ArrowDown');
    expect(document.activeElement).toBe(rows()[1]);
    await press('End');
    await press('ArrowDown');
    expect(document.activeElement).toBe(rows()[2]);
  });

  it('explains the instruction that has the focus: meaning, encoding, operands with what they hold, effect', async () => {
    await shown.doing(() => rows()[0]?.focus());
    const text = card()?.textContent ?? '';
    for (const words of ['stands for', 'addi', 'a0', 'x10', 'now 0x77']) expect(text).toContain(words);
    const bits = shown.all('.explain-bits li > span:nth-child(2)').map((digits) => digits.textContent);
    expect(bits.join('')).toBe((0x0505).toString(2).padStart(16, '0'));
    expect(rows()[0]?.getAttribute('aria-describedby')).toBe(card()?.id);
  });

  it('explains a CSR with its fields and value', async () => {
    await shown.doing(() => rows()[2]?.focus());
    expect(card()?.textContent).toContain('0x141');
    expect(card()?.textContent).toContain('now 0xabc');
  });

  it('closes the explanation with Escape, and when the focus leaves', async () => {
    await shown.doing(() => rows()[0]?.focus());
    await press('Escape');
    expect(card()).toBeNull();
    await shown.doing(() => rows()[1]?.focus());
    expect(card()).not.toBeNull();
    await shown.doing(() => rows()[1]?.blur());
    expect(card()).toBeNull();
  });

  it('opens for a pointer that rests on a row, and stays while it is on the card', async () => {
    const over = (type: string, on: Element | null | undefined) =>
      shown.doing(async () => {
        on?.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'mouse' }));
        await vi.advanceTimersByTimeAsync(0);
      });
    await over('pointerover', rows()[1]);
    expect(card()).toBeNull();
    await shown.doing(() => vi.advanceTimersByTimeAsync(300).then(() => undefined));
    expect(card()?.textContent).toContain('ecall');
    await over('pointerout', rows()[1]);
    await over('pointerover', card());
    await shown.doing(() => vi.advanceTimersByTimeAsync(500).then(() => undefined));
    expect(card()).not.toBeNull();
    await over('pointerout', card());
    await shown.doing(() => vi.advanceTimersByTimeAsync(500).then(() => undefined));
    expect(card()).toBeNull();
  });

  it('does not tell what registers hold while the guest runs', async () => {
    await shown.doing(() => {
      shown.machine.emit('view', { ...emptyView, state: 'running', harts: [hart] });
    });
    await shown.doing(() => rows()[0]?.focus());
    expect(card()?.textContent).toContain('x10');
    expect(card()?.textContent).not.toContain('now 0x77');
  });
});
