/** RFENCE in KVM: harts, addresses and sizes are not checked, and no guest has the hypervisor extension. [SBI 3.0 §8] */
import type { KernelExtension } from './handlers.ts';
import { fenceInstructions, fenceTranslation, vcpusOf } from './harts.ts';
import { done } from './outcome.ts';

const notSupported = () => done('NOT_SUPPORTED');

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
  remote_hfence_gvma_vmid: notSupported,
  remote_hfence_gvma: notSupported,
  remote_hfence_vvma_asid: notSupported,
  remote_hfence_vvma: notSupported,
};
