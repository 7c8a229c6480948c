import { describe, expect, it } from 'vitest';
import { IRQ_LCOF } from '../../hart/api.ts';
import { composeHost, MAX, RELEASES } from '../profiles/index.ts';
import { type Bench, bench, ecall, sbiExtId } from '../testdata/bench.ts';
import {
  EBUSY,
  EINTR,
  EINVAL,
  ENODEV,
  ENOENT,
  ENOTTY,
  KVM_EXIT_RISCV_PMU_OVERFLOW,
  type KvmPmuCommand,
} from '../uapi.ts';

const NEW = composeHost(RELEASES[0]!, MAX, { sbiV01: false }, { name: 'max', label: 'max' });
const [CYCLES, INSTRUCTIONS, RAW] = [1n, 2n, 0x2_0000n] as const;
const SINH = 1n << 6n;
const U64 = 1n << 64n;
const CSR_INSTRET = 0xc02;

function machine() {
  const made = bench(NEW, 'accelerator', { extensions: MAX.isa });
  const [vcpu] = made.vcpus;
  const pmu = (command: KvmPmuCommand) => vcpu!.pmu(command);
  const configure = (counter: number, event: bigint, flags = 0n) =>
    pmu({ op: 'configure', counter, event, data: 0n, flags, value: null }).errno;
  return { made, hart: made.harts[0]!, pmu, configure };
}

function work(made: Bench, instructions: number): void {
  const [thread] = made.threads;
  thread!.sliceEnd = thread!.clock.now + instructions;
  made.vcpus[0]!.kvmRun();
}

describe('the ioctl for counters of a vcpu', () => {
  it('is unknown to Linux, with or without the capability proposed in 2025', () => {
    for (const kvmInterface of ['upstream', 'userspace'] as const) {
      const { vcpus, ioctls } = bench(NEW, kvmInterface, { extensions: MAX.isa });
      expect(vcpus[0]!.pmu({ op: 'info', counter: 0 })).toEqual({ errno: ENOTTY, value: 0n, overflown: false });
      expect(ioctls.at(-1)).toMatchObject({ name: 'PMU_COUNTER', args: 'info counter 0', ret: -ENOTTY });
    }
  });

  it('describes the hardware counters as counter_info does, and no others', () => {
    const { pmu } = machine();
    const info = (counter: number) => pmu({ op: 'info', counter });
    expect([info(0), info(18)].map(({ value }) => value)).toEqual([0x3fc00n, 0x3fc12n]);
    // The time CSR, the first firmware counter, and far beyond.
    expect([info(1), info(19), info(63), info(-1)].map(({ errno }) => errno)).toEqual([EINVAL, EINVAL, EINVAL, EINVAL]);
  });

  it('knows which events the host can count, and where', () => {
    const { pmu, configure } = machine();
    const check = (event: bigint) => pmu({ op: 'check', event, data: 0n }).errno;
    expect([check(CYCLES), check(RAW), check(3n), check(0x1_0019n)]).toEqual([0, 0, ENOENT, ENOENT]);
    expect([configure(0, CYCLES), configure(2, CYCLES), configure(3, CYCLES)]).toEqual([0, ENOENT, ENOENT]);
    expect([configure(2, INSTRUCTIONS), configure(3, RAW), configure(0, RAW)]).toEqual([0, 0, ENOENT]);
    expect(configure(1, CYCLES)).toBe(EINVAL);
  });

  it('starts, stops and goes on; the guest reads the same by its CSR', () => {
    const { made, hart, pmu, configure } = machine();
    expect(pmu({ op: 'start', counter: 2, value: 0n }).errno).toBe(ENOENT);
    expect(pmu({ op: 'stop', counter: 2 }).errno).toBe(ENOENT);
    configure(2, INSTRUCTIONS);
    expect(pmu({ op: 'start', counter: 2, value: 7n }).errno).toBe(0);
    expect([pmu({ op: 'start', counter: 2, value: 0n }).errno, configure(2, INSTRUCTIONS)]).toEqual([EBUSY, EBUSY]);
    work(made, 500);
    expect(pmu({ op: 'read', counter: 2 })).toEqual({ errno: 0, value: 507n, overflown: false });
    const read = { csr: CSR_INSTRET, access: 'rs', source: 0n, writes: false, rd: 5, word: 0 } as const;
    hart.script.push({ kind: 'csr', ...read });
    // A trap takes all of the slice, so that nothing else is retired in it.
    work(made, 1);
    expect(hart.readX(5)).toBe(507n);
    pmu({ op: 'stop', counter: 2 });
    const { value } = pmu({ op: 'read', counter: 2 });
    work(made, 500);
    expect(pmu({ op: 'read', counter: 2 }).value).toBe(value);
    pmu({ op: 'start', counter: 2, value: null });
    work(made, 100);
    expect(pmu({ op: 'read', counter: 2 }).value).toBe(value + 100n);
    pmu({ op: 'stop', counter: 2 });
    pmu({ op: 'start', counter: 2, value: 0n });
    work(made, 100);
    expect(pmu({ op: 'read', counter: 2 }).value).toBe(100n);
  });

  it('keeps the value of a counter that is released, and counts at one level as flags say', () => {
    const { made, hart, pmu, configure } = machine();
    configure(2, INSTRUCTIONS, SINH);
    pmu({ op: 'start', counter: 2, value: 0n });
    work(made, 300);
    hart.enter('U');
    work(made, 40);
    pmu({ op: 'release', counter: 2 });
    work(made, 300);
    expect(pmu({ op: 'read', counter: 2 }).value).toBe(40n);
    expect(pmu({ op: 'start', counter: 2, value: null }).errno).toBe(ENOENT);
    pmu({ op: 'configure', counter: 2, event: INSTRUCTIONS, data: 0n, flags: 0n, value: 9n });
    expect(pmu({ op: 'read', counter: 2 }).value).toBe(9n);
  });

  it('raises the overflow interrupt of the guest, and tells of it until the counter is started again', () => {
    const { made, hart, pmu, configure } = machine();
    configure(0, CYCLES);
    pmu({ op: 'start', counter: 0, value: U64 - 100n });
    work(made, 99);
    expect([hart.isPending(IRQ_LCOF), pmu({ op: 'read', counter: 0 }).overflown]).toEqual([false, false]);
    work(made, 1);
    expect([hart.isPending(IRQ_LCOF), pmu({ op: 'read', counter: 0 })]).toEqual([
      true,
      { errno: 0, value: 0n, overflown: true },
    ]);
    pmu({ op: 'stop', counter: 0 });
    pmu({ op: 'start', counter: 0, value: 0n });
    expect(pmu({ op: 'read', counter: 0 }).overflown).toBe(false);
  });

  it('brings an overflow to user space instead, once, and the guest gets no interrupt', () => {
    const { made, hart, pmu, configure } = machine();
    const [vcpu] = made.vcpus;
    expect(pmu({ op: 'overflow', exits: true }).errno).toBe(0);
    expect(made.ioctls.at(-1)).toMatchObject({ name: 'PMU_COUNTER', args: 'overflow exits', ret: 0 });
    configure(0, CYCLES);
    pmu({ op: 'start', counter: 0, value: U64 - 100n });
    const run = (instructions: number) => {
      made.threads[0]!.sliceEnd = made.threads[0]!.clock.now + instructions;
      return vcpu!.kvmRun();
    };
    expect([run(99), run(100), vcpu!.run.exit_reason]).toEqual([-EINTR, 0, KVM_EXIT_RISCV_PMU_OVERFLOW]);
    expect(pmu({ op: 'read', counter: 0 })).toEqual({ errno: 0, value: 0n, overflown: true });
    expect([made.traps, made.exits]).toEqual([['overflow'], ['KVM_EXIT_RISCV_PMU_OVERFLOW']]);
    expect([run(1000), hart.isPending(IRQ_LCOF), made.exits.length]).toEqual([-EINTR, false, 1]);
  });

  it('hands an overflow that is on its way to whom it goes to from now on', () => {
    const { made, hart, pmu, configure } = machine();
    const [vcpu] = made.vcpus;
    configure(0, CYCLES);
    pmu({ op: 'start', counter: 0, value: U64 - 100n });
    work(made, 100);
    expect(hart.isPending(IRQ_LCOF)).toBe(true);
    pmu({ op: 'overflow', exits: true });
    expect(hart.isPending(IRQ_LCOF)).toBe(false);
    pmu({ op: 'overflow', exits: false });
    expect(hart.isPending(IRQ_LCOF)).toBe(true);
    pmu({ op: 'overflow', exits: true });
    expect([vcpu!.kvmRun(), vcpu!.run.exit_reason]).toEqual([0, KVM_EXIT_RISCV_PMU_OVERFLOW]);
    pmu({ op: 'overflow', exits: false });
    expect(hart.isPending(IRQ_LCOF)).toBe(false);
  });

  it('has no overflow to bring without Sscofpmf', () => {
    const [vcpu] = bench(NEW, 'accelerator', { extensions: MAX.isa.filter((name) => name !== 'SSCOFPMF') }).vcpus;
    expect(vcpu!.pmu({ op: 'overflow', exits: true }).errno).toBe(ENODEV);
  });

  it('tells what KVM itself carried out, whether a counter follows it or not', () => {
    const { made, pmu } = machine();
    const setTimer = () => ecall(made, 0, 0x54494d45n, 0n, [U64 - 1n]);
    setTimer();
    setTimer();
    expect(pmu({ op: 'firmware', code: 5 })).toEqual({ errno: 0, value: 2n, overflown: false });
    expect([pmu({ op: 'firmware', code: 6 }).value, pmu({ op: 'firmware', code: 22 }).errno]).toEqual([0n, EINVAL]);
  });
});

describe('the registers of the environment', () => {
  const HENVCFG = 0x8030000046000000n;
  const HEDELEG = 0x8030000046000001n;
  const PMM_7 = 2n << 32n;
  const ADUE = 1n << 61n;

  it('are unknown to Linux', () => {
    const { vcpus } = bench(NEW, 'upstream', { extensions: MAX.isa });
    expect([vcpus[0]!.getOneReg(HENVCFG).errno, vcpus[0]!.setOneReg(HEDELEG, 0n)]).toEqual([ENOENT, -ENOENT]);
  });

  it('have no delegation where firmware keeps misaligned accesses to itself', () => {
    const hardware = { ...MAX, misaligned: 'traps' } as const;
    const host = composeHost(RELEASES[0]!, hardware, { sbiV01: false }, { name: 'max', label: 'max' });
    const [vcpu] = bench({ ...host, delegatesMisaligned: false }, 'accelerator', { extensions: MAX.isa }).vcpus;
    expect([vcpu!.getOneReg(HEDELEG).errno, vcpu!.setOneReg(HEDELEG, 0n)]).toEqual([ENOENT, -ENOENT]);
    expect(vcpu!.getOneReg(HENVCFG).errno).toBe(0);
  });

  it('change the fields that FWFT is about, and no other', () => {
    const { made, hart } = machine();
    const [vcpu] = made.vcpus;
    expect(vcpu!.setOneReg(sbiExtId('FWFT'), 2n)).toBe(0);
    const { value } = vcpu!.getOneReg(HENVCFG);
    expect([vcpu!.setOneReg(HENVCFG, value ^ PMM_7), vcpu!.setOneReg(HENVCFG, value ^ ADUE ^ PMM_7)]).toEqual([0, 0]);
    expect(hart.henvcfg).toBe(value ^ ADUE ^ PMM_7);
    expect(vcpu!.setOneReg(HENVCFG, value ^ 1n)).toBe(-EINVAL);
    expect([vcpu!.setOneReg(HEDELEG, 0x50n), vcpu!.getOneReg(HEDELEG).value]).toEqual([0, 0x50n]);
    expect([vcpu!.setOneReg(HEDELEG, 0x10n), vcpu!.setOneReg(HEDELEG, 0n)]).toEqual([-EINVAL, 0]);
  });
});
