/** Each function that names an event, with ids that it refuses. */
import { OF_PLATFORM, RESERVED_GLOBAL, RESERVED_LOCAL, UNSUPPORTED } from './steps.ts';

export const refusedIds = <F extends 'register' | 'unregister' | 'enable' | 'disable' | 'inject'>(
  fn: F,
  section: string,
) =>
  [
    {
      id: `${fn}-reserved-local`,
      function: fn,
      class: 'invalid event',
      section,
      with: { event_id: RESERVED_LOCAL },
      expects: { error: 'INVALID_PARAM' },
    },
    {
      id: `${fn}-reserved-global`,
      function: fn,
      class: 'invalid event',
      section,
      with: { event_id: RESERVED_GLOBAL },
      expects: { error: 'INVALID_PARAM' },
    },
    {
      id: `${fn}-of-platform`,
      function: fn,
      class: 'invalid event',
      section,
      with: { event_id: OF_PLATFORM },
      // The range is the platform's; that it has no such event may be said in both ways.
      expects: { error: ['INVALID_PARAM', 'NOT_SUPPORTED'] },
    },
    {
      id: `${fn}-unsupported`,
      function: fn,
      class: 'invalid event',
      section,
      with: { event_id: UNSUPPORTED },
      expects: { error: 'NOT_SUPPORTED' },
    },
  ] as const;
