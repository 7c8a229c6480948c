import type { Example } from './types.ts';

export const echo: Example = {
  id: 'echo',
  title: 'Echo',
  says: 'What you type comes back through DBCN console_read; the guest sleeps between looks.',
  harts: 1,
  tryThis: [
    { text: 'Type into the terminal and watch console_read answer 0 until then.' },
    { text: 'Switch TIME off: without a timer the guest polls as fast as it can.', patch: { sbi: { TIME: 'off' } } },
    { text: 'Let the VMM answer TIME: each sleep now costs an exit.', patch: { sbi: { TIME: 'vmm' } } },
  ],
};
