import type { Example } from './types.ts';

export const hello: Example = {
  id: 'hello',
  title: 'Hello, debug console',
  says: 'One DBCN console_write and a shutdown: the smallest guest that says something.',
  harts: 1,
  tryThis: [
    { text: 'Let KVM answer DBCN: the same text, without an exit to the VMM.', patch: { sbi: { DBCN: 'kvm' } } },
    { text: 'Switch DBCN off: the call is refused and the guest falls back.', patch: { sbi: { DBCN: 'off' } } },
    { text: 'Go back to SBI 1.0, which has no debug console.', patch: { sbiVersion: '1.0' } },
  ],
};
