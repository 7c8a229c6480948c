/** A hart stops or is about to start: by a call of HSM that the VMM serves, or by KVM, where it tells. */
import type { KvmVcpu } from '../../kvm/uapi.ts';
import type { VmContext } from '../context.ts';
import { restoreFeatures } from './fwft.ts';
import { releaseCounters } from './pmu-counters.ts';
import { releaseOverflow } from './sse/overflow.ts';
import { signalReady } from './sse/route.ts';

/** Undoes what was done in KVM for SBI extensions, and what the VMM keeps of them, which says what to undo. */
export function resetHart(vm: VmContext, vcpu: KvmVcpu): void {
  releaseCounters(vm, vcpu);
  restoreFeatures(vm, vcpu);
  releaseOverflow(vm, vcpu);
  vm.resetHart(vcpu.id);
}

/** The hart is going to stop, or KVM has stopped or started it: what it had or was to take may go to another one. */
export function hartChanged(vm: VmContext, vcpu: KvmVcpu): void {
  resetHart(vm, vcpu);
  signalReady(vm);
}
