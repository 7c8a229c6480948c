/**
 * Misaligned accesses that the guest does not get by itself. Firmware below the host has the trap first: it carries
 * loads and stores out, unseen by the kernel, unless Linux asked for them. Atomics, which it cannot, and what Linux
 * asked for reach KVM, which gives them to the guest. [SBI 3.0 §18; Linux arch/riscv/kvm/vcpu_exit.c,
 * arch/riscv/kernel/traps_misaligned.c]
 */
import type { HartExit, MisalignedExit } from '../hart/api.ts';
import type { VcpuState } from './state.ts';
import { EFAULT } from './uapi.ts';

const CAUSE_MISALIGNED_LOAD = 4n;
const CAUSE_MISALIGNED_STORE = 6n;

/** Whether firmware does what the hart left, so that KVM never hears of it. */
export function isFirmwares({ vm }: VcpuState, exit: HartExit): boolean {
  return exit.kind === 'misaligned' && !exit.atomic && !vm.options.profile.delegatesMisaligned;
}

/** Null to go on in the guest's handler, or what KVM_RUN returns. */
export function redirectMisaligned(cpu: VcpuState, { store, va }: MisalignedExit): number | null {
  const { misaligned } = cpu.vm.options.profile.quirks;
  if (misaligned === 'EFAULT') return -EFAULT;
  cpu.countRedirected(
    store ? 'MISALIGNED_STORE' : 'MISALIGNED_LOAD',
    store ? 'store_misaligned_exits' : 'load_misaligned_exits',
  );
  cpu.hart.trap(store ? CAUSE_MISALIGNED_STORE : CAUSE_MISALIGNED_LOAD, va);
  return null;
}
