/**
 * IPI in user space. Linux has no ioctl that raises the software interrupt of a vcpu; only the
 * accelerator interface does. Without it the call can be received but not carried out. [SBI 3.0 §7]
 */
import type { KvmVcpu } from '../../kvm/uapi.ts';
import { ioctlFailed, type VmContext } from '../context.ts';
import { vcpusOf } from './harts.ts';
import { type Server, SUCCESS } from './server.ts';

export const ipi: Server<'IPI'> = {
  send_ipi(vm, { hart_mask, hart_mask_base }, { vcpu }) {
    const targets = vcpusOf(vm, hart_mask, hart_mask_base);
    if (!targets) return { error: 'INVALID_PARAM' };
    return sendIpi(vm, vcpu, targets) ? SUCCESS : { error: 'FAILED' };
  },
};

/** False when KVM cannot do it, which is said. */
export function sendIpi(vm: VmContext, from: KvmVcpu, targets: readonly KvmVcpu[]): boolean {
  for (const vcpu of targets) {
    const ret = vcpu.softwareInterrupt();
    if (ret < 0) {
      vm.say(
        `send_ipi: ${ioctlFailed('raising the software interrupt', vcpu, ret)}; this KVM interface has no such ioctl`,
      );
      return false;
    }
    vm.sbi.PMU.count(vcpu.id, 'IPI_RECEIVED');
  }
  vm.sbi.PMU.count(from.id, 'IPI_SENT');
  return true;
}
