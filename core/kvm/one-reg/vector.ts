/**
 * VECTOR registers of a host with V. Harts here have none, so that a guest cannot change them: they read back as
 * written. [Linux arch/riscv/kvm/vcpu_vector.c]
 */

import { FIRST_VECTOR, knowsIsaExt, VECTOR_NAMES, VECTOR_REGISTERS } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import { EINVAL, ENOENT, KVM_REG_RISCV_VECTOR, KVM_REG_SIZE_U64 } from '../uapi.ts';
import { found, type RegisterGroup } from './group.ts';

const VLENB = VECTOR_NAMES.indexOf('vlenb');
const SIZE_SHIFT = 52n;

/** Size bits for so many bytes: a power of two. */
function sizeOf(bytes: number): bigint {
  return BigInt(Math.log2(bytes)) << SIZE_SHIFT;
}

function isVector(number: number): boolean {
  return number >= FIRST_VECTOR && number < FIRST_VECTOR + VECTOR_REGISTERS;
}

function vlenb(cpu: VcpuState): number {
  return cpu.vm.options.profile.hardware.vlenb;
}

export const vector: RegisterGroup = {
  type: KVM_REG_RISCV_VECTOR,
  isKnown: ({ vm }) => knowsIsaExt(vm.options.profile, 'V'),
  size: (number, cpu) => (isVector(number) ? sizeOf(vlenb(cpu)) : KVM_REG_SIZE_U64),
  list: (cpu) =>
    cpu.isa.has('V')
      ? [...VECTOR_NAMES.keys(), ...Array.from({ length: VECTOR_REGISTERS }, (_, index) => FIRST_VECTOR + index)]
      : [],
  check: (cpu, number, size) => {
    if (!cpu.isa.has('V') || !(number < VECTOR_NAMES.length || isVector(number))) return ENOENT;
    return size === (isVector(number) ? sizeOf(vlenb(cpu)) : KVM_REG_SIZE_U64) ? 0 : EINVAL;
  },
  get: (cpu, number) => found(number === VLENB ? BigInt(vlenb(cpu)) : (cpu.vector.get(number) ?? 0n)),
  set: (cpu, number, value) => {
    if (number === VLENB) return value === BigInt(vlenb(cpu)) ? 0 : EINVAL;
    cpu.vector.set(number, value);
    return 0;
  },
  name: (number) => VECTOR_NAMES[number] ?? (isVector(number) ? `v${number - FIRST_VECTOR}` : `${number}`),
};
