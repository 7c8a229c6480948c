import { describe, expect, it } from 'vitest';
import { cardOf } from '../../../core/reference/index.ts';
import { Rings } from '../../state/rings.ts';
import { callEvent, emptyView } from '../../testing/fake-machine.ts';
import { bestOf, countWords, exactCount, listing, optionTarget, seenIn, together } from './select.ts';

describe('the list of the reference', () => {
  it('has every kind, and groups in place of single registers, before anything is typed', () => {
    const { groups, cards, more } = listing('');
    expect(groups.map(([kind]) => kind)).toEqual([
      'extension',
      'function',
      'error',
      'exit',
      'register',
      'ioctl',
      'errno',
    ]);
    expect(cards.map(({ id }) => id)).toContain('register/SBI_EXT');
    expect(cards.map(({ id }) => id)).not.toContain('register/SBI_EXT.HSM');
    expect(more).toBe(0);
  });

  it('narrows to what fits, the best of it marked, and says how much it leaves out', () => {
    expect(listing('hart_start').cards.map(({ id }) => id)).toEqual(['function/HSM.hart_start']);
    expect(bestOf('SBI_EXT.HSM')?.id).toBe('register/SBI_EXT.HSM');
    expect(bestOf(' ')).toBe(undefined);
    const { cards, more } = listing('register');
    expect([cards.length, more > 0]).toEqual([100, true]);
  });

  it('is walked by keys inside its ends', () => {
    const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'x'];
    expect(keys.map((key) => optionTarget(key, 5, 12))).toEqual([6, 4, 11, 0, null]);
    expect([optionTarget('ArrowDown', -1, 3), optionTarget('ArrowDown', 0, 0)]).toEqual([0, null]);
  });
});

describe('a card of the reference', () => {
  it('tells what has the same reason together', () => {
    const items = [{ term: 'a', text: 'x' }, { term: 'b', text: 'y' }, { term: 'c', text: 'x' }, { term: 'd' }];
    expect(together(items).map((some) => some.map(({ term }) => term))).toEqual([['a', 'c'], ['b'], ['d']]);
  });

  it('counts calls and exits exactly where the machine does', () => {
    const counts = {
      ...emptyView.counts,
      calls: { HSM: { guest: 0, kvm: 3, vmm: 2, none: 1 } },
      exits: { KVM_EXIT_MMIO: 7 },
    };
    expect(exactCount(cardOf('extension/HSM')!, counts)).toBe(6);
    expect(exactCount(cardOf('extension/DBCN')!, counts)).toBe(0);
    expect(exactCount(cardOf('exit/KVM_EXIT_MMIO')!, counts)).toBe(7);
    expect(exactCount(cardOf('function/HSM.hart_start')!, counts)).toBe(null);
  });

  it('finds its calls and ioctls among the events', () => {
    const rings = new Rings();
    const seen = (id: string, event: unknown): boolean => {
      const card = cardOf(id);
      return card?.seen != null && seenIn(card.seen, rings).test(event);
    };
    const write = callEvent(1);
    const refused = callEvent(2, { by: 'none', exited: false, error: 0xfffffffffffffffen });
    expect([seen('function/DBCN.console_write', write), seen('function/DBCN.console_write_byte', write)]).toEqual([
      true,
      false,
    ]);
    expect([seen('error/NOT_SUPPORTED', write), seen('error/NOT_SUPPORTED', refused)]).toEqual([false, true]);
    expect([seen('error/SUCCESS', write), seen('error/SUCCESS', refused)]).toEqual([true, false]);
    expect([seen('exit/KVM_EXIT_RISCV_SBI', write), seen('exit/KVM_EXIT_RISCV_SBI', refused)]).toEqual([true, false]);
    const ioctl = {
      kind: 'ioctl',
      seq: 3,
      time: 0,
      fd: 'vcpu 0',
      name: 'KVM_SET_ONE_REG',
      args: 'CORE.pc = 1',
      ret: 0,
    };
    expect([seen('register/CORE.pc', ioctl), seen('register/CORE', ioctl), seen('register/CSR', ioctl)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('says whether its count is whole', () => {
    expect([countWords(1, 'calls', true), countWords(12, 'ioctls', false)]).toEqual([
      '1 call so far',
      '12 ioctls among those kept',
    ]);
  });
});
