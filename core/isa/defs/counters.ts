/** Performance counters beyond Zicntr: CSRs without instructions of their own. [Unprivileged ISA, Zihpm; Privileged ISA, Sscofpmf] */
import { extension } from '../dsl/extension.ts';

export const zihpm = extension('Zihpm', {
  title: 'Hardware performance counters',
  spec: 'Unprivileged ISA, Zihpm',
  requires: ['Zicsr'],
});

export const sscofpmf = extension('Sscofpmf', {
  title: 'Counter overflow interrupt and mode filtering',
  spec: 'Privileged ISA, Sscofpmf',
  requires: ['Zihpm', 'S'],
});
