/**
 * A KVM without a guest, for tests of the VMM: it records ioctls, holds registers, and lets a test say
 * with which exits KVM_RUN comes back. It checks nothing that the tests do not ask for.
 */
import { hex } from '../base/bits.ts';
import { TRIGGER_COUNT, Triggers } from '../hart/triggers.ts';
import { type TriggerHart, triggerAnswer, triggerCommand } from '../kvm/triggers.ts';
import type { Kvm, KvmMapping, KvmRun, KvmVcpu, KvmVm } from '../kvm/uapi.ts';
import * as uapi from '../kvm/uapi.ts';
import * as registers from '../vmm/registers.ts';
import { FakeCounters } from './fake-counters.ts';

const NAMES = new Map(
  Object.values({ ...registers })
    .filter((group) => typeof group === 'object')
    .flatMap((group) => Object.values(group))
    .map(({ id, name }): [bigint, string] => [id, name]),
);

/** SBI_EXT registers that Linux has not. */
const WHAT_IF = Object.entries(uapi.KVM_RISCV_SBI_EXT)
  .filter(([, number]) => number >= uapi.KVM_RISCV_SBI_EXT_WHAT_IF)
  .map(([name]) => registers.SBI_EXT[name as keyof typeof registers.SBI_EXT]);

type Exit = (run: KvmRun) => void;

export class FakeVcpu implements KvmVcpu {
  readonly run: KvmRun = {
    immediate_exit: 0,
    exit_reason: uapi.KVM_EXIT_UNKNOWN,
    mmio: { phys_addr: 0n, data: new Uint8Array(8), len: 0, is_write: false },
    system_event: { type: 0, data: [] },
    riscv_sbi: { extension_id: 0n, function_id: 0n, args: [], ret: [0n, 0n] },
    riscv_csr: { csr_num: 0, new_value: 0n, write_mask: 0n, ret_value: 0n },
    fail_entry: { hardware_entry_failure_reason: 0n },
    internal: { suberror: 0, data: [] },
  };
  readonly values = new Map<bigint, bigint>();
  /** What KVM_RUN does next: an exit, or a negative errno. Empty: -EINTR. */
  readonly script: (Exit | number)[] = [];
  /** a0 and a1 of each completed SBI exit, signed. */
  readonly returned: (readonly [bigint, bigint])[] = [];
  readonly counters = new FakeCounters();
  readonly triggers = new Triggers();
  readonly #triggered: TriggerHart = {
    triggerCount: TRIGGER_COUNT,
    readTrigger: (index) => this.triggers.read(index),
    writeTrigger: (index, registers) => this.triggers.write(index, registers),
  };
  mpState: number;
  #open = false;

  constructor(
    readonly id: number,
    private readonly kvm: FakeKvm,
  ) {
    this.mpState = id === 0 ? uapi.KVM_MP_STATE_RUNNABLE : uapi.KVM_MP_STATE_STOPPED;
    for (const [register, value] of kvm.defaults) this.values.set(register, value);
  }

  kvmRun(): number {
    const { run } = this;
    if (this.#open && run.exit_reason === uapi.KVM_EXIT_RISCV_SBI) {
      const [a0, a1] = run.riscv_sbi.ret;
      this.returned.push([BigInt.asIntN(64, a0), BigInt.asIntN(64, a1)]);
      this.kvm.log.push(`complete ${this.id}`);
    }
    this.#open = false;
    if (run.immediate_exit) return -uapi.EINTR;
    const next = this.script.shift() ?? -uapi.EINTR;
    if (typeof next === 'number') return next;
    next(run);
    this.#open = true;
    return 0;
  }

  getOneReg(id: bigint): uapi.OneReg {
    const value = this.values.get(id);
    return value === undefined ? { errno: uapi.ENOENT, value: 0n } : { errno: 0, value };
  }

  setOneReg(id: bigint, address: bigint | null): number {
    if (address === null) return -uapi.EFAULT;
    const value = address;
    const name = NAMES.get(id) ?? hex(id);
    this.kvm.log.push(`set ${this.id} ${name} ${hex(value)}`);
    if (this.kvm.refused.has(name)) return -(this.kvm.refused.get(name) ?? 0);
    if (!this.values.has(id)) return -uapi.ENOENT;
    this.values.set(id, value);
    return 0;
  }

  getRegList(): uapi.RegList {
    const reg = [...this.values.keys()];
    return { errno: 0, n: reg.length, reg };
  }

  enableCap(): number {
    return -uapi.EINVAL;
  }

  setGuestDebug(): number {
    return 0;
  }

  ioctl(): number {
    return -uapi.EINVAL;
  }

  getStats(): readonly uapi.KvmStat[] {
    return [];
  }

  getMpState(): number {
    return this.mpState;
  }

  setMpState(state: number): number {
    this.kvm.log.push(`mp ${this.id} ${state}`);
    this.mpState = state;
    return 0;
  }

  interrupt(): number {
    return 0;
  }

  softwareInterrupt(): number {
    return this.kvm.whatIf(`softwareInterrupt ${this.id}`);
  }

  pmu(command: uapi.KvmPmuCommand): uapi.KvmPmuAnswer {
    const { op, ...operands } = command;
    const ret = this.kvm.whatIf(`pmu ${this.id} ${op} ${Object.values(operands).join(' ')}`);
    return ret < 0 ? { errno: -ret, value: 0n, overflown: false } : this.counters.command(command);
  }

  trigger(command: uapi.KvmTriggerCommand): uapi.KvmTriggerAnswer {
    const ret = this.kvm.whatIf(`trigger ${this.id} ${command.op}`);
    return ret < 0 ? triggerAnswer(-ret) : triggerCommand(this.#triggered, command);
  }
}

export class FakeKvm implements Kvm {
  readonly log: string[] = [];
  readonly vcpus: FakeVcpu[] = [];
  readonly memory: Uint8Array;
  /** Registers of a new vcpu; those missing are ENOENT. */
  readonly defaults = new Map<bigint, bigint>();
  /** errno by register name. */
  readonly refused = new Map<string, number>();
  /** Values of KVM_CHECK_EXTENSION that differ from the usual ones. */
  readonly capabilities = new Map<number, number>([[uapi.KVM_CAP_MAX_VCPUS, 64]]);
  #accelerator = false;

  constructor(bytes: number) {
    this.memory = new Uint8Array(bytes);
    for (const group of [registers.CONFIG, registers.CORE, registers.CSR, registers.TIMER, registers.SBI_EXT]) {
      for (const { id } of Object.values(group)) this.defaults.set(id, 0n);
    }
    for (const { id, name } of Object.values(registers.SBI_EXT)) {
      if (!/BASE|DBCN|SUSP|MPXY/.test(name)) this.defaults.set(id, 1n);
    }
    for (const { id } of WHAT_IF) this.defaults.delete(id);
    this.defaults.set(registers.CONFIG.satp_mode.id, 8n);
  }

  whatIf(words: string): number {
    if (!this.#accelerator) return -uapi.ENOTTY;
    this.log.push(words);
    return 0;
  }

  getApiVersion(): number {
    return uapi.KVM_API_VERSION;
  }

  checkExtension(cap: number): number {
    return this.capabilities.get(cap) ?? 1;
  }

  getVcpuMmapSize(): number {
    return 8192;
  }

  mmap(): KvmMapping {
    const { memory } = this;
    return {
      size: memory.length,
      read: (offset, length) => memory.slice(offset, offset + length),
      write: (offset, bytes) => memory.set(bytes, offset),
    };
  }

  createVm(): KvmVm {
    return {
      checkExtension: (cap) => this.checkExtension(cap),
      enableCap: (cap) => {
        this.log.push(`enable ${hex(cap)}`);
        if (cap === uapi.KVM_CAP_RISCV_HART_STATE_EXITS) return 0;
        this.#accelerator = cap === uapi.KVM_CAP_RISCV_SBI_ACCELERATOR;
        this.defaults.set(registers.SBI_EXT.BASE.id, 1n);
        if (!this.#accelerator) return 0;
        for (const { id } of [...Object.values(registers.SBI_IDENTITY), ...Object.values(registers.ENVIRONMENT)]) {
          this.defaults.set(id, 0n);
        }
        for (const { id } of WHAT_IF) this.defaults.set(id, id === registers.SBI_EXT.BASE.id ? 1n : 0n);
        return 0;
      },
      setUserMemoryRegion: (region) => {
        this.log.push(`memory ${hex(region.guest_phys_addr)} ${hex(region.memory_size)}`);
        return 0;
      },
      createVcpu: (id) => {
        const vcpu = new FakeVcpu(id, this);
        this.vcpus.push(vcpu);
        return vcpu;
      },
      createDevice: () => -uapi.ENODEV,
      ioctl: () => -uapi.EINVAL,
      getStats: () => [],
      remoteFence: (kind, mask, start, size, asid) =>
        this.whatIf(`remoteFence ${kind} [${mask.join(' ')}] ${hex(start)} ${hex(size)} ${hex(asid)}`),
    };
  }
}

/** An exit for an SBI call. */
export function sbiExit(eid: number | bigint, fid: number | bigint, ...args: readonly (number | bigint)[]): Exit {
  return (run) => {
    const registersOf = Array.from({ length: 6 }, (_, i) => BigInt.asUintN(64, BigInt(args[i] ?? 0)));
    run.exit_reason = uapi.KVM_EXIT_RISCV_SBI;
    run.riscv_sbi = {
      extension_id: BigInt(eid),
      function_id: BigInt(fid),
      args: registersOf,
      ret: [BigInt.asUintN(64, -2n), 0n],
    };
  };
}
