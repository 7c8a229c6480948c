/**
 * Firmware events in user space: those of calls that the VMM answers it counts itself, under every interface. What KVM
 * does, only KVM can count, and only the accelerator has an ioctl that asks for it. [SBI 3.0 §11.6]
 */
import type { KvmVcpu } from '../../kvm/uapi.ts';
import { type FirmwareEvent, PMU_FIRMWARE_EVENTS } from '../../sbi/spec/pmu.ts';
import type { SbiName } from '../../sbi/types.ts';
import { ioctlFailed, type VmContext } from '../context.ts';

/** The extension whose calls an event counts, beside the legacy ones; events that are missing are KVM's alone. */
const COUNTED_IN: Partial<Record<FirmwareEvent, SbiName>> = {
  SET_TIMER: 'TIME',
  IPI_SENT: 'IPI',
  IPI_RECEIVED: 'IPI',
  FENCE_I_SENT: 'RFENCE',
  FENCE_I_RECEIVED: 'RFENCE',
  SFENCE_VMA_SENT: 'RFENCE',
  SFENCE_VMA_RECEIVED: 'RFENCE',
  SFENCE_VMA_ASID_SENT: 'RFENCE',
  SFENCE_VMA_ASID_RECEIVED: 'RFENCE',
};

/** Why an event cannot be counted, for the log; null when it can. */
export function firmwareRefusal({ options }: VmContext, event: FirmwareEvent): string | null {
  if (options.interface === 'accelerator') return null;
  const extension = COUNTED_IN[event];
  if (extension === undefined) return `firmware event ${event} happens in KVM, and no ioctl tells how often`;
  if (options.modes[extension] === 'vmm' || options.modes.V01 === 'vmm') return null;
  return `firmware event ${event} counts calls of ${extension}, which the VMM does not answer, and no ioctl tells how often KVM does`;
}

/** How often it has happened on a hart since it was reset, whoever did it. */
export function occurrences(vm: VmContext, vcpu: KvmVcpu, event: FirmwareEvent): bigint {
  const own = BigInt(vm.sbi.PMU.hart(vcpu.id).happened.get(event) ?? 0);
  if (vm.options.interface !== 'accelerator') return own;
  const { errno, value } = vcpu.pmu({ op: 'firmware', code: PMU_FIRMWARE_EVENTS.indexOf(event) });
  if (errno !== 0) vm.say(`PMU: ${ioctlFailed(`PMU_COUNTER for firmware event ${event}`, vcpu, errno)}`);
  return errno === 0 ? own + value : own;
}
