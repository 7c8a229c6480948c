import type { Example } from './types.ts';

export const fence: Example = {
  id: 'fence',
  title: 'Remote fences',
  says: 'Hart 0 rewrites code and moves a page that hart 1 uses; RFENCE makes hart 1 see it.',
  harts: 2,
  config: { harts: 2 },
};
