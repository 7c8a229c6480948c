/**
 * SUSP in KVM. Linux checks and arms the reset of the vcpu, then lets user space sleep; the what-if
 * accelerator sleeps in the kernel until an enabled interrupt. [SBI 3.0 §13]
 */
import { SBI } from '../../sbi/spec/index.ts';
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { done, FORWARD, type Outcome } from './outcome.ts';

const TYPES = SBI.SUSP.functions.system_suspend.args[0].values;
const PAGE_MASK = 0xfffn;

type Refusal = 'INVALID_PARAM' | 'INVALID_ADDRESS' | 'DENIED';

export const susp: KernelExtension<'SUSP'> = {
  system_suspend: (cpu, type, address, opaque) => {
    const refusal = refusalOf(cpu, type, address);
    return refusal === null ? { kind: 'sleep', resume: { address, opaque } } : done(refusal);
  },
};

/** What Linux does before it forwards system_suspend: refuse, or forward with the reset armed. */
export function validateSuspend(cpu: VcpuState, type: bigint, address: bigint, opaque: bigint): Outcome<Refusal> {
  const refusal = refusalOf(cpu, type, address);
  if (refusal !== null) return done(refusal);
  cpu.pendingReset = { address, opaque };
  return FORWARD;
}

function refusalOf(cpu: VcpuState, type: bigint, address: bigint): Refusal | null {
  if (BigInt.asUintN(32, type) !== BigInt(TYPES.SUSPEND_TO_RAM)) return 'INVALID_PARAM';
  if (cpu.vm.options.memory.offsetOf(address & ~PAGE_MASK, 1) < 0) return 'INVALID_ADDRESS';
  const others = cpu.vm.vcpus.filter((vcpu) => vcpu !== cpu);
  return others.every((vcpu) => vcpu.stopped) ? null : 'DENIED';
}
