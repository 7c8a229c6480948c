import type { Example } from './types.ts';

export const smp: Example = {
  id: 'smp',
  title: 'Two harts',
  says: 'HSM starts a second hart, an IPI wakes it from wfi, and it stops itself.',
  harts: 2,
  tryThis: [
    { text: 'Give the machine one hart: hart_start answers INVALID_PARAM.', patch: { harts: 1 } },
    {
      text: 'Let the VMM answer HSM: starting a hart is then a matter of mp state and registers.',
      patch: { sbi: { HSM: 'vmm' } },
    },
    {
      text: 'Take the interface proposed in 2025 and give IPI to the VMM: it has no ioctl to send one.',
      patch: { interface: 'userspace', sbi: { IPI: 'vmm' } },
    },
  ],
  config: { harts: 2 },
};
