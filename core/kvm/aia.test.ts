import { describe, expect, it } from 'vitest';
import { createPlatform } from '../machine/platform.ts';
import { executable } from '../replay/machine.ts';
import { openKvm } from './index.ts';
import { composeHost, type HostProfile, MAX, RELEASES } from './profiles/index.ts';
import { ISA_EXT_NAMES } from './profiles/isa.ts';
import { bench, COSTS } from './testdata/bench.ts';
import * as uapi from './uapi.ts';

const WORDS = { name: 'max', label: 'max' };
const host = (release: string, without: readonly string[] = []): HostProfile => {
  const isa = MAX.isa.filter((name) => !without.includes(name));
  return composeHost(RELEASES.find(({ name }) => name === release)!, { ...MAX, isa }, { sbiV01: false }, WORDS);
};
const NEW = host('7.2');
const ALL_ONES = (1n << 64n) - 1n;
const SISELECT = 0x150;
const SIREG = 0x151;
const STOPEI = 0x15c;
const register = (number: number): bigint => 0x8030000003010000n | BigInt(number);
const [AIA_SISELECT, AIA_IPRIO1, AIA_IPRIO2, AIA_SIEH] = [0, 1, 2, 3].map(register) as [bigint, bigint, bigint, bigint];
const extension = (name: (typeof ISA_EXT_NAMES)[number]): bigint =>
  uapi.KVM_REG_RISCV | uapi.KVM_REG_SIZE_U64 | uapi.KVM_REG_RISCV_ISA_EXT | BigInt(ISA_EXT_NAMES.indexOf(name));

interface Form {
  readonly access: 'rw' | 'rs' | 'rc';
  readonly source: bigint;
  readonly writes: boolean;
}
const READ: Form = { access: 'rs', source: 0n, writes: false };

/** What becomes of an access that left the hart: the exit, or what the hart was told. */
function accessed(profile: HostProfile, csr: number, form: Form, siselect = 0n) {
  const { vcpus, threads, harts } = bench(profile, 'upstream', { extensions: profile.isa });
  const [vcpu, thread, hart] = [vcpus[0]!, threads[0]!, harts[0]!];
  hart.writeCsr(SISELECT, siselect);
  hart.script.push({ kind: 'csr', csr, ...form, rd: 7, word: 0x15102573 });
  thread.sliceEnd = thread.clock.now + 1000;
  return vcpu.kvmRun() === 0 ? { ...vcpu.run.riscv_csr, reason: vcpu.run.exit_reason } : hart.done;
}

describe('a CSR of Ssaia that traps', () => {
  it.each<[string, Form, { new_value: bigint; write_mask: bigint }]>([
    ['csrr', READ, { new_value: ALL_ONES, write_mask: 0n }],
    ['csrrs', { access: 'rs', source: 3n, writes: true }, { new_value: ALL_ONES, write_mask: 3n }],
    ['csrrc', { access: 'rc', source: 3n, writes: true }, { new_value: 0n, write_mask: 3n }],
    ['csrrw', { access: 'rw', source: 0x55n, writes: true }, { new_value: 0x55n, write_mask: ALL_ONES }],
  ])('goes to user space as %s has it, when it is an interrupt controller’s', (_, form, told) => {
    const reason = uapi.KVM_EXIT_RISCV_CSR;
    expect(accessed(NEW, STOPEI, form)).toEqual({ csr_num: STOPEI, ...told, ret_value: 0n, reason });
    expect(accessed(NEW, SIREG, form, 0x70n)).toMatchObject({ csr_num: SIREG, ...told, reason });
  });

  it('is emulated where siselect names an even register of the priorities, and illegal where it is odd', () => {
    expect(accessed(NEW, SIREG, READ, 0x30n)).toEqual(['complete x7']);
    expect(accessed(NEW, SIREG, READ, 0x3en)).toEqual(['complete x7']);
    expect(accessed(NEW, SIREG, READ, 0x31n)).toEqual(['trap 2 15102573']);
  });

  it('is illegal on a host without AIA, and on one whose Linux does not know it', () => {
    for (const profile of [host('7.2', ['SSAIA']), host('6.1')]) {
      expect(accessed(profile, SIREG, READ, 0x30n)).toEqual(['trap 2 15102573']);
      expect(accessed(profile, STOPEI, READ)).toEqual(['trap 2 15102573']);
    }
  });
});

/** A vcpu on a real hart, which carries out a few instructions when it is entered. */
function real(off: readonly (typeof ISA_EXT_NAMES)[number][] = []) {
  const extensions = executable(NEW);
  const platform = createPlatform({
    ramBytes: 4096,
    harts: 1,
    instructionsPerTick: 1,
    extensions,
    engine: 'reference',
  });
  const { memory, timebase, createHart } = platform;
  const nothing = (): void => {};
  const observer = { call: nothing, ioctl: nothing, ioctlAs: nothing, trap: nothing, exit: nothing };
  const { kvm, threads } = openKvm({
    profile: NEW,
    interface: 'upstream',
    memory,
    timebase,
    createHart,
    extensions,
    hooks: { costs: COSTS, random: () => 0, observer },
  });
  const vcpu = kvm.createVm().createVcpu(0) as uapi.KvmVcpu;
  for (const name of off) expect(vcpu.setOneReg(extension(name), 0n)).toBe(0);
  const enter = (): void => {
    threads()[0]!.sliceEnd = 10;
    expect(vcpu.kvmRun()).toBe(-uapi.EINTR);
  };
  return { vcpu, enter };
}

describe('registers of Ssaia', () => {
  it('read as written until the vcpu runs, and then as the hart has them', () => {
    const { vcpu, enter } = real();
    const read = () => [AIA_SISELECT, AIA_IPRIO1, AIA_IPRIO2, AIA_SIEH].map((id) => vcpu.getOneReg(id).value);
    expect(read()).toEqual([0n, 0n, 0n, 0n]);
    for (const id of [AIA_SISELECT, AIA_IPRIO1, AIA_IPRIO2, AIA_SIEH]) expect(vcpu.setOneReg(id, ALL_ONES)).toBe(0);
    expect(read()).toEqual([ALL_ONES, ALL_ONES, ALL_ONES, ALL_ONES]);
    enter();
    expect(read()).toEqual([0xfffn, 0xffff_ff00_ff00_ff00n, ALL_ONES, ALL_ONES]);
  });

  it('go with the extension', () => {
    const { vcpu } = real(['SSAIA']);
    expect(vcpu.getOneReg(AIA_IPRIO1).errno).toBe(uapi.ENOENT);
    expect(vcpu.setOneReg(AIA_SISELECT, 0n)).toBe(-uapi.ENOENT);
  });
});
