/**
 * Which hart takes which event, and when: what is pending, enabled and more urgent than what runs, on a hart that is
 * not stopped and has not masked events. A hart that is to take one is signalled, as a VMM kicks its vcpu thread; the
 * thread then looks for itself. [SBI 3.0 §17.2, §17.3]
 */
import type { KvmVcpu } from '../../../kvm/uapi.ts';
import type { VmContext } from '../../context.ts';
import { isStopped } from '../harts.ts';
import { mostUrgent, type SoftwareEvent } from './event.ts';

/**
 * An event happens: a global one, or a local one on that hart. What the platform does not support is lost. `awake` is a
 * hart that is known not to be stopped.
 */
export function raise(vm: VmContext, id: number, hart: number, awake?: number): void {
  const event = vm.sbi.SSE.find(BigInt(id), hart);
  if ('error' in event || vm.options.modes.SSE !== 'vmm') return;
  event.pending = true;
  signalReady(vm, awake);
}

/** To be called whenever an event became pending, or a hart or an event ready. */
export function signalReady(vm: VmContext, awake?: number): void {
  for (const { id } of vm.vcpus) {
    if (nextFor(vm, id, awake)) vm.sbi.SSE.signal(id, vm.options.now());
  }
}

/** Whether there may be a hart that a global event would reach if it happened now. */
export function isAwaited({ sbi, vcpus }: VmContext, id: number): boolean {
  return sbi.SSE.global.get(id)?.state === 'ENABLED' && vcpus.some((vcpu) => !sbi.SSE.isMasked(vcpu.id));
}

/** Whether a hart that was signalled has an event to take; if not, it has heard the signal. */
export function hasEvent(vm: VmContext, { id }: KvmVcpu): boolean {
  if (vm.sbi.SSE.signalledAt(id) === null) return false;
  if (nextFor(vm, id, id)) return true;
  vm.sbi.SSE.heard(id);
  return false;
}

/** The event that a hart takes now. */
export function nextFor(vm: VmContext, hart: number, awake?: number): SoftwareEvent | undefined {
  const isReady = (event: SoftwareEvent) => event.pending && event.state === 'ENABLED';
  return mostUrgent(
    [...vm.sbi.SSE.of(hart)].filter((event) => isReady(event) && takerOf(vm, event, hart, awake) === hart),
  );
}

/** The event that is running on a hart and not preempted. */
export function runningOn(vm: VmContext, hart: number): SoftwareEvent | undefined {
  return mostUrgent([...vm.sbi.SSE.of(hart)].filter((event) => event.runningOn === hart));
}

/** A local event can only go to its hart; a global one goes to the preferred hart, or else to the first that can. */
function takerOf(vm: VmContext, event: SoftwareEvent, hart: number, awake?: number): number | undefined {
  if (!event.isGlobal) return canTake(vm, event, hart, awake) ? hart : undefined;
  const others = vm.vcpus.map(({ id }) => id).filter((id) => id !== event.preferredHart);
  return [event.preferredHart, ...others].find((id) => canTake(vm, event, id, awake));
}

function canTake(vm: VmContext, event: SoftwareEvent, hart: number, awake?: number): boolean {
  if (vm.sbi.SSE.isMasked(hart)) return false;
  const running = runningOn(vm, hart);
  if (running && !event.isBefore(running)) return false;
  const vcpu = vm.vcpus[hart];
  if (!vcpu || hart === awake || !isStopped(vcpu)) return vcpu !== undefined;
  // KVM stopped it and told nobody.
  vm.sbi.SSE.resetHart(hart);
  return false;
}
