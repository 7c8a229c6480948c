/** Zicsr: access to control and status registers. [Unprivileged ISA, Zicsr] */
import { extension } from '../dsl/extension.ts';
import { csrImmediate, csrRegister } from '../dsl/formats.ts';

const KINDS = [
  { kind: 'rw', letter: 'w', funct3: 1, what: 'writes it with' },
  { kind: 'rs', letter: 's', funct3: 2, what: 'sets the bits given by' },
  { kind: 'rc', letter: 'c', funct3: 3, what: 'clears the bits given by' },
] as const;
/** funct3 of the forms with a constant is that of the register forms plus this. */
const IMMEDIATE = 4;

export const zicsr = extension(
  'Zicsr',
  { title: 'Control and status registers', spec: 'Unprivileged ISA, Zicsr', requires: ['I'] },
  (def, alias) => {
    for (const { kind, letter, funct3, what } of KINDS) {
      def(`csrr${letter}`, {
        form: csrRegister({ funct3 }),
        asm: 'rd, csr, rs1',
        says: `Copies the CSR to rd and ${what} rs1, in one step.`,
        does: (e) => e.csr(kind, e.x('rs1'), 'rs1'),
      });
      def(`csrr${letter}i`, {
        form: csrImmediate({ funct3: funct3 + IMMEDIATE }),
        asm: 'rd, csr, uimm',
        says: `Copies the CSR to rd and ${what} a constant from 0 to 31, in one step.`,
        does: (e) => e.csr(kind, e.imm('uimm'), 'uimm'),
      });
    }

    const CYCLE = 0xc00;
    alias('unimp', {
      of: 'csrrw',
      fixed: { rd: 0, csr: CYCLE, rs1: 0 },
      says: 'Always an illegal instruction: a write to a read-only CSR.',
    });
    alias('csrr', { of: 'csrrs', asm: 'rd, csr', fixed: { rs1: 0 }, says: 'Reads a CSR.' });
    for (const { letter, what } of KINDS) {
      const of = `csrr${letter}`;
      const says = `Changes a CSR: ${what}`;
      alias(`csr${letter}`, { of, asm: 'csr, rs1', fixed: { rd: 0 }, says: `${says} a register.` });
      const constant = { of: `${of}i`, asm: 'csr, uimm', fixed: { rd: 0 }, says: `${says} a constant.` };
      alias(`csr${letter}i`, constant);
      alias(`csr${letter}`, { ...constant, inputOnly: true });
      alias(of, { of: `${of}i`, asm: 'rd, csr, uimm', inputOnly: true });
    }
  },
);
