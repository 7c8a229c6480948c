import type { Example } from './types.ts';

export const tooNew: Example = {
  id: 'too-new',
  title: 'Newer than its SBI',
  says: 'Wants the debug console of SBI 2.0 from SBI 1.0, finds out in three ways, and copes.',
  harts: 1,
  config: { sbiVersion: '1.0' },
};
