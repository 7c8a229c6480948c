/** TIME in user space: the deadline goes to KVM through TIMER registers, and KVM raises the interrupt. [SBI 3.0 §6] */
import type { KvmVcpu } from '../../kvm/uapi.ts';
import type { VmContext } from '../context.ts';
import { TIMER, TIMER_STATE_ON } from '../registers.ts';
import { giveUp, type Server, SUCCESS } from './server.ts';

export const time: Server<'TIME'> = {
  set_timer(vm, { stime_value }, call) {
    const failed = setTimer(vm, call.vcpu, stime_value);
    return failed ? giveUp(failed) : SUCCESS;
  },
};

/** Null, or what failed. Arming also withdraws an interrupt that is pending. */
export function setTimer(vm: VmContext, vcpu: KvmVcpu, deadline: bigint): string | null {
  vm.sbi.PMU.count(vcpu.id, 'SET_TIMER');
  return vm.set(vcpu, [
    [TIMER.compare, deadline],
    [TIMER.state, TIMER_STATE_ON],
  ]);
}
