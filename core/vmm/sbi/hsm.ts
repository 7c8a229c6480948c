/** HSM in user space: mp states and core registers of the vcpus. [SBI 3.0 §9] */

import { KVM_MP_STATE_RUNNABLE, type KvmVcpu } from '../../kvm/uapi.ts';
import { HSM } from '../../sbi/spec/hsm.ts';
import { ioctlFailed, type VmContext } from '../context.ts';
import { startAt } from '../start.ts';
import { hartSleep } from '../wake.ts';
import { isStopped, vcpuOf } from './harts.ts';
import { hartChanged, resetHart } from './reset.ts';
import { type Outcome, type Resumed, type Server, SUCCESS } from './server.ts';

const { STARTED, STOPPED, SUSPENDED } = HSM.functions.hart_get_status.returnValues;
const { RETENTIVE, NON_RETENTIVE } = HSM.functions.hart_suspend.args[0].values;
/** The shortest instruction: what has to be readable at a start address. */
const INSTRUCTION = 2n;

export const hsm: Server<'HSM'> = {
  hart_start(vm, { hartid, start_addr, opaque }) {
    const target = vcpuOf(vm, hartid);
    if (!target) return { error: 'INVALID_PARAM' };
    if (!isStopped(target)) return { error: 'ALREADY_AVAILABLE' };
    if (!vm.ram.contains(start_addr, INSTRUCTION)) return { error: 'INVALID_ADDRESS' };
    resetHart(vm, target);
    const failed = startAt(vm, target, start_addr, opaque) ?? setRunnable(target);
    if (!failed) return SUCCESS;
    vm.say(`hart_start: ${failed}`);
    return { error: 'FAILED' };
  },
  hart_stop(vm, _args, call) {
    hartChanged(vm, call.vcpu);
    return { kind: 'stop' };
  },
  hart_get_status(vm, { hartid }) {
    const target = vcpuOf(vm, hartid);
    if (!target) return { error: 'INVALID_PARAM' };
    if (isStopped(target)) return { value: BigInt(STOPPED) };
    return { value: BigInt(vm.suspended.has(target.id) ? SUSPENDED : STARTED) };
  },
  hart_suspend(vm, { suspend_type, resume_addr, opaque }, call) {
    const type = Number(suspend_type & 0xffff_ffffn);
    if (type === RETENTIVE) return suspended(vm, call.vcpu, { kind: 'return', a0: 0n, a1: 0n });
    if (type !== NON_RETENTIVE) return { error: 'INVALID_PARAM' };
    if (!vm.ram.contains(resume_addr, INSTRUCTION)) return { error: 'INVALID_ADDRESS' };
    return suspended(vm, call.vcpu, { kind: 'restart', pc: resume_addr, opaque });
  },
};

function setRunnable(vcpu: KvmVcpu): string | null {
  const ret = vcpu.setMpState(KVM_MP_STATE_RUNNABLE);
  return ret < 0 ? ioctlFailed('KVM_SET_MP_STATE RUNNABLE', vcpu, ret) : null;
}

function suspended(vm: VmContext, vcpu: KvmVcpu, next: Resumed): Outcome {
  vm.suspended.add(vcpu.id);
  return { kind: 'sleep', sleep: hartSleep(vm, vcpu), next };
}
