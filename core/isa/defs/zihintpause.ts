/** Zihintpause: the pause hint, a fence encoding that is harmless without it. [Unprivileged ISA, Zihintpause] */
import { extension } from '../dsl/extension.ts';
import { exact } from '../dsl/formats.ts';

export const zihintpause = extension(
  'Zihintpause',
  { title: 'Pause hint', spec: 'Unprivileged ISA, Zihintpause', requires: ['I'] },
  (def) => {
    def('pause', {
      form: exact(0x0100000f),
      says: 'Tells the hart that the program spins, so that it may slow down for a moment.',
      does: (e) => e.system('pause'),
    });
  },
);
