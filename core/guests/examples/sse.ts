import type { Example } from './types.ts';

export const sse: Example = {
  id: 'sse',
  title: 'Software events',
  says: 'SSE: an event comes with interrupts off, one of higher priority preempts it, and another wakes a second hart.',
  harts: 2,
  tryThis: [
    {
      text: 'Look at the ioctls between inject and the next call: the VMM reads six registers of the vcpu and sets six to enter a handler.',
    },
    {
      text: 'Take the interface proposed in 2025: a call that KVM does not know exits there, so the VMM can serve it.',
      patch: { interface: 'userspace', sbi: { SSE: 'vmm', BASE: 'vmm' } },
    },
    {
      text: 'Take Linux as it is: KVM refuses what it does not know, and no VMM can serve it.',
      patch: { interface: 'upstream', sbi: { SSE: 'off', HSM: 'kvm' } },
    },
    {
      text: 'Let KVM answer HSM: the VMM hears that hart 1 starts and stops by KVM_EXIT_RISCV_HART_STATE, which is a what-if.',
      patch: { sbi: { HSM: 'kvm' } },
    },
  ],
  config: { interface: 'accelerator', harts: 2, sbi: { SSE: 'vmm', HSM: 'vmm' } },
};
