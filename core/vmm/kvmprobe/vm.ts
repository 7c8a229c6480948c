/** What every command of the measuring VMM opens, and where its lines go. */
import * as uapi from '../../kvm/uapi.ts';
import { errnoName, hex, registerHex, registerName } from './names.ts';

export const RAM = 0x8000_0000n;
export const RAM_BYTES = 0x100_0000;
/** Where the payload finds its arguments, eight of 64 bits. */
export const PARAMETERS = 0x8080_0000n;

/** Work that can be left at each yield, and is gone on with or given up. */
export type Steps<T = void> = Generator<void, T, void>;

/** A machine to open /dev/kvm on, and its scheduler. */
export interface ProbeMachine {
  readonly kvm: uapi.Kvm;
  /**
   * Lets the threads take turns until `finished`, all sleep for ever, or `seconds` of virtual time are over. It may yield
   * between two turns; being left there changes nothing.
   */
  run(threads: readonly ProbeThread[], finished: () => boolean, seconds: number): Steps;
}

export interface ProbeThread {
  readonly vcpu: number;
  /** KVM_RUN, and the handling of its exit. */
  turn(): void;
}

export interface ProbeHost {
  /** A machine with no VM yet. */
  open(): ProbeMachine;
  readonly payload: Uint8Array;
}

/** Standard output and the log of ioctls and exits. */
export class Lines {
  readonly #parts: string[] = [];
  readonly log: string[] = [];

  /** Text to standard output; lines end with a line feed. */
  text(text: string): void {
    this.#parts.push(text);
  }

  out(line: string): void {
    this.#parts.push(`${line}\n`);
  }

  note(line: string): void {
    this.log.push(line);
  }

  get output(): string {
    return this.#parts.join('');
  }
}

const R64 = uapi.KVM_REG_RISCV | uapi.KVM_REG_SIZE_U64;
export const ID = {
  config: (number: number) => R64 | uapi.KVM_REG_RISCV_CONFIG | BigInt(number),
  core: (number: number) => R64 | uapi.KVM_REG_RISCV_CORE | BigInt(number),
  csr: (number: number, subtype = 0) => R64 | uapi.KVM_REG_RISCV_CSR | (BigInt(subtype) << 16n) | BigInt(number),
  timer: (number: number) => R64 | uapi.KVM_REG_RISCV_TIMER | BigInt(number),
  isa: (number: number, many = 0n) => R64 | uapi.KVM_REG_RISCV_ISA_EXT | many | BigInt(number),
  sbi: (number: number, many = 0n) => R64 | uapi.KVM_REG_RISCV_SBI_EXT | many | BigInt(number),
  state: (subtype: number, number: number) =>
    R64 | uapi.KVM_REG_RISCV_SBI_STATE | (BigInt(subtype) << 16n) | BigInt(number),
} as const;

/** A VM with its memory mapped and its vcpus made. */
export class ProbeVm {
  readonly kvm: uapi.Kvm;
  readonly vm: uapi.KvmVm;
  readonly memory: uapi.KvmMapping;
  readonly vcpus: readonly uapi.KvmVcpu[];

  constructor(
    readonly machine: ProbeMachine,
    readonly lines: Lines,
    count: number,
  ) {
    this.kvm = machine.kvm;
    this.vm = this.kvm.createVm(0);
    lines.note('KVM_CREATE_VM -> OK');
    this.memory = this.kvm.mmap();
    const mapped = this.vm.setUserMemoryRegion({
      slot: 0,
      flags: 0,
      guest_phys_addr: RAM,
      memory_size: BigInt(RAM_BYTES),
      userspace_addr: 0n,
    });
    lines.note(`KVM_SET_USER_MEMORY_REGION gpa=${hex(RAM)} size=${hex(RAM_BYTES)} -> ${errnoName(mapped)}`);
    const size = this.kvm.getVcpuMmapSize();
    lines.note(`KVM_GET_API_VERSION -> ${this.kvm.getApiVersion()} ; KVM_GET_VCPU_MMAP_SIZE -> ${size}`);
    this.vcpus = Array.from({ length: count }, (_, id) => this.makeVcpu(id));
  }

  /** Vcpu 0. */
  get first(): uapi.KvmVcpu {
    const [first] = this.vcpus;
    if (first === undefined) throw new Error('the VM has no vcpu');
    return first;
  }

  load(payload: Uint8Array): void {
    this.memory.write(0, payload);
    this.lines.note(`payload guest.bin: ${payload.length} bytes at ${hex(RAM)}`);
  }

  setParameters(values: readonly bigint[]): void {
    const bytes = new Uint8Array(8 * 8);
    const view = new DataView(bytes.buffer);
    for (const [at, value] of values.entries()) view.setBigUint64(8 * at, value, true);
    this.memory.write(Number(PARAMETERS - RAM), bytes);
  }

  /** KVM_GET_REG_LIST as a VMM calls it: once for the number, once for the ids. */
  registerList(vcpu: uapi.KvmVcpu): readonly bigint[] {
    const { errno, n } = vcpu.getRegList(0);
    this.lines.note(`KVM_GET_REG_LIST n=0 -> ${errnoName(errno)} n=${n}`);
    const list = vcpu.getRegList(n);
    if (list.errno !== 0) this.lines.note(`KVM_GET_REG_LIST -> ${errnoName(list.errno)}`);
    return list.reg;
  }

  private makeVcpu(id: number): uapi.KvmVcpu {
    const vcpu = this.vm.createVcpu(id);
    if (typeof vcpu === 'number') throw new RangeError(`KVM_CREATE_VCPU ${id} -> ${errnoName(vcpu)}`);
    this.lines.note(`KVM_CREATE_VCPU ${id} -> OK`);
    this.lines.note(`vcpu${id} KVM_GET_MP_STATE -> OK state=${vcpu.getMpState()} (0=RUNNABLE 5=STOPPED)`);
    return vcpu;
  }
}

/** Value of a register, or 0 where it cannot be read. */
export function registerValue(vcpu: uapi.KvmVcpu, id: bigint): bigint {
  return vcpu.getOneReg(id).value;
}

/** Prints all registers of KVM_GET_REG_LIST with their values. */
export function dumpRegisters(vm: ProbeVm, vcpu: uapi.KvmVcpu): void {
  const list = vm.registerList(vcpu);
  vm.lines.out(`reglist n=${list.length}`);
  for (const id of list) {
    const bytes = 1 << Number((id >> 52n) & 15n);
    const place = `type=${(id >> 24n) & 255n} sub=${(id >> 16n) & 255n} idx=${id & 0xffffn}`;
    const { errno, value } = vcpu.getOneReg(id);
    const shown = bytes > 8 ? value.toString(16).padStart(2 * bytes, '0') : hex(value);
    const answer = errno === 0 ? `= ${shown}` : `GET ${errnoName(errno)}`;
    vm.lines.out(`reg ${registerHex(id)} size=U${8 * bytes} ${place} ${registerName(id).padEnd(32)} ${answer}`);
  }
}
