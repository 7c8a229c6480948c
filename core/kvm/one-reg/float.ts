/**
 * FP_F and FP_D registers: f0 to f31 and fcsr. The kernel keeps them in a union: while a vcpu has D, its f registers
 * lie there as doublewords, and FP_F shows the first 33 words of these. [Linux arch/riscv/kvm/vcpu_fp.c]
 */
import { u64 } from '../../base/u64.ts';
import { FCSR } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import { EINVAL, ENOENT, KVM_REG_RISCV_FP_D, KVM_REG_RISCV_FP_F, KVM_REG_SIZE_U32, KVM_REG_SIZE_U64 } from '../uapi.ts';
import { found, type RegisterGroup } from './group.ts';

const NUMBERS = [...Array(FCSR + 1).keys()];
const WORD_BITS = 32n;
const LOW_WORD = 0xffff_ffffn;

const name = (number: number): string => (number === FCSR ? 'fcsr' : number < FCSR ? `f${number}` : `${number}`);

export const fpF: RegisterGroup = {
  type: KVM_REG_RISCV_FP_F,
  size: () => KVM_REG_SIZE_U32,
  list: (cpu) => (cpu.isa.has('F') ? NUMBERS : []),
  check: (cpu, number, size) => {
    if (!cpu.isa.has('F')) return ENOENT;
    if (size !== KVM_REG_SIZE_U32) return EINVAL;
    return number > FCSR ? ENOENT : 0;
  },
  get: (cpu, number) => found(readWord(cpu, number)),
  set: (cpu, number, value) => {
    writeWord(cpu, number, value & LOW_WORD);
    return 0;
  },
  name,
};

export const fpD: RegisterGroup = {
  type: KVM_REG_RISCV_FP_D,
  size: (number) => (number === FCSR ? KVM_REG_SIZE_U32 : KVM_REG_SIZE_U64),
  list: (cpu) => (cpu.isa.has('D') ? NUMBERS : []),
  check: (cpu, number, size) => {
    if (!cpu.isa.has('D') || number > FCSR) return ENOENT;
    return size === (number === FCSR ? KVM_REG_SIZE_U32 : KVM_REG_SIZE_U64) ? 0 : EINVAL;
  },
  get: ({ hart }, number) => found(number === FCSR ? BigInt(hart.fcsr) : hart.readF(number)),
  set: ({ hart }, number, value) => {
    if (number === FCSR) hart.fcsr = Number(value & LOW_WORD);
    else hart.writeF(number, value);
    return 0;
  },
  name,
};

function readWord({ hart, isa }: VcpuState, number: number): bigint {
  if (isa.has('D')) return (hart.readF(number >> 1) >> shiftOf(number)) & LOW_WORD;
  return number === FCSR ? BigInt(hart.fcsr) : hart.readF(number) & LOW_WORD;
}

function writeWord({ hart, isa }: VcpuState, number: number, value: bigint): void {
  if (isa.has('D')) {
    const shift = shiftOf(number);
    const others = hart.readF(number >> 1) & ~(LOW_WORD << shift);
    hart.writeF(number >> 1, others | (value << shift));
  } else if (number === FCSR) {
    hart.fcsr = Number(value);
  } else {
    // A single that is loaded into hardware is boxed.
    hart.writeF(number, u64(~LOW_WORD | value));
  }
}

/** Where word `number` is in its doubleword. */
function shiftOf(number: number): bigint {
  return number % 2 === 0 ? 0n : WORD_BITS;
}
