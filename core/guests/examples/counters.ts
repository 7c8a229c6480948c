import type { Example } from './types.ts';

export const counters: Example = {
  id: 'counters',
  title: 'Performance counters',
  says: 'PMU: counts the instructions of a loop and the calls of a kind, and interrupts when a counter overflows.',
  harts: 1,
  tryThis: [
    {
      text: 'Let the VMM answer PMU and TIME: the accelerator has an ioctl that programs the counters of a vcpu.',
      patch: { sbi: { PMU: 'vmm', TIME: 'vmm' } },
    },
    {
      text: 'Take the interface proposed in 2025: the VMM counts the calls that it answers, and has no ioctl for the rest.',
      patch: { interface: 'userspace', sbi: { PMU: 'vmm', TIME: 'vmm' } },
    },
    { text: 'Take Sscofpmf away: the counter overflows and nobody is told.', patch: { without: ['Sscofpmf'] } },
  ],
  // KVM gives the interrupt of an overflow to a guest only with AIA.
  config: { interface: 'accelerator', hardware: { aia: 'on' }, sbi: { PMU: 'kvm' }, with: ['Sscofpmf'] },
};
