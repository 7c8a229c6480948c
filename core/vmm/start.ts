/** Puts a vcpu into the state in which HSM and SUSP let a hart begin. [SBI 3.0 §9.1, §13.1] */
import type { KvmVcpu } from '../kvm/uapi.ts';
import type { VmContext } from './context.ts';
import { CORE, CSR } from './registers.ts';

/** Null, or the ioctl that failed. Other registers keep what they had, which the specification allows. */
export function startAt(vm: VmContext, vcpu: KvmVcpu, pc: bigint, opaque: bigint): string | null {
  return vm.set(vcpu, [
    [CSR.satp, 0n],
    [CSR.sstatus, 0n],
    [CORE.pc, pc],
    [CORE.a0, BigInt(vcpu.id)],
    [CORE.a1, opaque],
  ]);
}

/**
 * Lets KVM finish an exit that is still open: else the next KVM_RUN would write `ret` to a0 and a1 and
 * move pc on, over registers set in between. The call then counts as answered, with `ret` in a0 and a1.
 */
export function completeExit(vcpu: KvmVcpu, a0 = 0n, a1 = 0n): void {
  vcpu.run.riscv_sbi.ret = [a0, a1];
  kicked(vcpu);
}

/**
 * KVM_RUN as it ends when a signal reaches its thread: KVM completes an exit that is open with what `run` holds, a wfi
 * or suspend call that the vcpu sleeps in is over, no instruction is run. -EINTR, or 0 when the access that is completed
 * has a part that still needs user space.
 */
export function kicked(vcpu: KvmVcpu): number {
  vcpu.run.immediate_exit = 1;
  const ret = vcpu.kvmRun();
  vcpu.run.immediate_exit = 0;
  return ret;
}
