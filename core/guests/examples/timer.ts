import type { Example } from './types.ts';

export const timer: Example = {
  id: 'timer',
  title: 'Timer: TIME against Sstc',
  says: 'Arms the timer by SBI call and, where the hart has Sstc, by its own CSR, and compares the cost.',
  harts: 1,
  tryThis: [
    { text: 'Let the VMM answer TIME and compare the cost of arming.', patch: { sbi: { TIME: 'vmm' } } },
    { text: 'Take Sstc away: the calls are all that is left.', patch: { without: ['Sstc'] } },
    { text: 'Switch TIME off with Sstc present: stimecmp does not care.', patch: { sbi: { TIME: 'off' } } },
  ],
};
