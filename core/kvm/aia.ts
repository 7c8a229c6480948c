/**
 * What KVM does with the CSRs of Ssaia that trap, for VMs without an interrupt controller in the kernel.
 * [Linux arch/riscv/kvm/aia.c]
 */
import type { VcpuState } from './state.ts';

const CSR_SISELECT = 0x150;
const CSR_SIREG = 0x151;
const CSR_STOPEI = 0x15c;
const CSR_HVIPRIO1 = 0x646;
const CSR_HVIPRIO2 = 0x647;

/** Bits of siselect that KVM looks at. */
const ISELECT_MASK = 0x1ffn;
const FIRST_IPRIO = 0x30;
const LAST_IPRIO = 0x3f;
/** Interrupts in one register of the iprio array, and in one number of siselect: the odd ones do not exist. */
const IRQS_IN_REGISTER = 8;
const IRQS_IN_NUMBER = 4;

/** Where the priority number of an interrupt is: all others are always 0. */
const BYTE_OF = new Map<number, readonly [csr: number, byte: number]>([
  ...[0, 1, 4, 5, 8, 13, 14, 15].map((irq, byte): [number, [number, number]] => [irq, [CSR_HVIPRIO1, byte]]),
  ...[16, 17, 18, 19, 20, 21, 22, 23].map((irq, byte): [number, [number, number]] => [irq, [CSR_HVIPRIO2, byte]]),
]);

/** What a write changes: the bits of `mask` become those of `value`. */
export interface MaskedWrite {
  readonly value: bigint;
  readonly mask: bigint;
}

/** The old value of what KVM emulated, who else is to answer, or null for any other CSR. */
export function emulateAia(cpu: VcpuState, csr: number, write: MaskedWrite): bigint | 'exit' | 'illegal' | null {
  if (csr !== CSR_SIREG && csr !== CSR_STOPEI) return null;
  if (!cpu.isa.host.has('SSAIA')) return 'illegal';
  if (csr === CSR_STOPEI) return 'exit';
  const selected = Number(cpu.hart.readCsr(CSR_SISELECT) & ISELECT_MASK);
  if (selected < FIRST_IPRIO || selected > LAST_IPRIO) return 'exit';
  return selected % 2 === 0 ? priorities(cpu, (selected - FIRST_IPRIO) * IRQS_IN_NUMBER, write) : 'illegal';
}

/** Reads and writes the register of the iprio array that begins with that interrupt. */
function priorities(cpu: VcpuState, first: number, { value, mask }: MaskedWrite): bigint {
  let old = 0n;
  for (let index = 0; index < IRQS_IN_REGISTER; index++) {
    const at = BYTE_OF.get(first + index);
    if (at === undefined) continue;
    const [csr, byte] = at;
    const [from, to] = [BigInt(8 * byte), BigInt(8 * index)];
    const numbers = cpu.hart.readCsr(csr);
    const number = (numbers >> from) & 0xffn;
    old |= number << to;
    const changed = (mask >> to) & 0xffn;
    const next = (number & ~changed) | ((value >> to) & changed);
    if (changed !== 0n) cpu.hart.writeCsr(csr, (numbers & ~(0xffn << from)) | (next << from));
  }
  return old;
}
