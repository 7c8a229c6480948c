import type { Example } from './types.ts';

export const governor: Example = {
  id: 'governor',
  title: 'Governor: performance by CPPC',
  says: 'Asks for more and less performance through CPPC and measures by its counters what is delivered.',
  harts: 1,
  config: { sbi: { CPPC: 'vmm' } },
};
