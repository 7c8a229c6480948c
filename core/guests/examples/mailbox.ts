import type { Example } from './types.ts';

export const mailbox: Example = {
  id: 'mailbox',
  title: 'Mailbox: messages by MPXY',
  says: 'Finds the message channels of the platform, sends messages over them and fetches notifications.',
  harts: 1,
  config: { sbi: { MPXY: 'vmm' } },
  tryThis: [
    { text: 'Type while it waits: the channel tells of it.' },
    {
      text: 'Take Linux as it is: KVM hands MPXY to the VMM since Linux 6.19, once the VMM has switched it on.',
      patch: { interface: 'upstream', sbi: { MPXY: 'vmm' } },
    },
    { text: 'Switch MPXY off: the probe says so.', patch: { sbi: { MPXY: 'off' } } },
    { text: 'Report SBI 2.0, which has no MPXY.', patch: { sbiVersion: '2.0' } },
  ],
};
