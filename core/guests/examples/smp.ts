import type { Example } from './types.ts';

export const smp: Example = {
  id: 'smp',
  title: 'Two harts',
  says: 'HSM starts a second hart, an IPI wakes it from wfi, and it stops itself.',
  harts: 2,
  config: { harts: 2 },
};
