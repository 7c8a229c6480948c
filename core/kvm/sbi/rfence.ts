/** RFENCE in KVM: harts, addresses and sizes are not checked, and no guest has the hypervisor extension. [SBI 3.0 §8] */
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { fenceInstructions, fenceTranslation, vcpusOf } from './harts.ts';
import { done } from './outcome.ts';

/** No guest has guests of its own here, so that there is nothing to fence. */
const nested = (cpu: VcpuState) => done(cpu.vm.options.profile.quirks.hfence);

export const rfence: KernelExtension<'RFENCE'> = {
  remote_fence_i: (cpu, mask, base) => {
    fenceInstructions(vcpusOf(cpu, mask, base));
    return done('SUCCESS');
  },
  remote_sfence_vma: (cpu, mask, base, start, size) => {
    fenceTranslation(vcpusOf(cpu, mask, base), start, size, undefined);
    return done('SUCCESS');
  },
  remote_sfence_vma_asid: (cpu, mask, base, start, size, asid) => {
    fenceTranslation(vcpusOf(cpu, mask, base), start, size, asid);
    return done('SUCCESS');
  },
  remote_hfence_gvma_vmid: nested,
  remote_hfence_gvma: nested,
  remote_hfence_vvma_asid: nested,
  remote_hfence_vvma: nested,
};
