/** The VM file descriptor: memory slots, vcpus, capabilities. [Linux virt/kvm/kvm_main.c] */

import { at, PlainError } from '../schema/plain.ts';
import { checkExtension, enableCap } from './caps.ts';
import type { VcpuThread } from './host.ts';
import { fenceInstructions, fenceTranslation } from './sbi/harts.ts';
import type { VmSnapshot } from './snapshot.ts';
import { CSR_STIMECMP, VcpuState, type VmState } from './state.ts';
import {
  EEXIST,
  EINVAL,
  ENODEV,
  ENOTTY,
  KVM_CAP_IRQCHIP,
  KVM_CAP_MAX_VCPUS,
  KVM_CAP_NR_MEMSLOTS,
  KVM_CREATE_DEVICE_TEST,
  KVM_DEV_TYPE_RISCV_AIA,
  type KvmStat,
  type KvmUserspaceMemoryRegion,
  type KvmVcpu,
  type KvmVm,
  type RefusedRequest,
} from './uapi.ts';
import { Vcpu } from './vcpu.ts';
import { capName, hex } from './words.ts';

const PAGE_MASK = 0xfffn;

interface Slot {
  readonly gpa: bigint;
  readonly size: bigint;
  /** In the memory that was lent. */
  readonly offset: bigint;
}

export class Vm implements KvmVm {
  readonly #slots = new Map<number, Slot>();
  readonly #vcpus: Vcpu[] = [];

  constructor(private readonly state: VmState) {}

  get threads(): readonly VcpuThread[] {
    return this.#vcpus;
  }

  checkExtension(cap: number): number {
    const result = checkExtension(this.state, cap);
    this.log('KVM_CHECK_EXTENSION', capName(cap), result);
    return result;
  }

  enableCap(cap: number, flags: number, args: readonly bigint[]): number {
    const result = enableCap(this.state, cap, flags, args);
    this.log('KVM_ENABLE_CAP', capName(cap), result);
    return result;
  }

  setUserMemoryRegion(region: KvmUserspaceMemoryRegion): number {
    const { slot, guest_phys_addr, memory_size, userspace_addr } = region;
    const result = this.mapSlot(region);
    const where = memory_size === 0n ? 'removed' : `${hex(guest_phys_addr)}, ${hex(memory_size)} bytes`;
    const args = `slot ${slot}: ${where}${memory_size === 0n ? '' : ` from ${hex(userspace_addr)}`}`;
    this.log('KVM_SET_USER_MEMORY_REGION', args, result);
    return result;
  }

  createVcpu(id: number): KvmVcpu | number {
    const vcpu = this.makeVcpu(id);
    this.log('KVM_CREATE_VCPU', `${id}`, typeof vcpu === 'number' ? vcpu : 0);
    return vcpu;
  }

  remoteFence(
    kind: 'fence_i' | 'sfence_vma' | 'sfence_vma_asid',
    mask: readonly number[],
    start: bigint,
    size: bigint,
    asid: bigint,
  ): number {
    const result = this.state.accelerator ? 0 : -ENOTTY;
    const targets = this.state.vcpus.filter((vcpu) => mask.includes(vcpu.id));
    if (result === 0 && kind === 'fence_i') fenceInstructions(targets);
    else if (result === 0) fenceTranslation(targets, start, size, kind === 'sfence_vma_asid' ? asid : undefined);
    this.log('REMOTE_FENCE', `${kind} on ${mask.map((id) => `vcpu ${id}`).join(', ')}`, result);
    return result;
  }

  createDevice(type: number, flags: number): number {
    const { capabilities } = this.state.options.profile;
    const there = type === KVM_DEV_TYPE_RISCV_AIA && capabilities[KVM_CAP_IRQCHIP] === 1;
    // The model has no irqchip of its own: a device can be asked for, not made.
    const result = there && (flags & KVM_CREATE_DEVICE_TEST) !== 0 ? 0 : -ENODEV;
    this.log('KVM_CREATE_DEVICE', type === KVM_DEV_TYPE_RISCV_AIA ? 'RISCV_AIA' : `type ${type}`, result);
    return result;
  }

  ioctl(request: RefusedRequest): number {
    this.log(request, '', -EINVAL);
    return -EINVAL;
  }

  getStats(): readonly KvmStat[] {
    return [];
  }

  save(): VmSnapshot {
    const { userspaceSbi, accelerator, hartStateExits, mpStateReset, timeDelta, now } = this.state;
    const slots = [...this.#slots].map(([slot, { gpa, size, offset }]) => ({
      slot,
      gpa: hex(gpa),
      size: hex(size),
      offset: hex(offset),
    }));
    const enabled = { userspaceSbi, accelerator, hartStateExits, mpStateReset };
    const clock = { timeDelta: hex(BigInt.asUintN(64, timeDelta)), now };
    return { ...enabled, ...clock, slots, vcpus: this.#vcpus.map((vcpu) => vcpu.save()) };
  }

  /** Into a VM with the same vcpus. Throws PlainError; the VM is then of no use. */
  load(saved: VmSnapshot): void {
    const { state } = this;
    if (saved.vcpus.length !== this.#vcpus.length) {
      throw new PlainError('vcpus', `there are ${saved.vcpus.length} where the machine has ${this.#vcpus.length}`);
    }
    state.userspaceSbi = saved.userspaceSbi;
    state.accelerator = saved.accelerator;
    state.hartStateExits = saved.hartStateExits ?? false;
    state.mpStateReset = saved.mpStateReset;
    state.timeDelta = BigInt(saved.timeDelta);
    state.now = saved.now;
    for (const slot of this.#slots.keys()) state.options.memory.mapSlot(slot, 0n, 0n, 0n);
    this.#slots.clear();
    for (const [index, { slot, gpa, size, offset }] of saved.slots.entries()) {
      const region = { slot, flags: 0, guest_phys_addr: BigInt(gpa), memory_size: BigInt(size) };
      const result = this.mapSlot({ ...region, userspace_addr: BigInt(offset) });
      if (result < 0) throw new PlainError(`slots.${index}`, `${size} bytes at ${gpa} cannot be a memory slot`);
    }
    for (const [index, vcpu] of this.#vcpus.entries()) {
      const own = saved.vcpus[index];
      if (own !== undefined) at(`vcpus.${index}`, () => vcpu.load(own));
    }
  }

  private makeVcpu(id: number): Vcpu | number {
    const { state } = this;
    const limit = checkExtension(state, KVM_CAP_MAX_VCPUS);
    if (!Number.isInteger(id) || id < 0 || id >= limit) return -EINVAL;
    if (state.vcpu(id) !== undefined) return -EEXIST;
    const vcpuState = new VcpuState(id, state, reportStimecmp);
    const vcpu = new Vcpu(vcpuState);
    state.vcpus.push(vcpuState);
    this.#vcpus.push(vcpu);
    return vcpu;
  }

  private mapSlot(region: KvmUserspaceMemoryRegion): number {
    const { slot, flags, guest_phys_addr: gpa, memory_size: size, userspace_addr: offset } = region;
    const aligned = ((gpa | size | offset) & PAGE_MASK) === 0n;
    const slots = checkExtension(this.state, KVM_CAP_NR_MEMSLOTS);
    if (!aligned || flags !== 0 || slot < 0 || slot >= slots || gpa + size > MAX_GPA) return -EINVAL;
    const old = this.#slots.get(slot);
    if (size === 0n) {
      if (old === undefined) return -EINVAL;
      this.#slots.delete(slot);
    } else {
      const others = [...this.#slots].filter(([number]) => number !== slot);
      if (others.some(([, other]) => gpa < other.gpa + other.size && other.gpa < gpa + size)) return -EEXIST;
      this.#slots.set(slot, { gpa, size, offset });
    }
    if (this.state.options.memory.mapSlot(slot, gpa, size, offset)) return 0;
    if (old === undefined) this.#slots.delete(slot);
    else this.#slots.set(slot, old);
    return -EINVAL;
  }

  private log(name: string, args: string, ret: number): void {
    const time = this.state.nanoseconds(this.state.now);
    this.state.options.hooks.observer.ioctl({ kind: 'ioctl', time, fd: 'vm', name, args, ret });
  }
}

/** Guest-physical addresses that Sv57x4 can translate. */
const MAX_GPA = 1n << 59n;

/** Shows what replaces set_timer when the guest has Sstc. */
function reportStimecmp(cpu: VcpuState, value: bigint): void {
  const { vm, clock, hart, id } = cpu;
  vm.options.hooks.observer.call({
    kind: 'call',
    hart: id,
    time: vm.nanoseconds(clock.now),
    pc: hart.pc,
    eid: BigInt(CSR_STIMECMP),
    fid: 0n,
    args: [value],
    by: 'guest',
    error: null,
    value: null,
    cost: 0,
    exited: false,
    kernel: 'stimecmp is written by the guest itself (Sstc): KVM does not see it',
  });
}
