import { describe, expect, it } from 'vitest';
import { SBI } from '../sbi/spec/index.ts';
import { hostProfile } from './profiles/index.ts';
import { type Bench, bench, COSTS, ecall, RAM_BASE, sbiExtId } from './testdata/bench.ts';
import * as uapi from './uapi.ts';

const NEW = hostProfile('linux-7.2')!;
const OLD = hostProfile('linux-6.12')!;
const HSM = BigInt(SBI.HSM.eid[0]);
const IPI = BigInt(SBI.IPI.eid[0]);
const [HART_START, HART_STOP, HART_STATUS, HART_SUSPEND] = [0n, 1n, 2n, 3n];
const CSR_SIE = 0x104;

function run(vm: Bench, index: number, units: number): number {
  const thread = vm.threads[index]!;
  thread.sliceEnd = thread.clock.now + units;
  return vm.vcpus[index]!.kvmRun();
}

describe('two vcpus', () => {
  const status = (vm: Bench): bigint => {
    ecall(vm, 0, HSM, HART_STATUS, [1n]);
    return vm.harts[0]!.readX(11);
  };

  it('start, sleep and stop as hart_get_status says, with registers as at reset [SBI 3.0 §9]', () => {
    const vm = bench(NEW, 'upstream', { vcpus: 2 });
    expect([status(vm), vm.threads[1]!.sleepingUntil()]).toEqual([1n, Number.POSITIVE_INFINITY]);
    ecall(vm, 0, IPI, 0n, [2n, 0n]);
    ecall(vm, 0, HSM, HART_START, [1n, 0x40000000n, 0xabcd1234n]);
    const second = vm.harts[1]!;
    expect([second.pc, second.readX(10), second.readX(11), second.isPending(1)]).toEqual([
      0x40000000n,
      1n,
      0xabcd1234n,
      false,
    ]);
    const start = vm.calls.at(-1)!;
    // A unit is a nanosecond here: the second vcpu starts when it was called.
    expect(vm.threads[1]!.clock.now).toBe(start.time + start.cost);
    expect(status(vm)).toBe(0n);
    ecall(vm, 1, HSM, HART_SUSPEND, [0n, 0n, 0n]);
    expect(status(vm)).toBe(4n);
    second.writeCsr(CSR_SIE, 2n);
    ecall(vm, 0, IPI, 0n, [2n, 0n]);
    run(vm, 1, 1000);
    expect([status(vm), second.readX(10), second.pc]).toEqual([0n, 0n, 0x40000004n]);
    expect(vm.calls.find((call) => call.hart === 1)!.cost).toBeGreaterThan(COSTS.trapNs);
    ecall(vm, 1, HSM, HART_STOP, []);
    expect([status(vm), second.pc]).toEqual([1n, 0x40000008n]);
    expect(vm.calls.findLast((call) => call.hart === 1)).toMatchObject({ error: null, value: null, by: 'kvm' });
  });

  it('tell user space that HSM stopped or started one, once and before it runs, where that was asked for', () => {
    const vm = bench(NEW, 'accelerator', { vcpus: 2 });
    const [, second] = vm.vcpus;
    const exit = (result: number) => (result === 0 ? second!.run.exit_reason : result);
    const start = () => ecall(vm, 0, HSM, HART_START, [1n, RAM_BASE, 0n]);
    expect(vm.vm.enableCap(uapi.KVM_CAP_RISCV_HART_STATE_EXITS, 0, [])).toBe(0);
    start();
    const { retired } = vm.threads[1]!.clock;
    expect(exit(run(vm, 1, 1000))).toBe(uapi.KVM_EXIT_RISCV_HART_STATE);
    expect([second!.getMpState(), vm.threads[1]!.clock.retired]).toEqual([uapi.KVM_MP_STATE_RUNNABLE, retired]);
    expect(exit(run(vm, 1, 1000))).toBe(-uapi.EINTR);
    expect(exit(ecall(vm, 1, HSM, HART_STOP, []))).toBe(uapi.KVM_EXIT_RISCV_HART_STATE);
    expect([second!.getMpState(), exit(run(vm, 1, 1000))]).toEqual([uapi.KVM_MP_STATE_STOPPED, -uapi.EINTR]);
    // What user space does itself it knows.
    second!.setMpState(uapi.KVM_MP_STATE_RUNNABLE);
    expect(exit(run(vm, 1, 1000))).toBe(-uapi.EINTR);
  });

  it('tell nothing where it was not asked for, and Linux has no such capability', () => {
    const vm = bench(NEW, 'accelerator', { vcpus: 2 });
    ecall(vm, 0, HSM, HART_START, [1n, RAM_BASE, 0n]);
    expect([run(vm, 1, 1000), ecall(vm, 1, HSM, HART_STOP, []), vm.exits]).toEqual([-uapi.EINTR, -uapi.EINTR, []]);
    expect(vm.vm.enableCap(uapi.KVM_CAP_RISCV_HART_STATE_EXITS, 0, [])).toBe(-uapi.EBUSY);
    for (const kvmInterface of ['upstream', 'userspace'] as const) {
      const other = bench(NEW, kvmInterface, { vcpus: 2 }).vm;
      expect(other.enableCap(uapi.KVM_CAP_RISCV_HART_STATE_EXITS, 0, [])).toBe(-uapi.EINVAL);
    }
  });

  it.each([
    [NEW, -3n],
    [OLD, 0n],
  ] as const)('ids are cut to 32 bits, and one that does not exist is what $0.linux says', (profile, error) => {
    const vm = bench(profile, 'upstream', { vcpus: 2 });
    ecall(vm, 0, HSM, HART_STATUS, [7n]);
    expect(BigInt.asIntN(64, vm.harts[0]!.readX(10))).toBe(error);
    ecall(vm, 0, HSM, HART_STATUS, [0x1_0000_0001n]);
    expect(vm.harts[0]!.readX(11)).toBe(1n);
  });

  it('get the interrupt even when the mask also names one that is not there', () => {
    const vm = bench(NEW, 'upstream', { vcpus: 2 });
    ecall(vm, 0, IPI, 0n, [0b111n, 0n]);
    expect(BigInt.asIntN(64, vm.harts[0]!.readX(10))).toBe(-3n);
    expect(vm.harts.map((hart) => hart.isPending(1))).toEqual([true, true]);
  });

  it('fence without a look at harts or addresses', () => {
    const vm = bench(NEW, 'upstream', { vcpus: 2 });
    const rfence = BigInt(SBI.RFENCE.eid[0]);
    ecall(vm, 0, rfence, 0n, [0b1110n, 0n]);
    ecall(vm, 0, rfence, 1n, [0n, (1n << 64n) - 1n, 0n, 0n]);
    ecall(vm, 0, rfence, 2n, [0b10n, 0n, 0x1000n, 0x2000n, 7n]);
    expect(vm.harts[1]!.done).toEqual(['fence.i', 'sfence.vma all all all', 'sfence.vma 4096 8192 7']);
  });

  it('all stop at system_reset, and the call does not return', () => {
    const vm = bench(NEW, 'upstream', { vcpus: 2 });
    ecall(vm, 0, HSM, HART_START, [1n, RAM_BASE, 0n]);
    const { pc } = vm.harts[0]!;
    expect(ecall(vm, 0, BigInt(SBI.SRST.eid[0]), 0n, [0x1_0000_0001n, 0x5_0000_0002n])).toBe(0);
    const { run: page } = vm.vcpus[0]!;
    expect(page.exit_reason).toBe(uapi.KVM_EXIT_SYSTEM_EVENT);
    expect(page.system_event).toEqual({ type: uapi.KVM_SYSTEM_EVENT_RESET, data: [2n] });
    expect(vm.vcpus.map((vcpu) => vcpu.getMpState())).toEqual([5, 5]);
    expect([run(vm, 0, 1000), run(vm, 1, 1000), vm.harts[0]!.pc]).toEqual([-uapi.EINTR, -uapi.EINTR, pc]);
    expect(vm.calls.at(-1)).toMatchObject({ by: 'kvm', error: null, exited: true, cost: COSTS.trapNs + COSTS.exitNs });
  });
});

describe('system suspend', () => {
  const SUSP = BigInt(SBI.SUSP.eid[0]);
  const resumed = (vm: Bench) => [vm.harts[0]!.pc, vm.harts[0]!.readX(10), vm.harts[0]!.readX(11)];

  it('is checked and forwarded by Linux 7.2, which resumes the vcpu whatever user space answers', () => {
    const vm = bench(NEW, 'upstream', { vcpus: 2 });
    vm.vcpus[0]!.setOneReg(sbiExtId('SUSP'), 1n);
    ecall(vm, 0, HSM, HART_START, [1n, RAM_BASE, 0n]);
    const refused = (args: readonly bigint[]) => {
      expect(ecall(vm, 0, SUSP, 0n, args)).toBe(-uapi.EINTR);
      return BigInt.asIntN(64, vm.harts[0]!.readX(10));
    };
    expect([refused([1n, 0n, 0n]), refused([0n, 0x40000000n, 0n]), refused([0n, RAM_BASE, 0n])]).toEqual([
      -3n,
      -5n,
      -4n,
    ]);
    vm.vcpus[1]!.setMpState(uapi.KVM_MP_STATE_STOPPED);
    expect(ecall(vm, 0, SUSP, 0n, [0n, 0x80000084n, 0x77n])).toBe(0);
    run(vm, 0, 100);
    expect(resumed(vm)).toEqual([0x80000084n, 0n, 0x77n]);
    expect(vm.calls.at(-1)).toMatchObject({ by: 'vmm', error: null });
  });

  it('sleeps in the kernel of the accelerator until an enabled interrupt', () => {
    const vm = bench(OLD, 'accelerator');
    expect(vm.vcpus[0]!.setOneReg(sbiExtId('SUSP'), 1n)).toBe(0);
    run(vm, 0, 10);
    vm.harts[0]!.writeCsr(CSR_SIE, 0x200n);
    expect(ecall(vm, 0, SUSP, 0n, [0n, 0x80000084n, 0x77n])).toBe(-uapi.EINTR);
    expect(vm.threads[0]!.sleepingUntil()).toBe(Number.POSITIVE_INFINITY);
    vm.vcpus[0]!.interrupt(uapi.KVM_INTERRUPT_SET);
    run(vm, 0, 100);
    expect(resumed(vm)).toEqual([0x80000084n, 0n, 0x77n]);
  });
});
