import type { Example } from './types.ts';

export const profiler: Example = {
  id: 'profiler',
  title: 'Profiler',
  says: 'PMU and SSE: a counter says now and then where the hart is, first by interrupt, then by an event that comes even with interrupts off.',
  harts: 1,
  // KVM gives the interrupt of an overflow to a guest only with AIA.
  config: {
    interface: 'accelerator',
    hardware: { aia: 'on' },
    sbi: { PMU: 'kvm', SSE: 'vmm' },
    with: ['Sscofpmf'],
  },
};
