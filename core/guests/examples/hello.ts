import type { Example } from './types.ts';

export const hello: Example = {
  id: 'hello',
  title: 'Hello, debug console',
  says: 'One DBCN console_write and a shutdown: the smallest guest that says something.',
  harts: 1,
};
