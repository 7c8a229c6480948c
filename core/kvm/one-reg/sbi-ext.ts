/** SBI_EXT registers: who answers an extension, one each or 64 of them as bits. [Linux vcpu_sbi.c] */

import { SUBTYPE_MASK, WORD_BITS } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import {
  EBUSY,
  EINVAL,
  ENOENT,
  KVM_REG_RISCV_MULTI_DIS,
  KVM_REG_RISCV_MULTI_EN,
  KVM_REG_RISCV_SBI_EXT,
  KVM_RISCV_SBI_EXT,
  KVM_SBI_EXT_OFF,
} from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

const MULTI_EN = Number(KVM_REG_RISCV_MULTI_EN);
const MULTI_DIS = Number(KVM_REG_RISCV_MULTI_DIS);
const NAMES = new Map<number, string>(Object.entries(KVM_RISCV_SBI_EXT).map(([name, number]) => [number, name]));

export const sbiExt: RegisterGroup = {
  type: KVM_REG_RISCV_SBI_EXT,
  isKnown: ({ vm }) => vm.accelerator || vm.userspaceSbi || vm.options.profile.quirks.sbiRegisters === 'present',
  list: (cpu) => {
    const multi = cpu.vm.options.profile.quirks.registerList === 'with multi' ? [MULTI_EN, MULTI_DIS] : [];
    return [...cpu.sbi.numbers(), ...multi];
  },
  get: (cpu, number) => {
    const index = number & ~SUBTYPE_MASK;
    switch (number & SUBTYPE_MASK) {
      case 0: {
        const name = cpu.sbi.nameOf(index);
        return name === undefined ? failed(ENOENT) : found(cpu.sbi.value(name));
      }
      case MULTI_EN:
        return index === 0 ? found(enabledBits(cpu)) : failed(ENOENT);
      case MULTI_DIS:
        return index === 0 ? found(BigInt.asUintN(WORD_BITS, ~enabledBits(cpu))) : failed(ENOENT);
      default:
        return failed(ENOENT);
    }
  },
  frozen: (cpu) => cpu.ran,
  set: (cpu, number, value) => {
    if (cpu.ran) return EBUSY;
    const index = number & ~SUBTYPE_MASK;
    switch (number & SUBTYPE_MASK) {
      case 0:
        return setSingle(cpu, index, value);
      case MULTI_EN:
        return index === 0 ? setMany(cpu, value, true) : ENOENT;
      case MULTI_DIS:
        return index === 0 ? setMany(cpu, value, false) : ENOENT;
      default:
        return ENOENT;
    }
  },
  name: (number) => {
    const index = number & ~SUBTYPE_MASK;
    if ((number & SUBTYPE_MASK) === MULTI_EN) return `MULTI_EN[${index}]`;
    if ((number & SUBTYPE_MASK) === MULTI_DIS) return `MULTI_DIS[${index}]`;
    return NAMES.get(number) ?? `${number}`;
  },
};

function setSingle(cpu: VcpuState, index: number, value: bigint): number {
  if (!cpu.sbi.isValue(value)) return EINVAL;
  const name = cpu.sbi.nameOf(index);
  if (name === undefined) return ENOENT;
  return cpu.sbi.set(name, value) ? 0 : EINVAL;
}

/** Bits without an extension are ignored. */
function setMany(cpu: VcpuState, bits: bigint, on: boolean): number {
  for (let bit = 0; bit < WORD_BITS; bit++) {
    const name = ((bits >> BigInt(bit)) & 1n) === 1n ? cpu.sbi.nameOf(bit) : undefined;
    if (name !== undefined) cpu.sbi.set(name, on ? cpu.sbi.onValue(name) : KVM_SBI_EXT_OFF);
  }
  return 0;
}

function enabledBits(cpu: VcpuState): bigint {
  return cpu.sbi.numbers().reduce((bits, number) => {
    const name = cpu.sbi.nameOf(number);
    const on = name !== undefined && cpu.sbi.value(name) !== KVM_SBI_EXT_OFF;
    return on ? bits | (1n << BigInt(number)) : bits;
  }, 0n);
}
