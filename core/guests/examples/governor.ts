import type { Example } from './types.ts';

export const governor: Example = {
  id: 'governor',
  title: 'Governor: performance by CPPC',
  says: 'Asks for more and less performance through CPPC and measures by its counters what is delivered.',
  harts: 1,
  config: { sbi: { CPPC: 'vmm' } },
  tryThis: [
    { text: 'Switch CPPC off: the probe says so, and the guest does without.', patch: { sbi: { CPPC: 'off' } } },
    { text: 'Report SBI 1.0, which has no CPPC.', patch: { sbiVersion: '1.0' } },
    {
      text: 'Take Linux as it is: no KVM gives a guest CPPC, or hands it over.',
      patch: { interface: 'upstream', sbi: { CPPC: 'off' } },
    },
  ],
};
