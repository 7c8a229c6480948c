/**
 * What a thread of the VMM sleeps for, as plain data, and whether it has come. KVM tells user space of no
 * interrupt of a vcpu that is not running, so for a suspended hart the VMM looks: at its pending registers
 * now and then, and at its timer.
 */
import type { KvmVcpu } from '../kvm/uapi.ts';
import type { VmContext } from './context.ts';
import { CSR, TIMER } from './registers.ts';
import { hasEvent } from './sbi/sse/route.ts';

/** Bits of sie and sip. [privileged ISA §sip] */
export const SSI = 1n << 1n;
export const STI = 1n << 5n;
/** Virtual ns between two looks: as late as an interrupt may come to a suspended hart. */
const LOOK_EVERY_NS = 1_000_000;

/** Times are virtual ns. */
export type UserSleep =
  /** hart_suspend: until an interrupt of `enabled` is pending, which is looked at from `look` on, or the timer is due. */
  | { readonly kind: 'hart'; readonly enabled: bigint; readonly deadline: number; readonly look: number }
  /** system_suspend: until there is console input, or `end`. */
  | { readonly kind: 'system'; readonly end: number }
  /** Until `end`, whatever comes. */
  | { readonly kind: 'fixed'; readonly end: number }
  /** The thread is over, and the VM goes on without it. */
  | { readonly kind: 'over' };

export function hartSleep(vm: VmContext, vcpu: KvmVcpu): UserSleep {
  const { now, timebaseFrequency } = vm.options;
  const enabled = vm.get(vcpu, CSR.sie);
  const ticks = vm.get(vcpu, TIMER.compare) - vm.get(vcpu, TIMER.time);
  const timed = (enabled & STI) !== 0n;
  const deadline = timed
    ? now() + Math.max(0, Math.ceil((Number(ticks) * 1e9) / timebaseFrequency))
    : Number.POSITIVE_INFINITY;
  return { kind: 'hart', enabled, deadline, look: now() + LOOK_EVERY_NS };
}

/** When to look again. */
export function sleepsUntil({ options, sbi }: VmContext, vcpu: KvmVcpu, sleep: UserSleep): number {
  switch (sleep.kind) {
    case 'hart':
      return Math.min(sleep.look, sleep.deadline, sbi.SSE.signalledAt(vcpu.id) ?? sleep.look);
    case 'system':
      return options.console.pending > 0 ? options.now() : sleep.end;
    case 'fixed':
      return sleep.end;
    case 'over':
      return Number.POSITIVE_INFINITY;
    default:
      return sleep satisfies never;
  }
}

/** Null when the vcpu goes on now, or the sleep that is left. */
export function stillSleeps(vm: VmContext, vcpu: KvmVcpu, sleep: UserSleep): UserSleep | null {
  const { console, now } = vm.options;
  switch (sleep.kind) {
    case 'hart': {
      // A software event is an event of the platform that ends the suspension. [SBI 3.0 §9.4]
      if (hasEvent(vm, vcpu)) return null;
      if (now() >= sleep.deadline) return null;
      if (now() < sleep.look) return sleep;
      if ((vm.get(vcpu, CSR.sip) & sleep.enabled) !== 0n) return null;
      return { ...sleep, look: now() + LOOK_EVERY_NS };
    }
    case 'system':
      return console.pending > 0 || now() >= sleep.end ? null : sleep;
    case 'fixed':
      return now() >= sleep.end ? null : sleep;
    case 'over':
      return sleep;
    default:
      return sleep satisfies never;
  }
}
