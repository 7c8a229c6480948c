/** Cases of supervisor software events. [SBI 3.0 §17] */
import { casesOf } from '../../define.ts';
import { attributes } from './attributes.ts';
import { differences } from './differences.ts';
import { handlers } from './handlers.ts';
import { overflow, overflowRoutines } from './overflow.ts';
import { states } from './states.ts';
import { routines } from './steps.ts';

export const sse = casesOf('SSE', {
  routines: `${routines}${overflowRoutines}`,
  isa: ['Sscofpmf'],
  alongside: ['PMU'],
  cases: [...attributes, ...states, ...handlers, ...overflow],
  differences,
});
