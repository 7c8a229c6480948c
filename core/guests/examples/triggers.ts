import type { Example } from './types.ts';

export const triggers: Example = {
  id: 'triggers',
  title: 'Debug triggers',
  says: 'DBTR: a breakpoint and a watchpoint that the hart itself looks after; the handler tells where they fired.',
  harts: 1,
  config: { interface: 'accelerator', sbi: { DBTR: 'vmm' } },
};
