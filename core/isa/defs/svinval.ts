/**
 * Svinval: fences of translations in steps. Each invalidation takes effect at once here, so nothing is left
 * for the fences around them but to be illegal where sfence.vma is. [Privileged ISA, Svinval]
 */
import { extension } from '../dsl/extension.ts';
import { exact, fenceRegisters } from '../dsl/formats.ts';

export const svinval = extension(
  'Svinval',
  { title: 'Fine-grained address-translation cache invalidation', spec: 'Privileged ISA, Svinval', requires: ['S'] },
  (def) => {
    def('sinval.vma', {
      form: fenceRegisters({ funct7: 0x0b }),
      asm: 'rs1, rs2',
      says: 'Invalidates translations of the address in rs1 and the ASID in rs2, between the two fences; x0 means all.',
      does: (e) => e.system('sfence.vma', e.x('rs1'), e.x('rs2')),
    });
    def('sfence.w.inval', {
      form: exact(0x18000073),
      says: 'Orders earlier stores before the invalidations that follow.',
      does: (e) => e.system('sfence.vma'),
    });
    def('sfence.inval.ir', {
      form: exact(0x18100073),
      says: 'Orders earlier invalidations before the translations that follow.',
      does: (e) => e.system('sfence.vma'),
    });
  },
);
