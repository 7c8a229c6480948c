/**
 * Sets a VM up through the ioctls of /dev/kvm, as kvmtool and QEMU do. A register that already holds
 * what is wanted is not written, so the log of ioctls shows what the configuration changes.
 */

import type { Kvm, KvmVcpu, KvmVm } from '../kvm/uapi.ts';
import * as uapi from '../kvm/uapi.ts';
import { type Mode, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { encodeVersion } from '../sbi/version.ts';
import type { VmmFailure, VmmSettings } from './api.ts';
import { ioctlFailed } from './context.ts';
import { errnoName } from './errno.ts';
import { RAM_BASE } from './layout.ts';
import { wantedRegister } from './modes.ts';
import { canSwitchOff, canSwitchOn } from './profiles/index.ts';
import { CONFIG, CORE, type Register, SBI_EXT, SBI_IDENTITY } from './registers.ts';
import { keptOverHsm } from './sbi/state.ts';

export interface BootedVm {
  readonly vm: KvmVm;
  readonly vcpus: readonly KvmVcpu[];
  /** KVM_GET_REG_LIST of the first vcpu. */
  readonly registers: ReadonlySet<bigint>;
}

/** Thrown inside this file when an ioctl fails, and given back as a value at its border. */
class SetupError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** VM, memory slot and configured vcpus. */
export function setUp(options: VmmSettings): BootedVm | VmmFailure {
  return guarded(() => {
    const { kvm } = options;
    checkKernel(kvm, options);
    const vm = kvm.createVm();
    enableInterface(vm, options.interface);
    askForHartStates(vm, options);
    const ret = vm.setUserMemoryRegion({
      slot: 0,
      flags: 0,
      guest_phys_addr: RAM_BASE,
      memory_size: BigInt(options.memory),
      userspace_addr: 0n,
    });
    if (ret < 0) throw new SetupError(ioctlFailed('KVM_SET_USER_MEMORY_REGION', null, ret));
    const vcpus = Array.from({ length: options.harts }, (_, id) => createVcpu(vm, id));
    const [first] = vcpus;
    if (!first) throw new SetupError('a machine needs at least one hart');
    const registers = presentRegisters(first);
    warnOfMissing(options, registers);
    for (const [register, value] of configuration(options, first, registers)) {
      for (const vcpu of vcpus) set(vcpu, register, value);
    }
    return { vm, vcpus, registers };
  });
}

/** What KVM_GET_REG_LIST gives, or, on a kernel before 6.6, what can be read of what this VMM uses. */
function presentRegisters(vcpu: KvmVcpu): ReadonlySet<bigint> {
  const { errno, reg } = vcpu.getRegList();
  if (errno === 0) return new Set(reg);
  const candidates = [CONFIG, SBI_EXT, SBI_IDENTITY].flatMap((group) => Object.values(group));
  return new Set(candidates.map(({ id }) => id).filter((id) => vcpu.getOneReg(id).errno === 0));
}

function warnOfMissing({ profile, log }: VmmSettings, present: ReadonlySet<bigint>): void {
  const { warnsOfMissing, switchesOn, label } = profile;
  if (!warnsOfMissing || switchesOn === 'all') return;
  for (const name of switchesOn) {
    const register = name in SBI_EXT ? SBI_EXT[name as keyof typeof SBI_EXT] : undefined;
    if (register && present.has(register.id)) continue;
    log?.(`${label} warns that KVM has no SBI_EXT register for ${name}, and goes on without it`);
  }
}

/** Where the boot hart starts, by the boot protocol: a0 hart id, a1 device tree. The others stay stopped. */
export function setEntry(vcpu: KvmVcpu, entry: bigint, tree: bigint): VmmFailure | null {
  const outcome = guarded(() => {
    set(vcpu, CORE.pc, entry);
    set(vcpu, CORE.a0, BigInt(vcpu.id));
    set(vcpu, CORE.a1, tree);
    return null;
  });
  return outcome;
}

/** A configuration register that the VMM needs to describe the machine. */
export function readConfig(vcpu: KvmVcpu, register: Register): bigint | VmmFailure {
  return guarded(() => get(vcpu, register));
}

function guarded<T>(work: () => T): T | VmmFailure {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const { message, hint } = error;
    return { failure: hint === undefined ? { code: 'ioctl', message } : { code: 'ioctl', message, hint } };
  }
}

const NEEDED = {
  KVM_CAP_USER_MEMORY: uapi.KVM_CAP_USER_MEMORY,
  KVM_CAP_ONE_REG: uapi.KVM_CAP_ONE_REG,
  KVM_CAP_MP_STATE: uapi.KVM_CAP_MP_STATE,
};

function checkKernel(kvm: Kvm, { harts, profile }: VmmSettings): void {
  const version = kvm.getApiVersion();
  if (version !== uapi.KVM_API_VERSION) {
    throw new SetupError(`KVM_GET_API_VERSION gives ${version}, this VMM needs ${uapi.KVM_API_VERSION}`);
  }
  for (const [name, cap] of Object.entries(NEEDED)) {
    if (kvm.checkExtension(cap) <= 0) throw new SetupError(`this KVM lacks ${name}`);
  }
  for (const { capability, name, since } of profile.needs) {
    if (kvm.checkExtension(capability) > 0) continue;
    throw new SetupError(`${profile.label} does not start: this KVM lacks ${name}`, `it is there since ${since}`);
  }
  const most = kvm.checkExtension(uapi.KVM_CAP_MAX_VCPUS);
  if (most < harts) throw new SetupError(`this KVM allows ${most} vcpus, ${harts} are wanted`, 'take fewer harts');
}

function enableInterface(vm: KvmVm, kvmInterface: VmmSettings['interface']): void {
  switch (kvmInterface) {
    case 'upstream':
      return;
    case 'userspace':
      enable(vm, 'KVM_CAP_RISCV_USERSPACE_SBI', uapi.KVM_CAP_RISCV_USERSPACE_SBI);
      return;
    case 'accelerator':
      enable(vm, 'KVM_CAP_RISCV_SBI_ACCELERATOR', uapi.KVM_CAP_RISCV_SBI_ACCELERATOR);
      return;
    default:
      kvmInterface satisfies never;
  }
}

/** Linux tells user space of no hart that its HSM stops or starts, and by KVM_GET_MP_STATE only of one that is stopped now. */
function askForHartStates(vm: KvmVm, options: VmmSettings): void {
  const kept = keptOverHsm(options).join(', ');
  if (kept === '') return;
  if (options.interface === 'accelerator') {
    enable(vm, 'KVM_CAP_RISCV_HART_STATE_EXITS', uapi.KVM_CAP_RISCV_HART_STATE_EXITS);
  } else {
    options.log?.(
      `KVM stops and starts harts and has no exit that tells of it: what the VMM keeps of a hart for ${kept} stays as it was`,
    );
  }
}

function enable(vm: KvmVm, name: string, cap: number): void {
  const ret = vm.enableCap(cap, 0, []);
  if (ret < 0) throw new SetupError(ioctlFailed(`KVM_ENABLE_CAP ${name}`, null, ret));
}

function createVcpu(vm: KvmVm, id: number): KvmVcpu {
  const vcpu = vm.createVcpu(id);
  if (typeof vcpu === 'number') throw new SetupError(`KVM_CREATE_VCPU ${id} failed: ${errnoName(vcpu)}`);
  return vcpu;
}

/** Registers that differ from what a new vcpu holds; the first vcpu stands for all. */
function configuration(
  options: VmmSettings,
  first: KvmVcpu,
  present: ReadonlySet<bigint>,
): (readonly [Register, bigint])[] {
  const wanted: (readonly [Register, bigint])[] = [
    ...identity(options).filter(([register]) => present.has(register.id)),
    ...sbiExtensions(options, present),
  ];
  if (options.interface === 'accelerator') {
    wanted.push([SBI_IDENTITY.spec_version, encodeVersion(options.sbiVersion)]);
    wanted.push([SBI_IDENTITY.impl_id, options.implId]);
    wanted.push([SBI_IDENTITY.impl_version, options.implVersion]);
  }
  return wanted.filter(([register, value]) => get(first, register) !== value);
}

/** Before Linux 6.2 a guest sees the ids of the host. */
function identity({ identity: { mvendorid, marchid, mimpid } }: VmmSettings): readonly (readonly [Register, bigint])[] {
  return [
    [CONFIG.mvendorid, mvendorid],
    [CONFIG.marchid, marchid],
    [CONFIG.mimpid, mimpid],
  ];
}

/** One register for each extension that the kernel has a register for, or that has to be there. */
function sbiExtensions(options: VmmSettings, present: ReadonlySet<bigint>): (readonly [Register, bigint])[] {
  // Before Linux 6.4 extensions cannot be switched.
  if (!Object.values(SBI_EXT).some(({ id }) => present.has(id))) return [];
  const registers: (readonly [Register, bigint])[] = [];
  for (const name of SBI_NAMES) {
    const mode = options.modes[name];
    const register = name in SBI_EXT ? SBI_EXT[name as keyof typeof SBI_EXT] : undefined;
    const isPresent = register !== undefined && present.has(register.id);
    if (isPresent && !switches(options, name, mode)) continue;
    if (!isPresent && (mode === 'off' || isUnknownAndForwarded(options, mode))) continue;
    if (!isPresent && name === 'BASE' && mode === 'kvm') continue;
    const value = wantedRegister(options.interface, name, mode, options.handedOver);
    if (typeof value !== 'bigint') throw new SetupError(value.impossible, 'choose another interface or mode');
    if (!register || !isPresent) {
      throw new SetupError(`KVM has no SBI_EXT register for ${name}`, 'switch the extension off');
    }
    registers.push([register, value]);
  }
  return registers;
}

/** On Linux as it is a VMM writes what it has options and code for, and leaves the rest as the kernel has it. */
function switches({ interface: kvmInterface, profile }: VmmSettings, name: SbiName, mode: Mode): boolean {
  if (kvmInterface !== 'upstream') return true;
  return mode === 'off' ? canSwitchOff(profile, name) : canSwitchOn(profile, name);
}

/** With the capability of 2025 calls that the kernel does not know reach user space without a register. */
function isUnknownAndForwarded(options: VmmSettings, mode: string): boolean {
  return options.interface === 'userspace' && mode === 'vmm';
}

function get(vcpu: KvmVcpu, register: Register): bigint {
  const { errno, value } = vcpu.getOneReg(register.id);
  if (errno !== 0) {
    throw new SetupError(
      ioctlFailed(`KVM_GET_ONE_REG ${register.name}`, vcpu, errno),
      errno === uapi.ENOENT ? 'this host has no such register' : undefined,
    );
  }
  return value;
}

function set(vcpu: KvmVcpu, register: Register, value: bigint): void {
  const ret = vcpu.setOneReg(register.id, value);
  if (ret < 0)
    throw new SetupError(ioctlFailed(`KVM_SET_ONE_REG ${register.name} = 0x${value.toString(16)}`, vcpu, ret));
}
