/**
 * SUSP: the VMM sleeps until there is console input or its time is up, as kvmtool does. Linux KVM has
 * then checked the call and resets the vcpu itself when it goes on; a KVM that does not know SUSP hands
 * the call over as it is, and the VMM does both. [SBI 3.0 §13]
 */
import { SUSP } from '../../sbi/spec/susp.ts';
import { isStopped } from './harts.ts';
import type { Resumed, Server } from './server.ts';

/** kvmtool's default. */
export const SUSPEND_NS = 5_000_000_000;
const [TYPE] = SUSP.functions.system_suspend.args;
/** The shortest instruction. */
const INSTRUCTION = 2n;

export const susp: Server<'SUSP'> = {
  system_suspend(vm, { sleep_type, resume_addr, opaque }, call) {
    if (!vm.kvmChecksSuspend) {
      if (Number(sleep_type & 0xffff_ffffn) !== TYPE.values.SUSPEND_TO_RAM) return { error: 'INVALID_PARAM' };
      if (!vm.ram.contains(resume_addr, INSTRUCTION)) return { error: 'INVALID_ADDRESS' };
      if (vm.vcpus.some((vcpu) => vcpu !== call.vcpu && !isStopped(vcpu))) return { error: 'DENIED' };
    }
    const end = vm.options.now() + SUSPEND_NS;
    const next: Resumed = vm.kvmChecksSuspend
      ? { kind: 'return', a0: 0n, a1: 0n }
      : { kind: 'restart', pc: resume_addr, opaque };
    return { kind: 'sleep', sleep: { kind: 'system', end }, next };
  },
};
