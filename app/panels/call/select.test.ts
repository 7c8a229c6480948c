import { describe, expect, it } from 'vitest';
import type { IoctlEvent } from '../../../core/trace/events.ts';
import { callEvent } from '../../testing/fake-machine.ts';
import { saysOf, story } from './select.ts';

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

describe('story of a call', () => {
  it('leads through guest, KVM, VMM and back when it exited', () => {
    const steps = story(callEvent(1), [
      ioctl('KVM_RUN', { exit: 'KVM_EXIT_RISCV_SBI' }),
      ioctl('KVM_SET_MP_STATE', { fd: 'vcpu 1', args: 'RUNNABLE' }),
    ]);
    expect(steps.map(({ by }) => by)).toEqual(['guest', 'kvm', 'vmm', 'guest']);
    expect(steps[1]?.lines).toContain('KVM_RUN returns: KVM_EXIT_RISCV_SBI');
    expect(steps[2]?.lines).toEqual(['vcpu 1: KVM_SET_MP_STATE(RUNNABLE)', 'reply SUCCESS, value 20']);
    expect(steps[3]?.lines).toEqual(['a0=0x0 a1=0x14, sepc += 4, after 6.1 µs']);
  });

  it('has no VMM in it when KVM answered', () => {
    expect(story(callEvent(1, { by: 'kvm', exited: false }), []).map(({ by }) => by)).toEqual([
      'guest',
      'kvm',
      'guest',
    ]);
  });

  it('ends in the colour of refusal when nobody answered', () => {
    const refused = callEvent(1, { by: 'none', exited: false, error: 0xfffffffffffffffen, value: 0n, cost: 900 });
    const last = story(refused, []).at(-1);
    expect([last?.by, last?.title, last?.lines[0]]).toEqual([
      'none',
      'Refused: NOT_SUPPORTED',
      'a0=-2 a1=0x0, sepc += 4, after 900 ns',
    ]);
  });

  it('tells that a call does not return', () => {
    const steps = story(callEvent(1, { error: null, value: null }), [
      ioctl('KVM_RUN', { exit: 'KVM_EXIT_SYSTEM_EVENT' }),
    ]);
    expect(steps.at(-1)?.title).toBe('No return');
    expect(steps[2]?.lines).toEqual(['no reply: the call does not return']);
  });

  it('is a single step when the guest needed nobody', () => {
    expect(story(callEvent(1, { by: 'guest', args: [5n] }), [])).toHaveLength(1);
  });

  it('says what a known function does and nothing of an unknown one', () => {
    expect(saysOf(callEvent(1))).toMatch(/Writes bytes/);
    expect(saysOf(callEvent(1, { eid: 0x12345n }))).toBe(null);
  });
});
