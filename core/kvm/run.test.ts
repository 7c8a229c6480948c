import { describe, expect, it } from 'vitest';
import { SBI } from '../sbi/spec/index.ts';
import { hostProfile } from './profiles/index.ts';
import { type Bench, bench, ecall, RAM_BASE, sbiExtId } from './testdata/bench.ts';
import * as uapi from './uapi.ts';

const NEW = hostProfile('linux-7.2')!;
const OLD = hostProfile('linux-6.12')!;
const CORE = uapi.KVM_REG_RISCV | uapi.KVM_REG_SIZE_U64 | uapi.KVM_REG_RISCV_CORE;
const TIMER = uapi.KVM_REG_RISCV | uapi.KVM_REG_SIZE_U64 | uapi.KVM_REG_RISCV_TIMER;
const CSR_SIE = 0x104;

function run(vm: Bench, index: number, units: number): number {
  const thread = vm.threads[index]!;
  thread.sliceEnd = thread.clock.now + units;
  return vm.vcpus[index]!.kvmRun();
}

function lh(gpa: bigint, word = LH, length: 2 | 4 = 4) {
  return { kind: 'mmio', store: false, gpa, va: gpa, bytes: 2, value: 0n, signed: true, rd: 5, length, word } as const;
}
const LH = 0x0005_1283;

describe('an MMIO exit', () => {
  it('is completed once: rd written sign-extended, pc moved on', () => {
    const vm = bench(NEW, 'upstream');
    const [hart] = vm.harts;
    hart!.script.push(lh(0x10000000n));
    expect(run(vm, 0, 1000)).toBe(0);
    const { mmio, exit_reason } = vm.vcpus[0]!.run;
    expect([exit_reason, mmio.phys_addr, mmio.len, mmio.is_write]).toEqual([uapi.KVM_EXIT_MMIO, 0x10000000n, 2, false]);
    mmio.data.set([0xff, 0xff]);
    const start = vm.threads[0]!.clock.now;
    expect(run(vm, 0, 1000)).toBe(-uapi.EINTR);
    expect(run(vm, 0, 1000)).toBe(-uapi.EINTR);
    expect([hart!.readX(5), hart!.pc]).toEqual([(1n << 64n) - 1n, 4n]);
    expect(vm.threads[0]!.clock.now).toBe(start + 2000);
  });

  it('comes byte by byte when it is misaligned', () => {
    const vm = bench(NEW, 'upstream');
    vm.harts[0]!.script.push(lh(0x10000001n));
    const seen: bigint[] = [];
    while (run(vm, 0, 100_000) === 0) {
      const { mmio } = vm.vcpus[0]!.run;
      expect(mmio.len).toBe(1);
      seen.push(mmio.phys_addr);
      mmio.data[0] = seen.length;
    }
    expect(seen).toEqual([0x10000001n, 0x10000002n]);
    expect(vm.harts[0]!.readX(5)).toBe(0x0201n);
    expect(vm.traps).toEqual(['mmio', 'mmio']);
  });

  it.each([
    ['lr.w', 0x1005_22af, 4, -uapi.EOPNOTSUPP],
    ['fld', 0x0005_3007, 4, -uapi.EOPNOTSUPP],
    ['lb', 0x0005_0283, 4, 0],
    ['sd', 0xfe55_3c23, 4, 0],
    ['c.ld', 0x611c, 2, 0],
    ['c.fld', 0x211c, 2, -uapi.EOPNOTSUPP],
    ['c.sdsp', 0xe02a, 2, 0],
  ] as const)('of %s gives what KVM can take apart', (_name, word, length, result) => {
    const vm = bench(NEW, 'upstream');
    vm.harts[0]!.script.push(lh(0x10000000n, word, length));
    expect(run(vm, 0, 1000)).toBe(result);
  });
});

describe('a fetch outside the memory slots', () => {
  const fault = { kind: 'fetch-fault', gpa: 0x40000000n, va: 0x40000000n } as const;

  it('ends KVM_RUN with EOPNOTSUPP in Linux 6.12', () => {
    const vm = bench(OLD, 'upstream');
    vm.harts[0]!.script.push(fault);
    expect(run(vm, 0, 1000)).toBe(-uapi.EOPNOTSUPP);
    expect(vm.vcpus[0]!.run.exit_reason).toBe(uapi.KVM_EXIT_UNKNOWN);
  });

  it('gives the guest an instruction access fault in Linux 7.2', () => {
    const vm = bench(NEW, 'upstream');
    vm.harts[0]!.script.push(fault);
    expect(run(vm, 0, 5000)).toBe(-uapi.EINTR);
    expect(vm.harts[0]!.done).toEqual(['trap 1 40000000']);
  });
});

describe('a CSR that traps', () => {
  const read = (csr: number) =>
    ({ kind: 'csr', csr, access: 'rs', source: 0n, writes: false, rd: 7, word: 0xc0002573 }) as const;

  it('reads 0 for cycle and instret, and is illegal else, without a PMU', () => {
    const vm = bench(NEW, 'upstream');
    vm.harts[0]!.writeX(7, 9n);
    vm.harts[0]!.script.push(read(0xc00), read(0xc03), read(0x015));
    run(vm, 0, 10_000);
    expect(vm.harts[0]!.readX(7)).toBe(0n);
    expect(vm.harts[0]!.done).toEqual(['complete x7', 'trap 2 c0002573', 'trap 2 c0002573']);
  });

  it('asks user space for the seed when the guest has Zkr', () => {
    const vm = bench(NEW, 'upstream', { extensions: ['I', 'Zkr', 'Sstc'] });
    vm.harts[0]!.script.push({ ...read(0x015), access: 'rw', writes: true, source: 0n });
    expect(run(vm, 0, 1000)).toBe(0);
    const vcpu = vm.vcpus[0]!;
    expect(vcpu.run.exit_reason).toBe(uapi.KVM_EXIT_RISCV_CSR);
    expect(vcpu.run.riscv_csr).toMatchObject({ csr_num: 0x15, new_value: 0n, write_mask: (1n << 64n) - 1n });
    vcpu.run.riscv_csr.ret_value = 0x8000beefn;
    run(vm, 0, 1000);
    expect(vm.harts[0]!.readX(7)).toBe(0x8000beefn);
  });
});

describe('immediate_exit', () => {
  it('completes what is pending and gives EINTR without running the guest', () => {
    const vm = bench(NEW, 'upstream');
    vm.vcpus[0]!.setOneReg(sbiExtId('DBCN'), 1n);
    ecall(vm, 0, 0x4442434en, 2n, [0x41n]);
    const vcpu = vm.vcpus[0]!;
    vcpu.run.riscv_sbi.ret = [0n, 0n];
    vcpu.run.immediate_exit = 1;
    const { retired } = vm.threads[0]!.clock;
    expect([vcpu.kvmRun(), vcpu.kvmRun()]).toEqual([-uapi.EINTR, -uapi.EINTR]);
    expect([vm.harts[0]!.pc, vm.threads[0]!.clock.retired]).toEqual([4n, retired]);
    expect(vcpu.run.exit_reason).toBe(uapi.KVM_EXIT_RISCV_SBI);
  });

  it('is not needed for registers that user space sets between two runs', () => {
    const vm = bench(NEW, 'upstream');
    run(vm, 0, 100);
    vm.vcpus[0]!.setOneReg(CORE, 0x80000100n);
    expect(vm.vcpus[0]!.getOneReg(CORE).value).toBe(0x80000100n);
    run(vm, 0, 100);
    expect(vm.harts[0]!.pc).toBe(0x80000100n);
  });
});

describe('WFI', () => {
  it('sleeps until the timer of Sstc and goes on behind the instruction', () => {
    const vm = bench(NEW, 'upstream');
    const [thread] = vm.threads;
    vm.harts[0]!.writeCsr(CSR_SIE, 0x20n);
    ecall(vm, 0, BigInt(SBI.TIME.eid[0]), 0n, [500n]);
    vm.harts[0]!.script.push({ kind: 'wfi' });
    expect(run(vm, 0, 5000)).toBe(-uapi.EINTR);
    expect(thread!.sleepingUntil()).toBe(50_000);
    thread!.sliceEnd = 60_000;
    vm.vcpus[0]!.kvmRun();
    expect([vm.harts[0]!.pc, thread!.clock.now]).toEqual([8n, 60_000]);
  });

  it('ends at an expired timer even when sie does not enable it', () => {
    const vm = bench(NEW, 'upstream');
    ecall(vm, 0, BigInt(SBI.TIME.eid[0]), 0n, [0n]);
    vm.harts[0]!.script.push({ kind: 'wfi' });
    run(vm, 0, 5000);
    expect(vm.threads[0]!.sleepingUntil()).toBeNull();
    expect(vm.harts[0]!.pc).toBe(8n);
  });

  it('wakes for an enabled interrupt from user space, at the time of the one who raised it', () => {
    const vm = bench(NEW, 'upstream');
    vm.harts[0]!.writeCsr(CSR_SIE, 0x200n);
    vm.harts[0]!.script.push({ kind: 'wfi' });
    run(vm, 0, 5000);
    expect(vm.threads[0]!.sleepingUntil()).toBe(Number.POSITIVE_INFINITY);
    vm.vcpus[0]!.interrupt(uapi.KVM_INTERRUPT_SET);
    expect(vm.threads[0]!.sleepingUntil()).toBeNull();
    vm.vcpus[0]!.interrupt(uapi.KVM_INTERRUPT_UNSET);
    expect(vm.threads[0]!.sleepingUntil()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the timer without Sstc', () => {
  const host = { extensions: ['I', 'M', 'A', 'C', 'Zicsr'] };

  it('raises the interrupt at the unit of the deadline, and set_timer withdraws it', () => {
    const vm = bench(NEW, 'upstream', host);
    const [hart] = vm.harts;
    ecall(vm, 0, BigInt(SBI.TIME.eid[0]), 0n, [400n]);
    run(vm, 0, 40_000 - vm.threads[0]!.clock.now - 1);
    expect(hart!.isPending(5)).toBe(false);
    run(vm, 0, 10);
    expect(hart!.isPending(5)).toBe(true);
    ecall(vm, 0, BigInt(SBI.TIME.eid[0]), 0n, [(1n << 64n) - 1n]);
    expect(hart!.isPending(5)).toBe(false);
  });

  it('fires at once when user space switches TIMER.state on: Linux takes the 1 for the time', () => {
    for (const [kvmInterface, pending] of [
      ['upstream', true],
      ['accelerator', false],
    ] as const) {
      const vm = bench(NEW, kvmInterface, host);
      run(vm, 0, 1000);
      vm.vcpus[0]!.setOneReg(TIMER | 2n, 1_000_000n);
      expect(vm.vcpus[0]!.setOneReg(TIMER | 3n, 1n)).toBe(0);
      expect(vm.harts[0]!.isPending(5)).toBe(pending);
    }
  });
});

describe('a legacy hart mask', () => {
  it('that cannot be read gives the guest the fault, with the pc at the ecall', () => {
    const vm = bench(OLD, 'upstream');
    ecall(vm, 0, 4n, 0n, [0x40000000n]);
    vm.harts[0]!.unmapped = () => true;
    ecall(vm, 0, 4n, 0n, [0x1000n]);
    expect(vm.harts[0]!.done).toEqual(['trap 21 40000000', 'trap 13 1000']);
    expect(vm.harts[0]!.pc).toBe(0n);
  });
});

describe('the console in the kernel of the accelerator', () => {
  const DBCN = 0x4442434en;

  it('prints and reads guest memory without an exit', () => {
    const printed: number[] = [];
    const input = [0x68, 0x69];
    const host = {
      write: (bytes: Uint8Array) => printed.push(...bytes) && bytes.length,
      read: (max: number) => Uint8Array.from(input.splice(0, max)),
    };
    const vm = bench(NEW, 'accelerator', { console: host });
    vm.vcpus[0]!.setOneReg(sbiExtId('DBCN'), 1n);
    vm.memory.write(0x100, Uint8Array.of(1, 2, 3));
    const result = (fid: bigint, args: readonly bigint[]) => {
      expect(ecall(vm, 0, DBCN, fid, args)).toBe(-uapi.EINTR);
      return [BigInt.asIntN(64, vm.harts[0]!.readX(10)), vm.harts[0]!.readX(11)];
    };
    expect(result(0n, [3n, RAM_BASE + 0x100n, 0n])).toEqual([0n, 3n]);
    expect(result(2n, [0x141n])).toEqual([0n, 0n]);
    expect(printed).toEqual([1, 2, 3, 0x41]);
    expect(result(1n, [16n, RAM_BASE + 0x200n, 0n])).toEqual([0n, 2n]);
    expect([...vm.memory.read(0x200, 2)]).toEqual([0x68, 0x69]);
    expect(result(0n, [5n, 0x40000000n, 0n])).toEqual([-3n, 0n]);
    expect(result(0n, [5n, RAM_BASE, 1n])).toEqual([-3n, 0n]);
    // All of the range has to be memory, though a call takes a part of it. [SBI 3.0 §3.2]
    expect(result(0n, [1n << 30n, RAM_BASE, 0n])).toEqual([-3n, 0n]);
    expect(result(1n, [0xffff_ffff_ffff_ffffn, RAM_BASE, 0n])).toEqual([-3n, 0n]);
    expect(vm.exits).toEqual([]);
  });

  it('fails when the host gave none', () => {
    const vm = bench(NEW, 'accelerator');
    vm.vcpus[0]!.setOneReg(sbiExtId('DBCN'), 1n);
    ecall(vm, 0, DBCN, 2n, [0x41n]);
    expect(BigInt.asIntN(64, vm.harts[0]!.readX(10))).toBe(-1n);
  });
});

describe('steal time', () => {
  it('zeroes the area and counts its sequence in twos, once for each entry by user space', () => {
    const vm = bench(NEW, 'upstream');
    vm.memory.write(0x400, new Uint8Array(64).fill(0xee));
    ecall(vm, 0, BigInt(SBI.STA.eid[0]), 0n, [RAM_BASE + 0x400n, 0n, 0n]);
    expect([...vm.memory.read(0x400, 64)].every((byte) => byte === 0)).toBe(true);
    vm.vcpus[0]!.setOneReg(sbiExtId('DBCN'), 1n);
    const sequence = () => vm.memory.read(0x400, 1)[0];
    run(vm, 0, 100);
    expect(sequence()).toBe(0);
    vm.harts[0]!.script.push(lh(0x10000000n));
    run(vm, 0, 100);
    run(vm, 0, 100);
    expect(sequence()).toBe(2);
  });
});

describe('a breakpoint', () => {
  it('exits to user space only while the vcpu is debugged, and only since Linux 6.10', () => {
    const machine = bench(NEW, 'upstream');
    const [vcpu] = machine.vcpus;
    expect(vcpu!.setGuestDebug(1)).toBe(0);
    machine.harts[0]!.script.push({ kind: 'breakpoint' });
    expect(vcpu!.kvmRun()).toBe(0);
    expect(vcpu!.run.exit_reason).toBe(uapi.KVM_EXIT_DEBUG);
    expect(machine.harts[0]!.exitsOnBreakpoint).toBe(true);
    expect(bench(hostProfile('linux-6.9')!, 'upstream').vcpus[0]!.setGuestDebug(1)).toBe(-uapi.EINVAL);
  });
});
