/** Ssaia: interrupts of the supervisor level with numbers for their priority. [Advanced Interrupt Architecture] */
import { extension } from '../dsl/extension.ts';

export const ssaia = extension('Ssaia', {
  title: 'Advanced interrupt architecture',
  spec: 'Advanced Interrupt Architecture, Supervisor-level CSRs',
  requires: ['S', 'Zicsr'],
});
