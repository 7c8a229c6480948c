import type { Example } from './types.ts';

export const profiler: Example = {
  id: 'profiler',
  title: 'Profiler',
  says: 'PMU and SSE: a counter says now and then where the hart is, first by interrupt, then by an event that comes even with interrupts off.',
  harts: 1,
  tryThis: [
    {
      text: 'Look at the exits: each sample by event is a KVM_EXIT_RISCV_PMU_OVERFLOW, which is a what-if.',
    },
    {
      text: 'Let the VMM answer PMU too: the calls exit, the counters stay in KVM, and the samples are the same.',
      patch: { sbi: { PMU: 'vmm' } },
    },
    {
      text: 'Take the interface proposed in 2025: KVM tells the guest alone of an overflow, so the VMM has no such event.',
      patch: { interface: 'userspace', sbi: { SSE: 'vmm', BASE: 'vmm' } },
    },
  ],
  // KVM gives the interrupt of an overflow to a guest only with AIA.
  config: {
    interface: 'accelerator',
    hardware: { aia: 'on' },
    sbi: { PMU: 'kvm', SSE: 'vmm' },
    with: ['Sscofpmf'],
  },
};
