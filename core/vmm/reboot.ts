/**
 * Boots the VM again after the guest asked for a reset, by the ioctls that QEMU makes then: what was loaded is loaded
 * anew, every register is zero but those of the boot protocol, and vcpu 0 alone runs. The rest of RAM stays as it is, and
 * so does what KVM keeps behind no register: nothing tells it of a reset. [`profiles/testdata/README.md`]
 */
import type { Segment } from '../guests/elf.ts';
import {
  KVM_INTERRUPT_UNSET,
  KVM_MP_STATE_RUNNABLE,
  KVM_MP_STATE_STOPPED,
  KVM_REG_RISCV,
  KVM_REG_RISCV_CORE,
  KVM_REG_RISCV_CSR,
  KVM_REG_RISCV_FP_D,
  KVM_REG_RISCV_FP_F,
  KVM_REG_SIZE_U64,
  type KvmVcpu,
} from '../kvm/uapi.ts';
import { ioctlFailed, type VmContext } from './context.ts';
import type { GuestRam } from './ram.ts';
import { CORE, CSR, type Register } from './registers.ts';
import { kicked } from './start.ts';

/** What the VMM put into RAM before the guest ran, and where the guest starts. */
export interface Loaded {
  readonly segments: readonly Segment[];
  readonly entry: bigint;
  readonly tree: bigint;
}

/** Null, or what failed in words. */
export function bootAgain(
  vm: VmContext,
  present: ReadonlySet<bigint>,
  { segments, entry, tree }: Loaded,
): string | null {
  // What another vcpu has open would else be completed over its new registers.
  for (const vcpu of vm.vcpus) kicked(vcpu);
  for (const segment of segments) loadAnew(vm.ram, segment);
  vm.suspended.clear();
  for (const vcpu of vm.vcpus) {
    vm.resetHart(vcpu.id);
    const failed =
      vm.set(vcpu, [
        ...zeroed(present).map((register) => [register, 0n] as const),
        [CORE.mode, SUPERVISOR],
        [CORE.pc, entry],
        [CORE.a0, BigInt(vcpu.id)],
        [CORE.a1, tree],
      ]) ?? started(vcpu);
    if (failed !== null) return failed;
  }
  return null;
}

/** CORE.mode. [Linux uapi asm/kvm.h] */
const SUPERVISOR = 1n;

function started(vcpu: KvmVcpu): string | null {
  vcpu.interrupt(KVM_INTERRUPT_UNSET);
  const state = vcpu.id === 0 ? KVM_MP_STATE_RUNNABLE : KVM_MP_STATE_STOPPED;
  const ret = vcpu.setMpState(state);
  return ret < 0 ? ioctlFailed(`KVM_SET_MP_STATE ${state}`, vcpu, ret) : null;
}

/** Its zero-filled part is written too. */
function loadAnew(ram: GuestRam, { address, bytes, size }: Segment): void {
  ram.write(address, bytes);
  for (let done = BigInt(bytes.length); done < size; done += CLEARED_AT_ONCE) {
    const left = size - done;
    ram.write(address + done, new Uint8Array(Number(left < CLEARED_AT_ONCE ? left : CLEARED_AT_ONCE)));
  }
}

/** Bytes; bounds what is allocated to clear a large part. */
const CLEARED_AT_ONCE = 0x10_0000n;

/** The registers to clear: those that every KVM has, and of those that it lists the other general CSRs and the floats. */
function zeroed(present: ReadonlySet<bigint>): readonly Register[] {
  const listed = [...present].filter((id) => CLEARED.has(id & (TYPE | SUBTYPE)));
  return [...new Set([...ALWAYS, ...listed])].map((id) => ({ id, name: `0x${id.toString(16)}` }));
}

/** Fields of a register id. [Linux uapi asm/kvm.h] */
const TYPE = 0xff00_0000n;
const SUBTYPE = 0x00ff_0000n;
const CLEARED: ReadonlySet<bigint> = new Set([KVM_REG_RISCV_CSR, KVM_REG_RISCV_FP_F, KVM_REG_RISCV_FP_D]);

/** x1 to x31, and the CSRs from sstatus to satp. */
const ALWAYS: readonly bigint[] = [
  ...numbered(KVM_REG_RISCV_CORE, 32).slice(1),
  ...numbered(KVM_REG_RISCV_CSR, Number(BigInt.asUintN(8, CSR.satp.id)) + 1),
];

function numbered(type: bigint, count: number): readonly bigint[] {
  return Array.from({ length: count }, (_, number) => KVM_REG_RISCV | KVM_REG_SIZE_U64 | type | BigInt(number));
}
