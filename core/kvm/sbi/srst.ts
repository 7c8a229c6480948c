/** SRST in KVM: type and reason are cut to 32 bits, the reason is not checked, reserved types are refused. [SBI 3.0 §10] */
import { SBI } from '../../sbi/spec/index.ts';
import { KVM_SYSTEM_EVENT_RESET, KVM_SYSTEM_EVENT_SHUTDOWN } from '../uapi.ts';
import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

const TYPES = SBI.SRST.functions.system_reset.args[0].values;

export const srst: KernelExtension<'SRST'> = {
  system_reset: (_cpu, resetType, resetReason) => {
    const reason = BigInt.asUintN(32, resetReason);
    switch (BigInt.asUintN(32, resetType)) {
      case BigInt(TYPES.SHUTDOWN):
        return { kind: 'stop', event: { type: KVM_SYSTEM_EVENT_SHUTDOWN, reason } };
      case BigInt(TYPES.COLD_REBOOT):
      case BigInt(TYPES.WARM_REBOOT):
        return { kind: 'stop', event: { type: KVM_SYSTEM_EVENT_RESET, reason } };
      default:
        return done('NOT_SUPPORTED');
    }
  },
};
