import type { Example } from './types.ts';

export const triggers: Example = {
  id: 'triggers',
  title: 'Debug triggers',
  says: 'DBTR: a breakpoint and a watchpoint that the hart itself looks after; the handler tells where they fired.',
  harts: 1,
  tryThis: [
    {
      text: 'Look at the ioctls of install_triggers: the guest asks for mode S, the VMM sets VS, which is what it is to the hart.',
    },
    {
      text: 'Take the interface proposed in 2025: the call reaches the VMM, but no ioctl of Linux sets a trigger.',
      patch: { interface: 'userspace', sbi: { DBTR: 'vmm', BASE: 'vmm' } },
    },
    {
      text: 'Take Linux as it is: KVM refuses what it does not know.',
      patch: { interface: 'upstream', sbi: { DBTR: 'off' } },
    },
    { text: 'Report SBI 2.0, which has no DBTR: the VMM refuses it.', patch: { sbiVersion: '2.0' } },
  ],
  config: { interface: 'accelerator', sbi: { DBTR: 'vmm' } },
};
