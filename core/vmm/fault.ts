/**
 * Gives the guest the fault that the VMM met while it read memory on its behalf, as if the ecall itself had faulted: a
 * VMM has no ioctl for it, but can set what a trap sets. [SBI 3.0 §5; privileged ISA §supervisor trap]
 */
import type { KvmVcpu } from '../kvm/uapi.ts';
import type { VmContext } from './context.ts';
import { CORE, CSR } from './registers.ts';
import { completeExit } from './start.ts';

export const LOAD_ACCESS_FAULT = 5n;
export const LOAD_PAGE_FAULT = 13n;

const SSTATUS_SIE = 1n << 1n;
const SSTATUS_SPIE = 1n << 5n;
const SSTATUS_SPP = 1n << 8n;
/** Values of CORE.mode. */
const MODE_S = 1n;
/** Exceptions go to the base, whatever the mode of stvec. */
const STVEC_MODE = 0b11n;

/** Null, or the ioctl that failed. All registers are as they were at the call. */
export function injectFault(vm: VmContext, vcpu: KvmVcpu, cause: bigint, address: bigint): string | null {
  const ecall = vm.get(vcpu, CORE.pc);
  const mode = vm.get(vcpu, CORE.mode);
  const [a0 = 0n, a1 = 0n] = vcpu.run.riscv_sbi.args;
  completeExit(vcpu, a0, a1);
  const sstatus = vm.get(vcpu, CSR.sstatus);
  const kept = sstatus & ~(SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP);
  const from = (mode === MODE_S ? SSTATUS_SPP : 0n) | (sstatus & SSTATUS_SIE ? SSTATUS_SPIE : 0n);
  return vm.set(vcpu, [
    [CSR.sepc, ecall],
    [CSR.scause, cause],
    [CSR.stval, address],
    [CSR.sstatus, kept | from],
    [CORE.pc, vm.get(vcpu, CSR.stvec) & ~STVEC_MODE],
  ]);
}
