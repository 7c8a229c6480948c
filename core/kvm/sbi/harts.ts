/** Which vcpus a hart mask means, and fences on them. [SBI 3.0 §3.1; Linux arch/riscv/kvm/tlb.c] */
import { U64_MAX } from '../../base/u64.ts';
import type { VcpuState } from '../state.ts';

const MASK_BITS = 64n;

/** The existing vcpus that `mask` selects from `base` up; all of them when `base` is all ones. */
export function vcpusOf(cpu: VcpuState, mask: bigint, base: bigint): readonly VcpuState[] {
  if (base === U64_MAX) return cpu.vm.vcpus;
  return cpu.vm.vcpus.filter((vcpu) => {
    const bit = BigInt(vcpu.id) - base;
    return bit >= 0n && bit < MASK_BITS && ((mask >> bit) & 1n) === 1n;
  });
}

/** Start 0 with size 0, or size all ones, means every address. */
export function fenceTranslation(
  targets: readonly VcpuState[],
  start: bigint,
  size: bigint,
  asid: bigint | undefined,
): void {
  const everything = (start === 0n && size === 0n) || size === U64_MAX;
  for (const { hart } of targets) {
    if (everything) hart.sfenceVma(undefined, undefined, asid);
    else hart.sfenceVma(start, size, asid);
  }
}

export function fenceInstructions(targets: readonly VcpuState[]): void {
  for (const { hart } of targets) hart.fenceI();
}
