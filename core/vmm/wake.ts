/**
 * When a hart that the VMM suspended has something to wake for. KVM tells user space of no interrupt of
 * a vcpu that is not running, so the VMM looks: at its pending registers now and then, and at its timer.
 */
import type { KvmVcpu } from '../kvm/uapi.ts';
import type { VmContext } from './context.ts';
import { CSR, TIMER } from './registers.ts';

/** Bits of sie and sip. [privileged ISA §sip] */
export const SSI = 1n << 1n;
export const STI = 1n << 5n;
/** Virtual ns between two looks: as late as an interrupt may come to a suspended hart. */
const LOOK_EVERY_NS = 1_000_000;

export interface Wake {
  awake(): boolean;
  /** Virtual ns. */
  until(): number;
}

export function wakeFromSuspend(vm: VmContext, vcpu: KvmVcpu): Wake {
  const { now, timebaseFrequency } = vm.options;
  const enabled = vm.get(vcpu, CSR.sie);
  const ticks = vm.get(vcpu, TIMER.compare) - vm.get(vcpu, TIMER.time);
  const timed = (enabled & STI) !== 0n;
  const deadline = timed
    ? now() + Math.max(0, Math.ceil((Number(ticks) * 1e9) / timebaseFrequency))
    : Number.POSITIVE_INFINITY;
  let look = now() + LOOK_EVERY_NS;
  return {
    until: () => Math.min(look, deadline),
    awake() {
      if (now() >= deadline) return true;
      if (now() < look) return false;
      look = now() + LOOK_EVERY_NS;
      return (vm.get(vcpu, CSR.sip) & enabled) !== 0n;
    },
  };
}
