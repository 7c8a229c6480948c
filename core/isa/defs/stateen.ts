/**
 * State enables: which state a level lets the next one use. A guest sees sstateen0 to sstateen3; what a
 * hypervisor's ISA string calls Smstateen brings them. [Privileged ISA, Smstateen and Ssstateen]
 */
import { extension } from '../dsl/extension.ts';

export const ssstateen = extension('Ssstateen', {
  title: 'State enables, supervisor view',
  spec: 'Privileged ISA, Ssstateen',
  requires: ['Zicsr', 'S'],
});

export const smstateen = extension('Smstateen', {
  title: 'State enables',
  spec: 'Privileged ISA, Smstateen',
  requires: ['Zicsr', 'S'],
  implies: ['Ssstateen'],
});
