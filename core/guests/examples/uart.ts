import type { Example } from './types.ts';

export const uart: Example = {
  id: 'uart',
  title: 'UART against DBCN',
  says: 'Sends one line through the serial port, register by register, and one through DBCN, and compares the time.',
  harts: 1,
};
