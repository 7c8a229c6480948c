/**
 * Guest-virtual to guest-physical addresses for the VMM, which sees only satp and memory: what a legacy
 * call that takes a pointer needs. Permissions are not checked. [privileged ISA §sv39, §sv48, §sv57]
 */
import { fromLittleEndian } from '../base/bytes.ts';
import type { KvmVcpu } from '../kvm/uapi.ts';
import type { VmContext } from './context.ts';
import { LOAD_ACCESS_FAULT, LOAD_PAGE_FAULT } from './fault.ts';
import { CSR } from './registers.ts';

const PTE_V = 1n;
const PTE_R = 0b0010n;
const PTE_W = 0b0100n;
const PTE_LEAF = 0b1010n;
const PAGE_SHIFT = 12n;
const INDEX_BITS = 9n;
const PPN_MASK = (1n << 44n) - 1n;
/** Levels of page tables by satp.MODE. */
const LEVELS: Readonly<Record<string, number>> = { 8: 3, 9: 4, 10: 5 };

export function translate(vm: VmContext, vcpu: KvmVcpu, va: bigint): bigint | null {
  const satp = vm.get(vcpu, CSR.satp);
  const levels = LEVELS[(satp >> 60n).toString()];
  if (levels === undefined) return va;
  const bits = Number(PAGE_SHIFT) + Number(INDEX_BITS) * levels;
  if (BigInt.asUintN(64, BigInt.asIntN(bits, va)) !== va) return null;
  let table = (satp & PPN_MASK) << PAGE_SHIFT;
  for (let level = levels - 1; level >= 0; level--) {
    const shift = PAGE_SHIFT + INDEX_BITS * BigInt(level);
    const at = table + 8n * ((va >> shift) & ((1n << INDEX_BITS) - 1n));
    if (!vm.ram.contains(at, 8n)) return null;
    const pte = fromLittleEndian(vm.ram.read(at, 8));
    if ((pte & PTE_V) === 0n || (pte & (PTE_R | PTE_W)) === PTE_W) return null;
    table = ((pte >> 10n) & PPN_MASK) << PAGE_SHIFT;
    if (pte & PTE_LEAF) {
      const offset = (1n << shift) - 1n;
      return (table & offset) === 0n ? table | (va & offset) : null;
    }
  }
  return null;
}

/** Why a guest-virtual address cannot be read, and which. */
export interface ReadFault {
  readonly cause: bigint;
  readonly address: bigint;
}

/** An unsigned little-endian number at a guest-virtual address, byte by byte over page borders, or the fault. */
export function readVirtual(vm: VmContext, vcpu: KvmVcpu, va: bigint, length: number): bigint | ReadFault {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const address = BigInt.asUintN(64, va + BigInt(i));
    const gpa = translate(vm, vcpu, address);
    if (gpa === null) return { cause: LOAD_PAGE_FAULT, address };
    if (!vm.ram.contains(gpa, 1n)) return { cause: LOAD_ACCESS_FAULT, address };
    bytes.set(vm.ram.read(gpa, 1), i);
  }
  return fromLittleEndian(bytes);
}
