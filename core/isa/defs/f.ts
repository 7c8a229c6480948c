/** F: single-precision floating point, its registers and fcsr. [Unprivileged ISA, F] */
import { type DefAlias, extension } from '../dsl/extension.ts';
import { arithmetic, comparisons, integerConversions, transfers } from './floating.ts';

/** Spellings of accesses to fcsr and its two parts; `old` is what they were called once. */
function status(alias: DefAlias): void {
  const part = (csr: number, reads: string, writes: string, what: string, old: readonly string[]): void => {
    const read = { of: 'csrrs', asm: 'rd', fixed: { csr, rs1: 0 }, says: `Reads ${what}.` };
    const swap = { of: 'csrrw', asm: 'rd, rs1', fixed: { csr }, says: `Writes ${what}; rd receives the old value.` };
    const write = { of: 'csrrw', asm: 'rs1', fixed: { csr, rd: 0 }, says: `Writes ${what}.` };
    alias(reads, read);
    alias(writes, write);
    alias(writes, swap);
    for (const name of old.slice(0, 1)) alias(name, { ...read, inputOnly: true });
    for (const name of old.slice(1)) for (const form of [write, swap]) alias(name, { ...form, inputOnly: true });
  };
  const constant = (csr: number, name: string, what: string): void => {
    const says = `Writes a constant to ${what}`;
    alias(name, { of: 'csrrwi', asm: 'uimm', fixed: { csr, rd: 0 }, says: `${says}.` });
    alias(name, { of: 'csrrwi', asm: 'rd, uimm', fixed: { csr }, says: `${says}; rd receives the old value.` });
  };
  const [FFLAGS, FRM, FCSR] = [1, 2, 3] as const;
  part(FCSR, 'frcsr', 'fscsr', 'rounding mode and accrued exceptions', ['frsr', 'fssr']);
  part(FRM, 'frrm', 'fsrm', 'the rounding mode', []);
  part(FFLAGS, 'frflags', 'fsflags', 'the accrued exceptions', []);
  constant(FRM, 'fsrmi', 'the rounding mode');
  constant(FFLAGS, 'fsflagsi', 'the accrued exceptions');
}

export const f = extension(
  'F',
  { title: 'Single-precision floating point', spec: 'Unprivileged ISA, F', requires: ['Zicsr'] },
  (def, alias) => {
    transfers(def, 's');
    arithmetic(def, 's');
    comparisons(def, alias, 's');
    integerConversions(def, 's');
    alias('fmv.x.s', { of: 'fmv.x.w', asm: 'rd, rs1', inputOnly: true, says: 'Old name of fmv.x.w.' });
    alias('fmv.s.x', { of: 'fmv.w.x', asm: 'rd, rs1', inputOnly: true, says: 'Old name of fmv.w.x.' });
    status(alias);
  },
);
