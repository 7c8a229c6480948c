import type { Example } from './types.ts';

export const putchar: Example = {
  id: 'putchar',
  title: 'Legacy putchar',
  says: 'The greeting through console_putchar of SBI 0.1: one call, and one exit to the VMM, for each byte.',
  harts: 1,
  tryThis: [
    {
      text: 'Switch V01 off, as kernels without CONFIG_RISCV_SBI_V01 do: the guest fails without a word.',
      patch: { sbi: { V01: 'off' } },
    },
    { text: 'Report SBI 0.1: the legacy calls are all there is, and SRST is gone.', patch: { sbiVersion: '0.1' } },
  ],
};
