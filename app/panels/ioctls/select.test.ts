import { describe, expect, it } from 'vitest';
import type { IoctlEvent } from '../../../core/trace/events.ts';
import { cardsOf, mainCard, returnWords, showsIoctl } from './select.ts';

const ioctl = (name: string, more: Partial<IoctlEvent> = {}): IoctlEvent => ({
  kind: 'ioctl',
  seq: 0,
  time: 0,
  fd: 'vcpu 0',
  name,
  args: '',
  ret: 0,
  ...more,
});

const run = ioctl('KVM_RUN', { exit: 'KVM_EXIT_MMIO', args: 'read 1 bytes at 0x10000005' });
const refused = ioctl('KVM_SET_ONE_REG', { args: 'SBI_EXT.DBCN = 1', ret: -16 });
const unknown = ioctl('KVM_GET_ONE_REG', { args: '0x8030000099000000', ret: -2 });
const made = ioctl('KVM_CREATE_VM', { fd: 'kvm' });

describe('the log of ioctls', () => {
  it('shows a result, an errno by name, or the exit', () => {
    expect([made, refused, run].map(returnWords)).toEqual(['0', '-EBUSY', 'KVM_EXIT_MMIO']);
  });

  it('is narrowed by words of the row, and leaves KVM_RUN out where it is not wanted', () => {
    const shown = (withRuns: boolean, text: string) =>
      [run, refused, unknown, made].filter(showsIoctl({ withRuns, text })).map(({ name }) => name);
    expect(shown(true, '')).toHaveLength(4);
    expect(shown(false, '')).not.toContain('KVM_RUN');
    expect(shown(true, 'mmio')).toEqual(['KVM_RUN']);
    expect(shown(true, 'sbi_ext.DBCN ebusy')).toEqual(['KVM_SET_ONE_REG']);
    expect(shown(true, 'nothing')).toEqual([]);
  });

  it('leads to the cards of ioctl, register, errno and exit', () => {
    expect(cardsOf(refused)).toEqual({
      name: 'ioctl/KVM_SET_ONE_REG',
      register: 'register/SBI_EXT.DBCN',
      result: 'errno/EBUSY',
    });
    expect(cardsOf(unknown).register).toBe(null);
    expect([run, made, { ...refused, ret: 0 }].map(mainCard)).toEqual([
      'exit/KVM_EXIT_MMIO',
      'ioctl/KVM_CREATE_VM',
      'register/SBI_EXT.DBCN',
    ]);
  });
});
