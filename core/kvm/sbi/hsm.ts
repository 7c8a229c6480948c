/** HSM in KVM: hart ids are cut to 32 bits, the start address is not checked. [SBI 3.0 §9] */
import { SBI } from '../../sbi/spec/index.ts';
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

const STATES = SBI.HSM.functions.hart_get_status.returnValues;
const SUSPEND = SBI.HSM.functions.hart_suspend.args[0].values;

export const hsm: KernelExtension<'HSM'> = {
  hart_start: (cpu, hartid, address, opaque) => {
    const target = vcpuOf(cpu, hartid);
    if (target === undefined) return done('INVALID_PARAM');
    if (!target.stopped) return done('ALREADY_AVAILABLE');
    const own = cpu.vm.options.profile.quirks.startedHartId === 'own';
    target.start(own ? BigInt(target.id) : hartid, address, opaque);
    return done('SUCCESS');
  },
  hart_stop: (cpu) => {
    cpu.stop();
    return done('SUCCESS');
  },
  hart_get_status: (cpu, hartid) => {
    const target = vcpuOf(cpu, hartid);
    if (target !== undefined) return done('SUCCESS', BigInt(stateOf(target)));
    return cpu.vm.options.profile.quirks.missingHart === 'STARTED'
      ? done('SUCCESS', BigInt(STATES.STARTED))
      : done('INVALID_PARAM');
  },
  hart_suspend: (cpu, type) => {
    const { hartSuspend } = cpu.vm.options.profile.quirks;
    switch (hartSuspend === 'low 32 bits' ? BigInt.asUintN(32, type) : type) {
      case BigInt(SUSPEND.RETENTIVE):
        return { kind: 'sleep' };
      case BigInt(SUSPEND.NON_RETENTIVE):
        return done('NOT_SUPPORTED');
      default:
        return done('INVALID_PARAM');
    }
  },
};

function vcpuOf(cpu: VcpuState, hartid: bigint): VcpuState | undefined {
  return cpu.vm.vcpu(Number(BigInt.asIntN(32, hartid)));
}

function stateOf(vcpu: VcpuState): number {
  if (vcpu.stopped) return STATES.STOPPED;
  if (vcpu.vm.options.profile.quirks.suspendedStatus === 'STARTED') return STATES.STARTED;
  return vcpu.sleep === null ? STATES.STARTED : STATES.SUSPENDED;
}
