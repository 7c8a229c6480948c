/** Zihintntl: hints that the next memory access has no locality. They are additions to x0, which do nothing. [Unprivileged ISA, Zihintntl] */
import { extension } from '../dsl/extension.ts';

/** By the register that is added: the caches that are not worth filling. */
const HINTS = [
  { name: 'ntl.p1', register: 2, where: 'the innermost private cache' },
  { name: 'ntl.pall', register: 3, where: 'any private cache' },
  { name: 'ntl.s1', register: 4, where: 'the innermost shared cache' },
  { name: 'ntl.all', register: 5, where: 'any cache' },
] as const;

export const zihintntl = extension(
  'Zihintntl',
  { title: 'Non-temporal locality hints', spec: 'Unprivileged ISA, Zihintntl', requires: ['I'] },
  (_def, alias) => {
    for (const { name, register, where } of HINTS) {
      const says = `Tells that the next access is not worth keeping in ${where}.`;
      alias(name, { of: 'add', fixed: { rd: 0, rs1: 0, rs2: register }, says });
      // objdump shows the compressed hints as the additions that they are, and so do we.
      alias(`c.${name}`, { of: 'c.add', fixed: { rd: 0, rs2: register }, inputOnly: true, says });
    }
  },
);
