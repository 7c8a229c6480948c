/** How the answer to an SBI call reaches the guest and the trace, at once or after user space gave it. */
import { extensionOf, functionOf } from '../../sbi/codec.ts';
import type { VcpuState } from '../state.ts';
import type { KvmRun } from '../uapi.ts';
import type { Answering, Call, OpenCall } from './call.ts';

const A0 = 10;
const A1 = 11;
const ECALL_LENGTH = 4;
const NOT_SUPPORTED = BigInt.asUintN(64, -2n);

/** A verdict holds more than has to be kept, and is shared by calls. */
export function openCall(call: Call, { by, keepsA1, noReturn, kernel }: Answering): OpenCall {
  return { call, answering: { by, keepsA1, noReturn, kernel } };
}

/** The kernel's own answer. */
export function answerCall(cpu: VcpuState, call: Call, answering: Answering, error: bigint, value: bigint): void {
  const { hart } = cpu;
  if (!answering.keepsA1) hart.writeX(A1, value);
  hart.complete(A0, error, ECALL_LENGTH);
  const a1 = answering.keepsA1 ? (call.args[1] ?? 0n) : value;
  if (answering.noReturn) reportCall(cpu, call, answering, null, null, false);
  else reportCall(cpu, call, answering, error, a1, false);
}

/** Fills `run.riscv_sbi` for user space. */
export function describeCall(call: Call, run: KvmRun): void {
  run.riscv_sbi = {
    extension_id: call.eid,
    function_id: call.fid,
    args: [...call.args],
    ret: [NOT_SUPPORTED, 0n],
  };
}

/** Takes the answer of user space. */
export function completeCall(cpu: VcpuState, run: KvmRun, { call, answering }: OpenCall): void {
  const [a0, a1] = run.riscv_sbi.ret;
  const error = BigInt.asUintN(64, a0);
  const value = BigInt.asUintN(64, a1);
  cpu.hart.writeX(A1, value);
  cpu.hart.complete(A0, error, ECALL_LENGTH);
  const returns = cpu.pendingReset === null && !isTakenOver(run, call, error, value);
  reportCall(cpu, call, answering, returns ? error : null, returns ? value : null, true);
}

/**
 * Whether a call that user space answered does not return: user space had the exit completed without letting the guest
 * go on, which is how it takes the vcpu over, and the call is one that succeeds only by not coming back, or one that
 * goes on elsewhere and left the registers of the result as they were.
 */
function isTakenOver(run: KvmRun, call: Call, error: bigint, value: bigint): boolean {
  if (run.immediate_exit === 0) return false;
  const extension = extensionOf(call.eid);
  const definition = extension && functionOf(extension, call.eid, call.fid)?.definition;
  if (definition?.resumes === true) return error === call.args[0] && value === call.args[1];
  return error === 0n && definition?.noReturn === true;
}

/** `error` and `value` are null for a call that does not return. */
export function reportCall(
  cpu: VcpuState,
  call: Call,
  { by, kernel }: Answering,
  error: bigint | null,
  value: bigint | null,
  exited: boolean,
): void {
  const { id, vm, clock } = cpu;
  const { pc, eid, fid, args } = call;
  vm.options.hooks.observer.call({
    kind: 'call',
    hart: id,
    time: vm.nanoseconds(call.start),
    pc,
    eid,
    fid,
    args,
    by,
    error,
    value,
    cost: vm.nanoseconds(clock.now - call.start),
    exited,
    kernel,
  });
}
