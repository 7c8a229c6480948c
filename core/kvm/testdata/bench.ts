/** A VM on scripted harts, with everything that can be observed of it. For tests of the KVM model. */
import type { HartOptions } from '../../hart/api.ts';
import { Timebase } from '../../hart/clock.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { type CallEvent, type IoctlEvent, ioctlEvent } from '../../trace/events.ts';
import type { KernelConsole, VcpuThread } from '../host.ts';
import { openKvm } from '../index.ts';
import type { HostProfile, KvmInterface } from '../profiles/index.ts';
import {
  KVM_CAP_RISCV_SBI_ACCELERATOR,
  KVM_CAP_RISCV_USERSPACE_SBI,
  KVM_REG_RISCV,
  KVM_REG_RISCV_SBI_EXT,
  KVM_REG_SIZE_U64,
  KVM_RISCV_SBI_EXT,
  type KvmVcpu,
  type KvmVm,
} from '../uapi.ts';
import { ScriptedHart } from './scripted-hart.ts';

export const RAM_BASE = 0x8000_0000n;
/** 1 MiB: the recorded calls use addresses below 0x80100000. */
const RAM_BYTES = 1 << 20;
const INSTRUCTIONS_PER_TICK = 100;
export const COSTS = { trapNs: 1000, exitNs: 5000 } as const;

export interface Bench {
  readonly vm: KvmVm;
  readonly vcpus: readonly KvmVcpu[];
  readonly threads: readonly VcpuThread[];
  readonly harts: readonly ScriptedHart[];
  readonly calls: Omit<CallEvent, 'seq'>[];
  readonly ioctls: Omit<IoctlEvent, 'seq'>[];
  readonly traps: string[];
  readonly exits: string[];
  readonly memory: SlottedMemory;
}

export interface BenchOptions {
  readonly vcpus?: number;
  readonly console?: KernelConsole;
  readonly extensions?: readonly string[];
  readonly neighbours?: number;
}

/** Capability of the interface enabled, memory mapped, vcpus created. */
export function bench(profile: HostProfile, kvmInterface: KvmInterface, options: BenchOptions = {}): Bench {
  const timebase = new Timebase(INSTRUCTIONS_PER_TICK);
  const memory = new SlottedMemory(new Uint8Array(RAM_BYTES));
  const harts: ScriptedHart[] = [];
  const calls: Omit<CallEvent, 'seq'>[] = [];
  const ioctls: Omit<IoctlEvent, 'seq'>[] = [];
  const traps: string[] = [];
  const exits: string[] = [];
  const { kvm, threads } = openKvm({
    profile,
    interface: kvmInterface,
    memory,
    timebase,
    createHart: (hart: HartOptions) => {
      const made = new ScriptedHart(hart, timebase);
      harts[hart.id] = made;
      return made;
    },
    extensions: new Set(options.extensions ?? profile.isa),
    hooks: {
      costs: { ...COSTS, neighbours: options.neighbours ?? 0 },
      random: () => 0,
      ...(options.console === undefined ? {} : { console: options.console }),
      observer: {
        call: (event) => calls.push(event),
        ioctl: (event) => ioctls.push(event),
        ioctlAs: (...parts) => ioctls.push(ioctlEvent(...parts)),
        trap: (_hart, cause) => traps.push(cause),
        exit: (_hart, reason) => exits.push(reason),
      },
    },
  });
  const vm = kvm.createVm();
  if (kvmInterface === 'userspace') vm.enableCap(KVM_CAP_RISCV_USERSPACE_SBI, 0, []);
  if (kvmInterface === 'accelerator') vm.enableCap(KVM_CAP_RISCV_SBI_ACCELERATOR, 0, []);
  vm.setUserMemoryRegion({
    slot: 0,
    flags: 0,
    guest_phys_addr: RAM_BASE,
    memory_size: BigInt(RAM_BYTES),
    userspace_addr: 0n,
  });
  const vcpus = Array.from({ length: options.vcpus ?? 1 }, (_, id) => {
    const vcpu = vm.createVcpu(id);
    if (typeof vcpu === 'number') throw new Error(`KVM_CREATE_VCPU ${id}: ${vcpu}`);
    return vcpu;
  });
  return { vm, vcpus, threads: threads(), harts, calls, ioctls, traps, exits, memory };
}

/** Id of the SBI_EXT register of an extension. */
export function sbiExtId(name: keyof typeof KVM_RISCV_SBI_EXT): bigint {
  return KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_SBI_EXT | BigInt(KVM_RISCV_SBI_EXT[name]);
}

/** Units that a vcpu may run in a test before it is taken to have nothing more to do. */
const SLICE = 10_000;

/** Puts a call into the guest's registers and lets vcpu `index` make it; the result of KVM_RUN. */
export function ecall(bench: Bench, index: number, eid: bigint, fid: bigint, args: readonly bigint[]): number {
  const hart = bench.harts[index];
  const vcpu = bench.vcpus[index];
  const thread = bench.threads[index];
  if (hart === undefined || vcpu === undefined || thread === undefined) throw new Error(`no vcpu ${index}`);
  hart.writeX(17, eid);
  hart.writeX(16, fid);
  // Registers that hold no argument are told apart, as in the recorded calls.
  for (let register = 0; register < 6; register++)
    hart.writeX(10 + register, args[register] ?? 0x5a50n + BigInt(register));
  hart.script.push({ kind: 'ecall' });
  thread.sliceEnd = thread.clock.now + SLICE;
  return vcpu.kvmRun();
}
