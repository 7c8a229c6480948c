import type { Example } from './types.ts';

export const suspend: Example = {
  id: 'suspend',
  title: 'Suspend',
  says: 'Suspends the system until a key is pressed; where SUSP is refused, the hart naps alone through HSM.',
  harts: 1,
};
