import type { Example } from './types.ts';

export const mailbox: Example = {
  id: 'mailbox',
  title: 'Mailbox: messages by MPXY',
  says: 'Finds the message channels of the platform, sends messages over them and fetches notifications.',
  harts: 1,
  config: { sbi: { MPXY: 'vmm' } },
};
