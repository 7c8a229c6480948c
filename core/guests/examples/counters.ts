import type { Example } from './types.ts';

export const counters: Example = {
  id: 'counters',
  title: 'Performance counters',
  says: 'PMU: counts the instructions of a loop and the calls of a kind, and interrupts when a counter overflows.',
  harts: 1,
  // KVM gives the interrupt of an overflow to a guest only with AIA.
  config: { interface: 'accelerator', hardware: { aia: 'on' }, sbi: { PMU: 'kvm' }, with: ['Sscofpmf'] },
};
