/**
 * Legacy calls in user space. The console part comes here even when KVM answers the rest. Results are
 * in a0 alone; a1 keeps what it had, as the specification says. [SBI 3.0 §5]
 */
import { u64FromNumber } from '../../base/u64.ts';
import type { KvmVcpu } from '../../kvm/uapi.ts';
import { SBI_ERRORS, type SbiError } from '../../sbi/types.ts';
import type { VmContext } from '../context.ts';
import { CSR } from '../registers.ts';
import { readVirtual } from '../translate.ts';
import { SSI } from '../wake.ts';
import { vcpusOf } from './harts.ts';
import { sendIpi } from './ipi.ts';
import { type FenceKind, remoteFence } from './rfence.ts';
import { type Call, giveUp, type Outcome, type Server } from './server.ts';
import { setTimer } from './time.ts';

/** clear_ipi's answer when an interrupt was pending: any positive number. [SBI 3.0 §5.4] */
const WAS_PENDING = 1;
/** getchar's answer when nothing is pending. */
const NO_BYTE = -1;
/** Bytes of the hart mask that are read: harts 0 to 63. */
const MASK_BYTES = 8;

export const v01: Server<'V01'> = {
  set_timer(vm, { stime_value }, call) {
    const failed = setTimer(vm, call.vcpu, stime_value);
    return failed ? giveUp(failed) : result(call, 0);
  },
  console_putchar(vm, { ch }, call) {
    vm.options.console.write(Uint8Array.of(Number(ch & 0xffn)));
    return result(call, 0);
  },
  console_getchar: (vm, _args, call) => result(call, vm.options.console.read(1)[0] ?? NO_BYTE),
  clear_ipi(vm, _args, call) {
    const pending = vm.get(call.vcpu, CSR.sip);
    const failed = vm.set(call.vcpu, [[CSR.sip, pending & ~SSI]]);
    return failed ? giveUp(failed) : result(call, pending & SSI ? WAS_PENDING : 0);
  },
  send_ipi: (vm, { hart_mask }, call) => masked(vm, call, hart_mask, (targets) => sendIpi(vm, call.vcpu, targets)),
  remote_fence_i: (vm, { hart_mask }, call) => fence(vm, call, 'fence_i', hart_mask, 0n, 0n, 0n),
  remote_sfence_vma: (vm, { hart_mask, start, size }, call) =>
    fence(vm, call, 'sfence_vma', hart_mask, start, size, 0n),
  remote_sfence_vma_asid: (vm, { hart_mask, start, size, asid }, call) =>
    fence(vm, call, 'sfence_vma_asid', hart_mask, start, size, asid),
  shutdown: () => ({ kind: 'end', end: { kind: 'shutdown', reason: 0n } }),
};

function result(call: Call, a0: number): Outcome {
  return { kind: 'return', a0: u64FromNumber(a0), a1: call.registers[1] ?? 0n };
}

function error(call: Call, name: SbiError): Outcome {
  return result(call, SBI_ERRORS[name]);
}

function fence(
  vm: VmContext,
  call: Call,
  kind: FenceKind,
  mask: bigint,
  start: bigint,
  size: bigint,
  asid: bigint,
): Outcome {
  return masked(vm, call, mask, (targets) => remoteFence(vm, call.vcpu, kind, targets, start, size, asid));
}

/** Does `work` for the harts of the bit vector at a guest-virtual address; a null pointer means all. */
function masked(vm: VmContext, call: Call, pointer: bigint, work: (targets: readonly KvmVcpu[]) => boolean): Outcome {
  if (pointer === 0n) return work(vm.vcpus) ? result(call, 0) : error(call, 'FAILED');
  const mask = readVirtual(vm, call.vcpu, pointer, MASK_BYTES);
  if (typeof mask !== 'bigint') return { kind: 'fault', ...mask };
  const targets = vcpusOf(vm, mask, 0n);
  if (!targets) return error(call, 'INVALID_PARAM');
  return work(targets) ? result(call, 0) : error(call, 'FAILED');
}
