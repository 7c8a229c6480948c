import type { Example } from './types.ts';

export const putchar: Example = {
  id: 'putchar',
  title: 'Legacy putchar',
  says: 'The greeting through console_putchar of SBI 0.1: one call, and one exit to the VMM, for each byte.',
  harts: 1,
};
