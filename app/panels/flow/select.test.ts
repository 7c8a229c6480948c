import { describe, expect, it } from 'vitest';
import { defaultConfig, moveTo } from '../../../core/config/index.ts';
import type { HartView } from '../../../core/protocol/messages.ts';
import { emptyView } from '../../testing/fake-machine.ts';
import { flowWords, hartsWords } from './select.ts';

const hart = (id: number, hsm: string, activity: HartView['activity']): HartView => ({
  id,
  pc: 0n,
  privilege: 'S',
  x: [],
  float: null,
  csrs: [],
  hsm,
  activity,
  retired: 0,
  time: 0,
});

describe('strip of the layers', () => {
  it('tells before a run what is configured', () => {
    const words = flowWords(defaultConfig(), null);
    expect([words.guest, words.traps.words, words.traps.cost]).toEqual([
      '1 hart, not started',
      'ecall 0',
      'trap 900 ns each',
    ]);
  });

  it('names a VMM that is a program of today, and counts what it has code for', () => {
    const own = flowWords(defaultConfig(), null);
    expect([own.userSpace, own.vmm]).toEqual(['user space', 'answered 0 · serves 4 extensions']);
    const { config } = moveTo(defaultConfig(), { interface: 'upstream', vmm: 'qemu' });
    const qemu = flowWords(config, null);
    expect([qemu.userSpace, qemu.vmm]).toEqual(['user space, QEMU', 'answered 0 · serves 1 extension']);
  });

  it('sums calls by who answered, traps and exits by kind', () => {
    const counts = {
      calls: {
        DBCN: { guest: 0, kvm: 0, vmm: 7, none: 0 },
        BASE: { guest: 0, kvm: 1200, vmm: 0, none: 0 },
        '0x1234': { guest: 0, kvm: 0, vmm: 0, none: 2 },
      },
      traps: { ecall: 1209, wfi: 3, mmio: 1 },
      exits: { KVM_EXIT_RISCV_SBI: 7, KVM_EXIT_MMIO: 1 },
      dropped: 0,
    };
    const words = flowWords(defaultConfig(), { ...emptyView, counts });
    expect(words.kvm).toBe('answered 1,200 · refused 2');
    expect(words.vmm).toMatch(/^answered 7 · serves \d+ extensions$/);
    expect([words.traps.count, words.traps.words]).toEqual([1213, 'ecall 1,209 · other traps 4']);
    expect([words.exits.count, words.exits.words]).toEqual([8, 'KVM_EXIT_RISCV_SBI 7 · other 1']);
  });

  it('spells out two harts and counts more', () => {
    expect(hartsWords([hart(0, 'STARTED', 'running'), hart(1, 'STOPPED', 'stopped')], 2)).toBe(
      'hart 0 running · hart 1 STOPPED',
    );
    const many = [0, 1, 2, 3].map((id) => hart(id, id < 3 ? 'STARTED' : 'SUSPENDED', 'waiting'));
    expect(hartsWords(many, 4)).toBe('3 waiting · 1 SUSPENDED');
  });
});
