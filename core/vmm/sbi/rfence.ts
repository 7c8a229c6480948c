/**
 * RFENCE in user space. A fence on another vcpu needs KVM: only the accelerator interface has an ioctl
 * for it. The guest has no hypervisor extension, so the HFENCE functions are not there. [SBI 3.0 §8]
 */
import { U64_MAX } from '../../base/u64.ts';
import type { KvmVcpu, KvmVm } from '../../kvm/uapi.ts';
import { ioctlFailed, type VmContext } from '../context.ts';
import { vcpusOf } from './harts.ts';
import { type Call, type Server, SUCCESS } from './server.ts';

/** The field of satp has 16 bits, of which a hart may have fewer. [privileged ISA §satp] */
const ASID_MAX = 0xffffn;
/** A range that goes on at address 0 is none; all ones as size mean every address. [SBI 3.0 §8] */
const ADDRESSES = U64_MAX + 1n;

export type FenceKind = Parameters<KvmVm['remoteFence']>[0];
interface Masked {
  readonly hart_mask: bigint;
  readonly hart_mask_base: bigint;
}

export const rfence: Server<'RFENCE'> = {
  remote_fence_i: (vm, args, call) => fence(vm, call, 'fence_i', args, 0n, 0n, 0n),
  remote_sfence_vma: (vm, args, call) =>
    wrapped(args) ?? fence(vm, call, 'sfence_vma', args, args.start_addr, args.size, 0n),
  remote_sfence_vma_asid: (vm, args, call) =>
    wrapped(args) ?? fence(vm, call, 'sfence_vma_asid', args, args.start_addr, args.size, args.asid),
  remote_hfence_gvma_vmid: () => ({ error: 'NOT_SUPPORTED' }),
  remote_hfence_gvma: () => ({ error: 'NOT_SUPPORTED' }),
  remote_hfence_vvma_asid: () => ({ error: 'NOT_SUPPORTED' }),
  remote_hfence_vvma: () => ({ error: 'NOT_SUPPORTED' }),
};

function wrapped({ start_addr, size }: { readonly start_addr: bigint; readonly size: bigint }) {
  const wraps = size !== U64_MAX && start_addr + size > ADDRESSES;
  return wraps ? ({ error: 'INVALID_ADDRESS' } as const) : null;
}

function fence(
  vm: VmContext,
  { vcpu }: Call,
  kind: FenceKind,
  mask: Masked,
  start: bigint,
  size: bigint,
  asid: bigint,
) {
  const targets = vcpusOf(vm, mask.hart_mask, mask.hart_mask_base);
  if (!targets || asid > ASID_MAX) return { error: 'INVALID_PARAM' } as const;
  return remoteFence(vm, vcpu, kind, targets, start, size, asid) ? SUCCESS : ({ error: 'FAILED' } as const);
}

/** False when KVM cannot do it, which is said. */
export function remoteFence(
  vm: VmContext,
  from: KvmVcpu,
  kind: FenceKind,
  targets: readonly KvmVcpu[],
  start: bigint,
  size: bigint,
  asid: bigint,
): boolean {
  if (targets.length === 0) return true;
  const ids = targets.map((vcpu) => vcpu.id);
  const ret = vm.vm.remoteFence(kind, ids, start, size, asid);
  if (ret < 0) vm.say(`remote ${kind}: ${ioctlFailed('the fence', null, ret)}; this KVM interface has no such ioctl`);
  else count(vm, from, kind, targets);
  return ret >= 0;
}

/** As firmware events. */
const COUNTED = {
  fence_i: ['FENCE_I_SENT', 'FENCE_I_RECEIVED'],
  sfence_vma: ['SFENCE_VMA_SENT', 'SFENCE_VMA_RECEIVED'],
  sfence_vma_asid: ['SFENCE_VMA_ASID_SENT', 'SFENCE_VMA_ASID_RECEIVED'],
} as const;

function count(vm: VmContext, from: KvmVcpu, kind: FenceKind, targets: readonly KvmVcpu[]): void {
  const [sent, received] = COUNTED[kind];
  vm.sbi.PMU.count(from.id, sent);
  for (const { id } of targets) vm.sbi.PMU.count(id, received);
}
