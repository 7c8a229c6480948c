/**
 * Zawrs: waiting for a store to the reserved bytes. A wait may end at any time for any reason, and here it
 * ends at once: so no timeout is ever reached, and neither TW nor hstatus.VTW makes wrs.nto trap.
 * [Unprivileged ISA, Zawrs]
 */
import { extension } from '../dsl/extension.ts';
import { exact } from '../dsl/formats.ts';

export const zawrs = extension(
  'Zawrs',
  { title: 'Wait on reservation set', spec: 'Unprivileged ISA, Zawrs', requires: ['I'] },
  (def) => {
    const wait = (name: string, word: number, until: string): void => {
      def(name, {
        form: exact(word),
        says: `Waits for a store to the reserved bytes or an interrupt${until}; it may go on earlier, and does.`,
        does: (e) => e.system('pause'),
      });
    };
    wait('wrs.nto', 0x00d00073, '');
    wait('wrs.sto', 0x01d00073, ', for a short time only');
  },
);
