/** Ssnpm: pointer masking of the level below; the fields are in senvcfg and henvcfg. [Privileged ISA, Pointer Masking] */
import { extension } from '../dsl/extension.ts';

export const ssnpm = extension('Ssnpm', {
  title: 'Pointer masking for U-mode and guests',
  spec: 'Privileged ISA, Pointer Masking: Ssnpm',
  requires: ['S'],
});
