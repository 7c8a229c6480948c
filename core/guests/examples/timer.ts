import type { Example } from './types.ts';

export const timer: Example = {
  id: 'timer',
  title: 'Timer: TIME against Sstc',
  says: 'Arms the timer by SBI call and, where the hart has Sstc, by its own CSR, and compares the cost.',
  harts: 1,
};
