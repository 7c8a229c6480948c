import type { Example } from './types.ts';

export const probe: Example = {
  id: 'probe',
  title: 'Probe report',
  says: 'Asks BASE for the version, the identity and every extension, and prints one line for each answer.',
  harts: 1,
  tryThis: [
    { text: 'Set mvendorid, marchid and mimpid and see them arrive.' },
    { text: 'Report SBI 1.0: what came later disappears.', patch: { sbiVersion: '1.0' } },
    {
      text: 'Let the VMM answer BASE and switch STA off: two parties now have to agree.',
      patch: { sbi: { BASE: 'vmm', STA: 'off' } },
    },
  ],
};
