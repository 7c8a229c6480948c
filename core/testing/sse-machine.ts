/** For tests: a VM on a fake KVM whose harts make SSE calls, by name. */
import { fromLittleEndian, toLittleEndian } from '../base/bytes.ts';
import { KVM_MP_STATE_RUNNABLE } from '../kvm/uapi.ts';
import { SSE, SSE_ATTRIBUTES, SSE_EVENTS, SSE_PLATFORM_EVENTS, type SseAttribute } from '../sbi/spec/sse.ts';
import { SBI_ERRORS, type SbiError } from '../sbi/types.ts';
import type { VmmSnapshot } from '../vmm/snapshot.ts';
import { sbiExit } from './fake-kvm.ts';
import { AT, type Overrides, running } from './fake-machine.ts';

export const { LOCAL_SOFTWARE, GLOBAL_SOFTWARE } = SSE_EVENTS;
export const { CONSOLE_INPUT } = SSE_PLATFORM_EVENTS;
const [EID] = SSE.eid;
const NAMES = Object.keys(SBI_ERRORS) as SbiError[];

/** Every hart runs, with nothing to do but the calls that a test makes. */
export function sseMachine(overrides: Overrides = {}, saved?: VmmSnapshot) {
  const it = running(
    { interface: 'userspace', ...overrides, modes: { SSE: 'vmm', ...overrides.modes } },
    undefined,
    saved,
  );
  for (const vcpu of it.kvm.vcpus) vcpu.mpState = KVM_MP_STATE_RUNNABLE;

  /** The error of a call by a hart, or the a0 that it got instead. */
  const callOn = (hart: number, name: keyof typeof SSE.functions, ...args: readonly (number | bigint)[]) => {
    const cpu = it.cpu(hart);
    cpu.returned.length = 0;
    cpu.script.push(sbiExit(EID, SSE.functions[name].fid, ...args));
    it.turn(hart);
    it.turn(hart);
    const [error] = cpu.returned.pop() ?? [];
    return NAMES.find((key) => BigInt(SBI_ERRORS[key]) === error) ?? error;
  };
  const call = (name: keyof typeof SSE.functions, ...args: readonly (number | bigint)[]) => callOn(0, name, ...args);

  const readOn = (hart: number, event: number, attribute: SseAttribute): bigint => {
    const error = callOn(hart, 'read_attrs', event, SSE_ATTRIBUTES[attribute], 1, AT, 0);
    if (error !== 'SUCCESS') throw new Error(`read_attrs: ${error}`);
    return fromLittleEndian(it.memory(AT, 8));
  };
  const writeOn = (hart: number, event: number, attribute: SseAttribute, ...values: readonly bigint[]) => {
    for (const [index, value] of values.entries()) it.poke(AT + BigInt(8 * index), toLittleEndian(value, 8));
    return callOn(hart, 'write_attrs', event, SSE_ATTRIBUTES[attribute], values.length, AT, 0);
  };
  /** Registers and enables. */
  const enableOn = (hart: number, event: number, pc: bigint, arg = 0n) => {
    const errors = [callOn(hart, 'register', event, pc, arg), callOn(hart, 'enable', event)];
    if (errors.some((error) => error !== 'SUCCESS')) throw new Error(`enable: ${errors.join(' ')}`);
  };
  return {
    ...it,
    callOn,
    call,
    readOn,
    read: (event: number, attribute: SseAttribute) => readOn(0, event, attribute),
    writeOn,
    write: (event: number, attribute: SseAttribute, ...values: readonly bigint[]) =>
      writeOn(0, event, attribute, ...values),
    enableOn,
    enable: (event: number, pc: bigint, arg = 0n) => enableOn(0, event, pc, arg),
  };
}
