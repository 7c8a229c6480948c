import { describe, expect, it } from 'vitest';
import { hostProfile } from './profiles/index.ts';
import { bench, RAM_BASE } from './testdata/bench.ts';
import * as uapi from './uapi.ts';

const NEW = hostProfile('linux-7.2')!;
const OLD = hostProfile('linux-6.12')!;

describe('what only the accelerator can do', () => {
  it('is refused elsewhere with ENOTTY', () => {
    const vm = bench(NEW, 'upstream');
    expect([vm.vcpus[0]!.softwareInterrupt(), vm.vm.remoteFence('fence_i', [0], 0n, 0n, 0n)]).toEqual([
      -uapi.ENOTTY,
      -uapi.ENOTTY,
    ]);
    expect(vm.vm.enableCap(uapi.KVM_CAP_RISCV_SBI_ACCELERATOR, 0, [])).toBe(-uapi.EINVAL);
    expect(vm.vm.checkExtension(uapi.KVM_CAP_RISCV_USERSPACE_SBI)).toBe(0);
  });

  it('raises the software interrupt and fences for user space', () => {
    const vm = bench(NEW, 'accelerator', { vcpus: 2 });
    expect([vm.vcpus[1]!.softwareInterrupt(), vm.vm.remoteFence('sfence_vma', [1], 0n, 0n, 0n)]).toEqual([0, 0]);
    expect([vm.harts[1]!.isPending(1), vm.harts[1]!.done]).toEqual([true, ['sfence.vma all all all']]);
  });
});

describe('ioctls of the VM', () => {
  it.each([
    ['MP_STATE_RESET', NEW, uapi.KVM_CAP_RISCV_MP_STATE_RESET, 0],
    ['MP_STATE_RESET', OLD, uapi.KVM_CAP_RISCV_MP_STATE_RESET, -uapi.EINVAL],
    ['VM_GPA_BITS', NEW, 207, -uapi.EBUSY],
    ['VM_GPA_BITS', OLD, 207, -uapi.EINVAL],
  ] as const)('KVM_ENABLE_CAP %s is answered as $1.linux does', (_name, profile, cap, result) => {
    expect(bench(profile, 'upstream').vm.enableCap(cap, 0, [])).toBe(result);
  });

  it('create a vcpu once, and memory slots that do not overlap', () => {
    const { vm } = bench(NEW, 'upstream');
    expect([vm.createVcpu(0), vm.createVcpu(100_000)]).toEqual([-uapi.EEXIST, -uapi.EINVAL]);
    const slot = { slot: 1, flags: 0, guest_phys_addr: RAM_BASE, memory_size: 0x1000n, userspace_addr: 0n };
    expect(vm.setUserMemoryRegion(slot)).toBe(-uapi.EEXIST);
    expect(vm.setUserMemoryRegion({ ...slot, guest_phys_addr: 0x1001n })).toBe(-uapi.EINVAL);
    expect(vm.setUserMemoryRegion({ ...slot, guest_phys_addr: 0x1000n })).toBe(0);
    expect(vm.setUserMemoryRegion({ ...slot, memory_size: 0n })).toBe(0);
  });

  it('set mp states as Linux knows them', () => {
    const [vcpu] = bench(NEW, 'upstream').vcpus;
    const states = [0, 1, 2, 3, 5, 10].map((state) => [vcpu!.setMpState(state), vcpu!.getMpState()]);
    const refused = -uapi.EINVAL;
    expect(states).toEqual([
      [0, 0],
      [refused, 0],
      [refused, 0],
      [refused, 0],
      [0, 5],
      [refused, 5],
    ]);
  });
});
