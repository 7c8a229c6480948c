/** Zihintntl: hints that the next memory access has no locality, encoded as additions to x0. [Unprivileged ISA, Zihintntl] */
import { type Definition, extension, instructionIn } from '../dsl/extension.ts';
import { type Form, form } from '../dsl/formats.ts';

const SPEC = 'Unprivileged ISA, Zihintntl';

/** By the register that is added: the caches that are not worth filling. */
const HINTS = [
  { name: 'ntl.p1', register: 2, where: 'the innermost private cache' },
  { name: 'ntl.pall', register: 3, where: 'any private cache' },
  { name: 'ntl.s1', register: 4, where: 'the innermost shared cache' },
  { name: 'ntl.all', register: 5, where: 'any cache' },
] as const;

function hint(form: Form, where: string): Definition {
  return { form, says: `Tells that the next access is not worth keeping in ${where}.`, does: () => {} };
}

export const zihintntl = extension(
  'Zihintntl',
  { title: 'Non-temporal locality hints', spec: SPEC, requires: ['I'] },
  (def) => {
    for (const { name, register, where } of HINTS)
      def(name, hint(form(4, { '31:25': 0, '24:20': register, '19:15': 0, '14:7': 0, '6:0': 0x33 }, []), where));
  },
);

export const zihintntlWithZca = extension(
  'Zihintntl and Zca',
  { title: 'Compressed non-temporal locality hints', spec: SPEC, follows: { all: ['Zihintntl', 'Zca'] } },
  (def) => {
    for (const { name, register, where } of HINTS) {
      const { form: encoding, says } = hint(form(2, { '15:7': 0x120, '6:2': register, '1:0': 2 }, []), where);
      def(`c.${name}`, { form: encoding, says, expands: { to: instructionIn(zihintntl, name), fields: {} } });
    }
  },
);
