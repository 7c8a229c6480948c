import type { Example } from './types.ts';

export const echo: Example = {
  id: 'echo',
  title: 'Echo',
  says: 'What you type comes back through DBCN console_read; the guest sleeps between looks.',
  harts: 1,
};
