/** What S-mode adds, and the supervisor extensions that have CSRs but no instructions. [Privileged ISA, Supervisor-level ISA] */
import { extension } from '../dsl/extension.ts';
import { exact, fenceRegisters } from '../dsl/formats.ts';

export const supervisor = extension(
  'S',
  { title: 'Supervisor mode', spec: 'Privileged ISA, Supervisor instructions', always: true, requires: ['Zicsr'] },
  (def, alias) => {
    def('sret', {
      form: exact(0x10200073),
      says: 'Returns from a supervisor trap to the address in sepc and the level in sstatus.SPP.',
      does: (e) => e.system('sret'),
    });
    def('wfi', {
      form: exact(0x10500073),
      says: 'Waits until an interrupt is pending. In VS-mode the hypervisor may take over meanwhile.',
      spec: 'Privileged ISA, Wait for interrupt',
      does: (e) => e.system('wfi'),
    });
    def('sfence.vma', {
      form: fenceRegisters({ funct7: 0x09 }),
      asm: 'rs1, rs2',
      says: 'Orders page-table stores before later translations of the address in rs1 and the ASID in rs2; x0 means all.',
      // A zero in another register than x0 also arrives as 0, for all: fencing more than asked is allowed.
      does: (e) => e.system('sfence.vma', e.x('rs1'), e.x('rs2')),
    });
    alias('sfence.vma', { of: 'sfence.vma', fixed: { rs1: 0, rs2: 0 }, says: 'Fences every translation.' });
    alias('sfence.vma', {
      of: 'sfence.vma',
      asm: 'rs1',
      fixed: { rs2: 0 },
      says: 'Fences one address in every address space.',
    });
    alias('sfence.vm', {
      of: 'sfence.vma',
      fixed: { rs1: 0, rs2: 0 },
      inputOnly: true,
      says: 'Old name of sfence.vma.',
    });
  },
);

export const sstc = extension('Sstc', {
  title: 'Supervisor timer compare',
  spec: 'Sstc extension',
  requires: ['Zicsr'],
});
