/** Zicntr: the cycle, time and instret counters. They are CSRs; here are their spellings. [Unprivileged ISA, Zicntr] */
import { extension } from '../dsl/extension.ts';

export const zicntr = extension(
  'Zicntr',
  { title: 'Base counters and timers', spec: 'Unprivileged ISA, Zicntr', requires: ['Zicsr'] },
  (_def, alias) => {
    alias('rdcycle', { of: 'csrrs', asm: 'rd', fixed: { csr: 0xc00, rs1: 0 }, says: 'Reads the cycle counter.' });
    alias('rdtime', { of: 'csrrs', asm: 'rd', fixed: { csr: 0xc01, rs1: 0 }, says: 'Reads the wall-clock counter.' });
    alias('rdinstret', {
      of: 'csrrs',
      asm: 'rd',
      fixed: { csr: 0xc02, rs1: 0 },
      says: 'Reads the number of retired instructions.',
    });
  },
);
