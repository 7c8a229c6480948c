/** RFENCE in KVM: harts, addresses and sizes are not checked, and no guest has the hypervisor extension. [SBI 3.0 §8] */
import type { FirmwareEvent } from '../../sbi/spec/pmu.ts';
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { fenceInstructions, fenceTranslation, vcpusOf } from './harts.ts';
import { done } from './outcome.ts';

/** No guest has guests of its own here, so that there is nothing to fence. */
const nested = (cpu: VcpuState) => done(cpu.vm.options.profile.quirks.hfence);

/** Carries a fence out and counts it as firmware events: a fence of a guest reaches its harts as HFENCE.VVMA. */
function counted(
  cpu: VcpuState,
  targets: readonly VcpuState[],
  sent: FirmwareEvent,
  received: FirmwareEvent,
  fence: (targets: readonly VcpuState[]) => void,
): void {
  cpu.pmu.count(sent);
  fence(targets);
  for (const target of targets) target.pmu.count(received);
}

export const rfence: KernelExtension<'RFENCE'> = {
  remote_fence_i: (cpu, mask, base) => {
    counted(cpu, vcpusOf(cpu, mask, base), 'FENCE_I_SENT', 'FENCE_I_RECEIVED', fenceInstructions);
    return done('SUCCESS');
  },
  remote_sfence_vma: (cpu, mask, base, start, size) => {
    counted(cpu, vcpusOf(cpu, mask, base), 'SFENCE_VMA_SENT', 'HFENCE_VVMA_RECEIVED', (targets) =>
      fenceTranslation(targets, start, size, undefined),
    );
    return done('SUCCESS');
  },
  remote_sfence_vma_asid: (cpu, mask, base, start, size, asid) => {
    counted(cpu, vcpusOf(cpu, mask, base), 'SFENCE_VMA_ASID_SENT', 'HFENCE_VVMA_ASID_RECEIVED', (targets) =>
      fenceTranslation(targets, start, size, asid),
    );
    return done('SUCCESS');
  },
  remote_hfence_gvma_vmid: nested,
  remote_hfence_gvma: nested,
  remote_hfence_vvma_asid: nested,
  remote_hfence_vvma: nested,
};
