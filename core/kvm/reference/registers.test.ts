import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registerName } from '../one-reg/index.ts';
import { composeHost, MAX, RELEASES, type Release } from '../profiles/index.ts';
import { ISA_EXT_NAMES } from '../profiles/isa.ts';
import { type Bench, bench } from '../testdata/bench.ts';
import { EBUSY, EINTR, ERRNO_NAMES, KVM_EXIT_NAMES, type KvmVcpu } from '../uapi.ts';
import { ERRNOS } from './errnos.ts';
import { EXITS } from './exits.ts';
import { IOCTLS } from './ioctls.ts';
import { REGISTER_PARTS, REGISTERS, registerIdOf, registerOf } from './registers.ts';
import { RULES } from './rules.ts';

/** A machine that has whatever a release has a register for. */
const EVERYTHING = { ...MAX, isa: ISA_EXT_NAMES, delegatesMisaligned: true };
const ID_WIDTH = 18;

function machine(release: Release, kvmInterface: 'upstream' | 'accelerator' = 'upstream'): Bench {
  const words = { name: release.name, label: release.name };
  const host = composeHost(release, EVERYTHING, { sbiV01: true }, words);
  return bench(host, kvmInterface, { extensions: EVERYTHING.isa });
}

function vcpuOf(made: Bench, ran: boolean): KvmVcpu {
  const vcpu = made.vcpus[0]!;
  vcpu.run.immediate_exit = ran ? 1 : 0;
  if (ran) expect(vcpu.kvmRun()).toBe(-EINTR);
  return vcpu;
}

const idOf = (row: (typeof REGISTERS)[number]): bigint => registerIdOf(row, EVERYTHING.vlenb);

describe('the table of ONE_REG registers', () => {
  it.each(RELEASES.map((release) => [release.name, release] as const))(
    'says for each register whether Linux %s has it',
    (_, release) => {
      const vcpu = vcpuOf(machine(release), false);
      const wrong = REGISTERS.filter((row) => (vcpu.getOneReg(idOf(row)).errno === 0) !== row.isIn(release));
      expect(wrong.map(({ name }) => name)).toEqual([]);
    },
  );

  it.each([
    ['7.2', '7.2.13-plain'],
    ['6.12', '6.12.107-q72'],
  ])('has what a real Linux %s lists, by id, size and name', (name, folder) => {
    const release = RELEASES.find((one) => one.name === name)!;
    const text = readFileSync(new URL(`../testdata/recorded/${folder}/reglist.txt`, import.meta.url), 'utf8');
    const ids = [...text.matchAll(/^reg (0x[0-9a-f]+)/gm)].map(([, id]) => BigInt(id!));
    expect(ids.length).toBeGreaterThan(100);
    for (const id of ids) {
      const row = registerOf(id)!;
      expect(row?.isIn(release), id.toString(16)).toBe(true);
      expect(idOf(row).toString(16)).toBe(id.toString(16));
      expect(`0x${idOf(row).toString(16)}`).toHaveLength(ID_WIDTH);
    }
  });

  it('names them as the log of ioctls does, each once', () => {
    for (const row of REGISTERS) expect(registerName(idOf(row))).toBe(row.name);
    expect(new Set(REGISTERS.map(({ name }) => name)).size).toBe(REGISTERS.length);
    expect(new Set(REGISTERS.map(idOf)).size).toBe(REGISTERS.length);
  });

  it.each(['upstream', 'accelerator'] as const)('says which are fixed once a vcpu has run: %s', (kvmInterface) => {
    const vcpu = vcpuOf(machine(RELEASES[0]!, kvmInterface), true);
    const there = REGISTERS.filter((row) => vcpu.getOneReg(idOf(row)).errno === 0);
    expect(there.some(({ whatIf }) => whatIf)).toBe(kvmInterface === 'accelerator');
    const refused = there.filter((row) => vcpu.setOneReg(idOf(row), vcpu.getOneReg(idOf(row)).value ^ 1n) === -EBUSY);
    expect(refused.map(({ name }) => name)).toEqual(
      there.filter((row) => RULES[row.rule].frozen).map(({ name }) => name),
    );
  });

  it('gives EBUSY as a reason exactly where a register is fixed, and describes each part', () => {
    for (const rule of Object.values(RULES)) {
      expect(rule.says).toMatch(/\.$/);
      expect(rule.refusals.some(({ errno }) => errno === 'EBUSY')).toBe(rule.frozen);
    }
    expect(new Set(REGISTERS.map(({ part }) => part))).toEqual(new Set(Object.keys(REGISTER_PARTS)));
  });
});

describe('the words for errno values, exits and ioctls', () => {
  it('cover all that have a name', () => {
    expect(Object.entries(ERRNOS).map(([name, { code }]) => [String(code), name])).toEqual(Object.entries(ERRNO_NAMES));
    const exits = Object.entries(EXITS).map(([name, { reason }]) => [String(reason), name]);
    expect(Object.fromEntries(exits)).toEqual(KVM_EXIT_NAMES);
  });

  it('cover every ioctl that the log can name', () => {
    const made = machine(RELEASES[0]!, 'accelerator');
    const { vm } = made;
    const vcpu = vcpuOf(made, false);
    for (const request of ['KVM_GET_REGS', 'KVM_GET_SREGS', 'KVM_GET_FPU', 'KVM_NMI'] as const) vcpu.ioctl(request);
    vm.ioctl('KVM_CREATE_IRQCHIP');
    vm.createDevice(12, 1);
    vm.checkExtension(3);
    vm.remoteFence('fence_i', [0], 0n, 0n, 0n);
    vcpu.softwareInterrupt();
    vcpu.pmu({ op: 'info', counter: 0 });
    vcpu.interrupt(0);
    vcpu.setGuestDebug(0);
    vcpu.setMpState(vcpu.getMpState());
    vcpu.getRegList();
    vcpu.setOneReg(idOf(REGISTERS[0]!), vcpu.getOneReg(idOf(REGISTERS[0]!)).value);
    expect(Object.keys(IOCTLS)).toEqual(expect.arrayContaining([...new Set(made.ioctls.map(({ name }) => name))]));
    expect(made.ioctls.length).toBeGreaterThan(15);
  });
});
