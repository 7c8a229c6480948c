/**
 * The overflow of a counter as an event. KVM tells the guest of it, by the local counter-overflow interrupt, and user
 * space by nothing: the exit for it is a what-if of the accelerator, whoever serves PMU. The specification names the event
 * and leaves the interrupt open; here the interrupt stays away while the event is enabled, as with OpenSBI, for else a
 * guest would hear of each overflow twice. A firmware counter has no interrupt and makes no event. [SBI 3.0 §11, §17.1]
 */
import type { KvmVcpu } from '../../../kvm/uapi.ts';
import { SSE_EVENTS } from '../../../sbi/spec/sse.ts';
import type { VmmSettings } from '../../api.ts';
import { ioctlFailed, type VmContext } from '../../context.ts';
import type { SoftwareEvent } from './event.ts';
import { raise } from './route.ts';

const { LOCAL_PMU_OVERFLOW } = SSE_EVENTS;

/** Says, when the VM is made, whether there is the event. */
export function offerOverflow({ options, sbi }: VmContext): void {
  if (overflowRefusal(options) === null) sbi.SSE.offer(LOCAL_PMU_OVERFLOW);
}

/** Why there is no such event, in words for the log; null when there is. */
function overflowRefusal({ modes, interface: kvmInterface, isa }: VmmSettings): string | null {
  if (modes.PMU === 'off') return 'PMU is off: there is no counter that could overflow';
  if (!isa.some((name) => name.toLowerCase() === 'sscofpmf')) return 'the harts have no Sscofpmf: no overflow is seen';
  if (kvmInterface === 'accelerator') return null;
  return 'KVM tells the guest alone that a counter overflowed: this interface has no exit for it';
}

/** What the log says of an event that is not there, if anything. */
export function refusal({ options }: VmContext, id: bigint): string | null {
  return BigInt.asUintN(32, id) === BigInt(LOCAL_PMU_OVERFLOW) ? overflowRefusal(options) : null;
}

/** A counter of the hart overflowed. */
export function overflown(vm: VmContext, { id }: KvmVcpu): void {
  raise(vm, LOCAL_PMU_OVERFLOW, id, id);
}

/** To be called when an event became enabled, or no longer is. */
export function followState(vm: VmContext, vcpu: KvmVcpu, event: SoftwareEvent): void {
  if (event.id === LOCAL_PMU_OVERFLOW) route(vm, vcpu, isOn(event));
}

/** The hart is about to be reset, and with it the event: overflows are the guest's own again. */
export function releaseOverflow(vm: VmContext, vcpu: KvmVcpu): void {
  const event = vm.sbi.SSE.find(BigInt(LOCAL_PMU_OVERFLOW), vcpu.id);
  if (!('error' in event) && isOn(event)) route(vm, vcpu, false);
}

function isOn({ state }: SoftwareEvent): boolean {
  return state === 'ENABLED' || state === 'RUNNING';
}

function route(vm: VmContext, vcpu: KvmVcpu, exits: boolean): void {
  const { errno } = vcpu.pmu({ op: 'overflow', exits });
  if (errno !== 0) vm.say(`SSE: ${ioctlFailed('PMU_COUNTER overflow', vcpu, errno)}`);
}
