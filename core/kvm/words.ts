/** Names for what crosses the interface: errno values, exit reasons, registers, as the trace shows them. */
import * as uapi from './uapi.ts';

const EXIT_NAMES: Readonly<Record<number, string>> = {
  [uapi.KVM_EXIT_UNKNOWN]: 'KVM_EXIT_UNKNOWN',
  [uapi.KVM_EXIT_DEBUG]: 'KVM_EXIT_DEBUG',
  [uapi.KVM_EXIT_MMIO]: 'KVM_EXIT_MMIO',
  [uapi.KVM_EXIT_FAIL_ENTRY]: 'KVM_EXIT_FAIL_ENTRY',
  [uapi.KVM_EXIT_INTR]: 'KVM_EXIT_INTR',
  [uapi.KVM_EXIT_INTERNAL_ERROR]: 'KVM_EXIT_INTERNAL_ERROR',
  [uapi.KVM_EXIT_SYSTEM_EVENT]: 'KVM_EXIT_SYSTEM_EVENT',
  [uapi.KVM_EXIT_RISCV_SBI]: 'KVM_EXIT_RISCV_SBI',
  [uapi.KVM_EXIT_RISCV_CSR]: 'KVM_EXIT_RISCV_CSR',
};

/** WHAT-IF: Linux has no such capabilities. */
const WHAT_IF_CAPS: Readonly<Record<number, string>> = {
  [uapi.KVM_CAP_RISCV_USERSPACE_SBI]: 'KVM_CAP_RISCV_USERSPACE_SBI',
  [uapi.KVM_CAP_RISCV_SBI_ACCELERATOR]: 'KVM_CAP_RISCV_SBI_ACCELERATOR',
};

const MP_STATE_NAMES: Readonly<Record<number, string>> = {
  [uapi.KVM_MP_STATE_RUNNABLE]: 'RUNNABLE',
  [uapi.KVM_MP_STATE_INIT_RECEIVED]: 'INIT_RECEIVED',
  [uapi.KVM_MP_STATE_STOPPED]: 'STOPPED',
};

/** `KVM_EXIT_MMIO` for 6; the number for one that RISC-V does not use. */
export function exitName(reason: number): string {
  return EXIT_NAMES[reason] ?? `exit ${reason}`;
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
