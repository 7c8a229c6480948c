import type { Example } from './types.ts';

export const tooNew: Example = {
  id: 'too-new',
  title: 'Newer than its SBI',
  says: 'Wants the debug console of SBI 2.0 from SBI 1.0, finds out in three ways, and copes.',
  harts: 1,
  config: { sbiVersion: '1.0' },
  tryThis: [
    { text: 'Report SBI 2.0: all three ways agree that DBCN is there.', patch: { sbiVersion: '2.0' } },
    {
      text: 'Report 2.0 but switch DBCN off: the version alone is no proof.',
      patch: { sbiVersion: '2.0', sbi: { DBCN: 'off' } },
    },
    { text: 'Let the VMM answer BASE: who decides what the version hides?', patch: { sbi: { BASE: 'vmm' } } },
  ],
};
