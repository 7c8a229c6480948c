/** Which vcpus a call means. [SBI 3.0 §3.1] */

import { U64_MAX } from '../../base/u64.ts';
import { KVM_MP_STATE_STOPPED, type KvmVcpu } from '../../kvm/uapi.ts';
import type { VmContext } from '../context.ts';

export function vcpuOf(vm: VmContext, hartid: bigint): KvmVcpu | undefined {
  return vm.vcpus.find((vcpu) => BigInt(vcpu.id) === hartid);
}

/** The vcpus of hart_mask and hart_mask_base, or null when one of them does not exist. */
export function vcpusOf(vm: VmContext, mask: bigint, base: bigint): readonly KvmVcpu[] | null {
  if (base === U64_MAX) return vm.vcpus;
  const found: KvmVcpu[] = [];
  for (let bit = 0n; bit < 64n; bit++) {
    if (((mask >> bit) & 1n) === 0n) continue;
    const vcpu = vcpuOf(vm, base + bit);
    if (!vcpu) return null;
    found.push(vcpu);
  }
  return found;
}

export function isStopped(vcpu: KvmVcpu): boolean {
  return vcpu.getMpState() === KVM_MP_STATE_STOPPED;
}
