/** How a group of ONE_REG registers is described. A register id is arch | size | type | number. [Linux uapi asm/kvm.h] */

import type { VcpuState } from '../state.ts';
import { KVM_REG_RISCV, KVM_REG_SIZE_U64, type OneReg } from '../uapi.ts';

export interface RegisterGroup {
  /** Value of the type field, in place. */
  readonly type: bigint;
  /** Whether the release has such registers at all; every release when left out. */
  isKnown?(cpu: VcpuState): boolean;
  /** Numbers (with their subtype) that KVM_GET_REG_LIST gives, in order. */
  list(cpu: VcpuState): readonly number[];
  /** For a group that can be absent, or whose registers are not all of 64 bits: 0 or a positive errno. */
  check?(cpu: VcpuState, number: number, size: bigint): number;
  /** The size bits of a register's id; those of 64 bits when a group does not say. */
  size?(number: number, cpu: VcpuState): bigint;
  /** `errno` is 0 or positive. */
  get(cpu: VcpuState, number: number): OneReg;
  /** 0 or a positive errno. */
  set(cpu: VcpuState, number: number, value: bigint): number;
  /** Whether a write is refused with EBUSY before the value is even fetched. */
  frozen?(cpu: VcpuState): boolean;
  /** `DBCN` of `SBI_EXT.DBCN`; the number when it has no name. */
  name(number: number): string;
}

/** Whether a write of the value that is there already does nothing: until Linux 6.5 it was refused like any other. */
export function isNoChange(cpu: VcpuState, same: boolean): boolean {
  return same && !(cpu.ran && cpu.vm.options.profile.quirks.registerErrors === 'old');
}

/** Whether what tells of the host cannot be written at all: since Linux 6.6 the value that it has can. */
export function refusesWrites(cpu: VcpuState): boolean {
  return cpu.vm.options.profile.quirks.registerErrors === 'old';
}

export function found(value: bigint): OneReg {
  return { errno: 0, value };
}

export function failed(errno: number): OneReg {
  return { errno, value: 0n };
}

export function registerId(cpu: VcpuState, { type, size }: RegisterGroup, number: number): bigint {
  return KVM_REG_RISCV | (size?.(number, cpu) ?? KVM_REG_SIZE_U64) | type | BigInt(number);
}
