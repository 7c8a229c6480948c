/** Zifencei: instruction-fetch fence. [Unprivileged ISA, Zifencei] */
import { extension } from '../dsl/extension.ts';
import { form } from '../dsl/formats.ts';

export const zifencei = extension(
  'Zifencei',
  { title: 'Instruction-fetch fence', spec: 'Unprivileged ISA, Zifencei', requires: ['I'] },
  (def) => {
    def('fence.i', {
      form: form(4, { '6:0': 0x0f, '14:12': 1 }, [], ['31:15', '11:7']),
      says: 'Makes the stores of this hart visible to its own instruction fetches.',
      does: (e) => e.system('fence.i'),
    });
  },
);
