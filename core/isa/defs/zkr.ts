/** Zkr: the seed CSR, by which machine mode, or whoever it lets, polls for entropy. [Unprivileged ISA, Zkr] */
import { extension } from '../dsl/extension.ts';

export const zkr = extension('Zkr', {
  title: 'Entropy source',
  spec: 'Unprivileged ISA, Zkr',
  requires: ['Zicsr'],
});
