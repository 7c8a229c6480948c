/** Zfhmin and Zfh: half precision, to store and convert alone or to compute in. [Unprivileged ISA, Zfhmin; Zfh] */
import { extension } from '../dsl/extension.ts';
import { arithmetic, comparisons, formatConversions, integerConversions, transfers } from './floating.ts';

const ZFHMIN = 'Unprivileged ISA, Zfhmin';

export const zfhmin = extension(
  'Zfhmin',
  { title: 'Half-precision loads, stores and conversions', spec: ZFHMIN, requires: ['F'] },
  (def) => {
    transfers(def, 'h');
    formatConversions(def, 'h', 's');
  },
);

export const zfhminWithD = extension(
  'Zfhmin and D',
  { title: 'Conversions between half and double precision', spec: ZFHMIN, follows: { all: ['Zfhmin', 'D'] } },
  (def) => formatConversions(def, 'h', 'd'),
);

export const zfh = extension(
  'Zfh',
  { title: 'Half-precision floating point', spec: 'Unprivileged ISA, Zfh', requires: ['F'], implies: ['Zfhmin'] },
  (def, alias) => {
    arithmetic(def, 'h');
    comparisons(def, alias, 'h');
    integerConversions(def, 'h');
  },
);
