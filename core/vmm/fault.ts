/**
 * Gives the guest the fault that the VMM met while it read memory on its behalf, as if the ecall itself had faulted: a
 * VMM has no ioctl for it, but can set what a trap sets. [SBI 3.0 §5; privileged ISA §supervisor trap]
 */
import { KVM_RISCV_MODE_S, type KvmVcpu } from '../kvm/uapi.ts';
import type { VmContext } from './context.ts';
import { CORE, CSR, SSTATUS } from './registers.ts';
import { completeExit } from './start.ts';

export const LOAD_ACCESS_FAULT = 5n;
export const LOAD_PAGE_FAULT = 13n;

/** Exceptions go to the base, whatever the mode of stvec. */
const STVEC_MODE = 0b11n;

/** Null, or the ioctl that failed. All registers are as they were at the call. */
export function injectFault(vm: VmContext, vcpu: KvmVcpu, cause: bigint, address: bigint): string | null {
  const ecall = vm.get(vcpu, CORE.pc);
  const mode = vm.get(vcpu, CORE.mode);
  const [a0 = 0n, a1 = 0n] = vcpu.run.riscv_sbi.args;
  completeExit(vcpu, a0, a1);
  const sstatus = vm.get(vcpu, CSR.sstatus);
  return vm.set(vcpu, [
    [CSR.sepc, ecall],
    [CSR.scause, cause],
    [CSR.stval, address],
    [CSR.sstatus, trapped(sstatus, mode)],
    [CORE.pc, vm.get(vcpu, CSR.stvec) & ~STVEC_MODE],
  ]);
}

/** sstatus as a trap into S-mode leaves it. `mode`: CORE.mode before. */
export function trapped(sstatus: bigint, mode: bigint): bigint {
  const { SIE, SPIE, SPP } = SSTATUS;
  const from = (mode === KVM_RISCV_MODE_S ? SPP : 0n) | (sstatus & SIE ? SPIE : 0n);
  return (sstatus & ~(SIE | SPIE | SPP)) | from;
}
