import { describe, expect, it } from 'vitest';
import { SBI } from '../../sbi/spec/index.ts';
import { SBI_NAMES, type SbiExtension, type SbiName } from '../../sbi/types.ts';
import { encodeVersion } from '../../sbi/version.ts';
import { hostProfile, type KvmInterface } from '../profiles/index.ts';
import { type Bench, bench, COSTS, ecall, sbiExtId } from '../testdata/bench.ts';
import {
  EBUSY,
  EINTR,
  EINVAL,
  ENOENT,
  KVM_EXIT_RISCV_SBI,
  KVM_REG_RISCV,
  KVM_REG_RISCV_SBI_IDENTITY,
  KVM_REG_SIZE_U64,
  KVM_RISCV_SBI_EXT,
  KVM_RISCV_SBI_EXT_WHAT_IF,
  KVM_SBI_IDENTITY,
} from '../uapi.ts';

const PROFILE = hostProfile('linux-7.2')!;
const NOT_SUPPORTED = BigInt.asUintN(64, -2n);
/** A function id that no extension defines. */
const NO_FUNCTION = 0x77n;
const BASE = 0x10n;
const PROBE = 3n;

type Fate = 'kernel' | 'user' | 'refused';

/** Makes a call of a function that does not exist and says what became of it. */
function fateOf(vm: Bench, name: SbiName): Fate {
  const hart = vm.harts[0]!;
  const pc = hart.pc;
  // Legacy ids are calls themselves: clear_ipi is one without effect here.
  const eid = name === 'V01' ? 3n : BigInt(SBI[name].eid[0]);
  const result = ecall(vm, 0, eid, NO_FUNCTION, []);
  if (result === 0) {
    const { run } = vm.vcpus[0]!;
    expect(run.exit_reason).toBe(KVM_EXIT_RISCV_SBI);
    expect(run.riscv_sbi.ret).toEqual([NOT_SUPPORTED, 0n]);
    expect(hart.pc).toBe(pc);
    run.riscv_sbi.ret = [5n, 6n];
    expect(vm.vcpus[0]!.kvmRun()).toBe(-EINTR);
    expect([hart.readX(10), hart.readX(11)]).toEqual([5n, 6n]);
  }
  expect(hart.pc).toBe(pc + 4n);
  const event = vm.calls.at(-1)!;
  expect([event.exited, event.by === 'vmm']).toEqual([result === 0, result === 0]);
  return event.by === 'vmm' ? 'user' : event.by === 'kvm' ? 'kernel' : 'refused';
}

function probe(vm: Bench, eid: bigint): bigint | 'exits' {
  if (ecall(vm, 0, BASE, PROBE, [eid]) !== 0) return vm.harts[0]!.readX(11);
  vm.vcpus[0]!.kvmRun();
  return 'exits';
}

/** A VM in which an extension has a register value; null when it was refused. */
function vmWith(kvmInterface: KvmInterface, name: SbiName, value: bigint): Bench | null {
  const vm = bench(PROFILE, kvmInterface);
  if (!(name in KVM_RISCV_SBI_EXT)) return value === 0n ? vm : null;
  const errno = vm.vcpus[0]!.setOneReg(sbiExtId(name as keyof typeof KVM_RISCV_SBI_EXT), value);
  const isAbsent = errno === -ENOENT && value === 0n && name !== 'BASE';
  return errno === 0 || isAbsent ? vm : null;
}

const FORWARDED: readonly SbiName[] = ['DBCN', 'MPXY', 'EXPERIMENTAL', 'VENDOR'];

describe.each(SBI_NAMES)('a call of %s', (name) => {
  const extension: SbiExtension = SBI[name];

  it('is refused by Linux when disabled, and goes to user space with the capability of 2025', () => {
    for (const [kvmInterface, fate] of [
      ['upstream', 'refused'],
      ['userspace', 'user'],
    ] as const) {
      const vm = vmWith(kvmInterface, name, 0n);
      if (vm !== null) expect([kvmInterface, fateOf(vm, name)]).toEqual([kvmInterface, fate]);
    }
  });

  it('is answered or forwarded when enabled, as Linux does', () => {
    for (const kvmInterface of ['upstream', 'userspace'] as const) {
      const vm = vmWith(kvmInterface, name, 1n);
      if (vm === null) continue;
      expect(fateOf(vm, name)).toBe(FORWARDED.includes(name) ? 'user' : 'kernel');
    }
  });

  it('obeys its mode in the accelerator', () => {
    const fates = [0n, 1n, 2n].map((value) => {
      const vm = vmWith('accelerator', name, value);
      return vm === null ? null : fateOf(vm, name);
    });
    const number = KVM_RISCV_SBI_EXT[name as keyof typeof KVM_RISCV_SBI_EXT] ?? KVM_RISCV_SBI_EXT_WHAT_IF;
    const served = extension.kvm || extension.vmm || number < KVM_RISCV_SBI_EXT_WHAT_IF;
    // A function that SUSP does not have is refused before it is forwarded.
    const forwarded = name === 'SUSP' ? 'kernel' : 'user';
    const forwards = served ? forwarded : null;
    expect(fates).toEqual(['refused', extension.kvm ? 'kernel' : null, forwards]);
  });
});

describe('probing in the accelerator', () => {
  it('finds what the kernel and what user space answers, but not what is off', () => {
    for (const [value, answer] of [
      [0n, 0n],
      [1n, 1n],
      [2n, 1n],
    ] as const) {
      expect(probe(vmWith('accelerator', 'TIME', value)!, BigInt(SBI.TIME.eid[0]))).toBe(answer);
    }
  });

  it('asks user space about experimental and vendor ids unless they are off', () => {
    expect(probe(vmWith('accelerator', 'VENDOR', 2n)!, 0x9000489n)).toBe('exits');
    expect(probe(vmWith('accelerator', 'VENDOR', 0n)!, 0x9000489n)).toBe(0n);
    expect(probe(vmWith('upstream', 'VENDOR', 0n)!, 0x9000489n)).toBe('exits');
  });
});

describe('the specification version of the accelerator', () => {
  const id = KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_SBI_IDENTITY | BigInt(KVM_SBI_IDENTITY.spec_version);

  it('hides newer extensions and functions', () => {
    const vm = bench(PROFILE, 'accelerator');
    expect(vm.vcpus[0]!.setOneReg(id, encodeVersion('0.2'))).toBe(0);
    ecall(vm, 0, BASE, 0n, []);
    expect(vm.harts[0]!.readX(11)).toBe(2n);
    expect(probe(vm, BigInt(SBI.HSM.eid[0]))).toBe(1n);
    expect(probe(vm, BigInt(SBI.SRST.eid[0]))).toBe(0n);
    expect(fateOf(vm, 'DBCN')).toBe('refused');
    const suspend = 3n;
    ecall(vm, 0, BigInt(SBI.HSM.eid[0]), suspend, [0n, 0n, 0n]);
    expect(vm.harts[0]!.readX(10)).toBe(NOT_SUPPORTED);
    expect(vm.calls.at(-1)?.kernel).toBe('hart_suspend is newer than SBI 0.2: NOT_SUPPORTED');
  });

  it('leaves not even BASE in SBI 0.1', () => {
    const vm = bench(PROFILE, 'accelerator');
    vm.vcpus[0]!.setOneReg(id, encodeVersion('0.1'));
    expect(fateOf(vm, 'BASE')).toBe('refused');
    expect(fateOf(vm, 'V01')).toBe('kernel');
  });

  it('is one that exists, is set before the vcpu runs, and only here', () => {
    const { vcpus, vm } = bench(PROFILE, 'accelerator');
    expect(vcpus[0]!.setOneReg(id, 0x4000000n)).toBe(-EINVAL);
    vcpus[0]!.run.immediate_exit = 1;
    vcpus[0]!.kvmRun();
    expect(vcpus[0]!.setOneReg(id, encodeVersion('1.0'))).toBe(-EBUSY);
    expect(vcpus[0]!.setOneReg(id, encodeVersion('3.0'))).toBe(0);
    expect(vm.enableCap(0x45430002, 0, [])).toBe(-EBUSY);
    expect(bench(PROFILE, 'upstream').vcpus[0]!.setOneReg(id, encodeVersion('1.0'))).toBe(-ENOENT);
  });
});

describe('what the trace says of a call', () => {
  it('is its cost: a trap, and an exit more when user space answers', () => {
    const vm = vmWith('upstream', 'DBCN', 1n)!;
    ecall(vm, 0, BASE, 0n, []);
    expect(vm.calls.at(-1)).toMatchObject({
      by: 'kvm',
      cost: COSTS.trapNs,
      kernel: 'BASE is enabled: answered in KVM',
    });
    ecall(vm, 0, 0x4442434en, 2n, [0x41n]);
    vm.vcpus[0]!.run.riscv_sbi.ret = [0n, 0n];
    vm.vcpus[0]!.kvmRun();
    expect(vm.calls.at(-1)).toMatchObject({
      by: 'vmm',
      exited: true,
      error: 0n,
      cost: COSTS.trapNs + COSTS.exitNs,
      kernel: 'DBCN is forwarded: KVM_EXIT_RISCV_SBI',
    });
    ecall(vm, 0, 0x12345n, 0n, []);
    expect(vm.calls.at(-1)).toMatchObject({ by: 'none', kernel: 'KVM knows no extension of this id: NOT_SUPPORTED' });
  });

  it('names the ioctl of each register and exit', () => {
    const vm = vmWith('upstream', 'DBCN', 1n)!;
    expect(vm.ioctls.at(-1)).toMatchObject({ fd: 'vcpu 0', name: 'KVM_SET_ONE_REG', args: 'SBI_EXT.DBCN = 1', ret: 0 });
    ecall(vm, 0, 0x4442434en, 2n, [0x41n]);
    expect(vm.ioctls.at(-1)).toMatchObject({
      name: 'KVM_RUN',
      args: 'DBCN console_write_byte',
      exit: 'KVM_EXIT_RISCV_SBI',
      ret: 0,
    });
    expect([vm.traps, vm.exits]).toEqual([['ecall'], ['KVM_EXIT_RISCV_SBI']]);
  });
});
