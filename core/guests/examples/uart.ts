import type { Example } from './types.ts';

export const uart: Example = {
  id: 'uart',
  title: 'UART against DBCN',
  says: 'Sends one line through the serial port, register by register, and one through DBCN, and compares the time.',
  harts: 1,
  tryThis: [
    { text: 'Let KVM answer DBCN: then not even one exit is left.', patch: { sbi: { DBCN: 'kvm' } } },
    { text: 'Make an exit dearer in the costs and run again: the UART suffers twice for every byte.' },
  ],
};
