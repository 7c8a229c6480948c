/** Names for what crosses the interface: errno values, exit reasons, registers, as the trace shows them. */
import * as uapi from './uapi.ts';

/** WHAT-IF: Linux has no such capabilities. */
const WHAT_IF_CAPS: Readonly<Record<number, string>> = {
  [uapi.KVM_CAP_RISCV_USERSPACE_SBI]: 'KVM_CAP_RISCV_USERSPACE_SBI',
  [uapi.KVM_CAP_RISCV_SBI_ACCELERATOR]: 'KVM_CAP_RISCV_SBI_ACCELERATOR',
  [uapi.KVM_CAP_RISCV_HART_STATE_EXITS]: 'KVM_CAP_RISCV_HART_STATE_EXITS',
};

const MP_STATE_NAMES: Readonly<Record<number, string>> = {
  [uapi.KVM_MP_STATE_RUNNABLE]: 'RUNNABLE',
  [uapi.KVM_MP_STATE_INIT_RECEIVED]: 'INIT_RECEIVED',
  [uapi.KVM_MP_STATE_STOPPED]: 'STOPPED',
};

/** `KVM_EXIT_MMIO` for 6; the number for one that RISC-V does not use. */
export function exitName(reason: number): string {
  return uapi.KVM_EXIT_NAMES[reason] ?? `exit ${reason}`;
}

export function capName(cap: number): string {
  return WHAT_IF_CAPS[cap] ?? uapi.KVM_CAP_NAMES[cap] ?? `cap ${cap}`;
}

export function mpStateName(state: number): string {
  return MP_STATE_NAMES[state] ?? `${state}`;
}

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** `read trigger 2`. */
export function triggerWords(command: uapi.KvmTriggerCommand): string {
  switch (command.op) {
    case 'count':
      return 'count triggers';
    case 'read':
      return `read trigger ${command.index}`;
    default: {
      const { tdata1, tdata2, tdata3 } = command.registers;
      return `${command.op} trigger ${command.index}: tdata1 ${hex(tdata1)}, tdata2 ${hex(tdata2)}, tdata3 ${hex(tdata3)}`;
    }
  }
}

/** `start counter 2 from 0x10`. */
export function pmuWords(command: uapi.KvmPmuCommand): string {
  switch (command.op) {
    case 'check':
      return `check event ${hex(command.event)}`;
    case 'configure':
      return `configure counter ${command.counter} for event ${hex(command.event)}, flags ${hex(command.flags)}`;
    case 'start':
      return `start counter ${command.counter}${command.value === null ? '' : ` from ${hex(command.value)}`}`;
    case 'firmware':
      return `read firmware event ${command.code}`;
    case 'overflow':
      return `overflow ${command.exits ? 'exits' : 'interrupts the guest'}`;
    default:
      return `${command.op} counter ${command.counter}`;
  }
}
