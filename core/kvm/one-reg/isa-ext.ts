/** ISA_EXT registers: one extension each, or 64 of them as bits. [Linux vcpu_onereg.c] */

import { ISA_EXT_NAMES } from '../profiles/isa.ts';
import { SUBTYPE_MASK, WORD_BITS } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import {
  EBUSY,
  EINVAL,
  ENOENT,
  EOPNOTSUPP,
  KVM_REG_RISCV_ISA_EXT,
  KVM_REG_RISCV_MULTI_DIS,
  KVM_REG_RISCV_MULTI_EN,
} from '../uapi.ts';
import { failed, found, isNoChange, type RegisterGroup } from './group.ts';

const MULTI_EN = Number(KVM_REG_RISCV_MULTI_EN);
const MULTI_DIS = Number(KVM_REG_RISCV_MULTI_DIS);

export const isaExt: RegisterGroup = {
  type: KVM_REG_RISCV_ISA_EXT,
  isKnown: (cpu) => cpu.vm.options.profile.isaExtCount > 0,
  list: (cpu) => cpu.isa.numbers(),
  get: (cpu, number) => {
    const index = number & ~SUBTYPE_MASK;
    switch (number & SUBTYPE_MASK) {
      case 0: {
        const name = cpu.isa.nameOf(index);
        if (name === undefined) return tellsOfAbsent(cpu, index) ? found(0n) : failed(ENOENT);
        return found(cpu.isa.has(name) ? 1n : 0n);
      }
      case MULTI_EN:
        return isWord(cpu, index) ? found(word(cpu, index)) : failed(ENOENT);
      case MULTI_DIS:
        return isWord(cpu, index) ? found(BigInt.asUintN(WORD_BITS, ~word(cpu, index))) : failed(ENOENT);
      default:
        return failed(ENOENT);
    }
  },
  set: (cpu, number, value) => {
    const index = number & ~SUBTYPE_MASK;
    switch (number & SUBTYPE_MASK) {
      case 0:
        return setSingle(cpu, index, value);
      case MULTI_EN:
        return setMany(cpu, index, value, 1n);
      case MULTI_DIS:
        return setMany(cpu, index, value, 0n);
      default:
        return ENOENT;
    }
  },
  name: (number) => {
    const index = number & ~SUBTYPE_MASK;
    if ((number & SUBTYPE_MASK) === MULTI_EN) return `MULTI_EN[${index}]`;
    if ((number & SUBTYPE_MASK) === MULTI_DIS) return `MULTI_DIS[${index}]`;
    return ISA_EXT_NAMES[index] ?? `${number}`;
  },
};

function setSingle(cpu: VcpuState, index: number, value: bigint): number {
  const name = cpu.isa.nameOf(index);
  if (name === undefined) return tellsOfAbsent(cpu, index) ? EOPNOTSUPP : ENOENT;
  if (isNoChange(cpu, value === (cpu.isa.has(name) ? 1n : 0n))) return 0;
  if (cpu.ran) return EBUSY;
  if (value > 1n) return EINVAL;
  return cpu.isa.set(name, value === 1n) ? 0 : EINVAL;
}

/** Until Linux 6.5 what the release has a number for has a register even where the host lacks it. */
function tellsOfAbsent(cpu: VcpuState, index: number): boolean {
  const { quirks, isaExtCount } = cpu.vm.options.profile;
  return quirks.registerErrors === 'old' && index < isaExtCount;
}

function setMany(cpu: VcpuState, index: number, bits: bigint, value: bigint): number {
  if (!isWord(cpu, index)) return ENOENT;
  for (let bit = 0; bit < WORD_BITS; bit++) {
    if (((bits >> BigInt(bit)) & 1n) === 1n) setSingle(cpu, index * WORD_BITS + bit, value);
  }
  return 0;
}

function isWord(cpu: VcpuState, index: number): boolean {
  const { quirks, isaExtCount } = cpu.vm.options.profile;
  return quirks.isaMulti && index * WORD_BITS < isaExtCount;
}

function word(cpu: VcpuState, index: number): bigint {
  let bits = 0n;
  for (let bit = 0; bit < WORD_BITS; bit++) {
    const name = cpu.isa.nameOf(index * WORD_BITS + bit);
    if (name !== undefined && cpu.isa.has(name)) bits |= 1n << BigInt(bit);
  }
  return bits;
}
