/** D: double-precision floating point. [Unprivileged ISA, D] */
import { extension } from '../dsl/extension.ts';
import { arithmetic, comparisons, formatConversions, integerConversions, transfers } from './floating.ts';

export const d = extension(
  'D',
  { title: 'Double-precision floating point', spec: 'Unprivileged ISA, D', requires: ['F'] },
  (def, alias) => {
    transfers(def, 'd');
    arithmetic(def, 'd');
    comparisons(def, alias, 'd');
    integerConversions(def, 'd');
    formatConversions(def, 's', 'd');
  },
);
