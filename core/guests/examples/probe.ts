import type { Example } from './types.ts';

export const probe: Example = {
  id: 'probe',
  title: 'Probe report',
  says: 'Asks BASE for the version, the identity and every extension, and prints one line for each answer.',
  harts: 1,
};
