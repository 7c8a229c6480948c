import type { Example } from './types.ts';

export const sse: Example = {
  id: 'sse',
  title: 'Software events',
  says: 'SSE: an event comes with interrupts off, one of higher priority preempts it, and another wakes a second hart.',
  harts: 2,
  config: { interface: 'accelerator', harts: 2, sbi: { SSE: 'vmm', HSM: 'vmm' } },
};
