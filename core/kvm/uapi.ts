/**
 * The user-space interface of KVM on RISC-V as a VMM sees it: file descriptors with their ioctls, the
 * shared `kvm_run` page, ids and errno values, under the names of linux/kvm.h and asm/kvm.h. What Linux
 * does not have is marked WHAT-IF and refused unless the machine's interface allows it.
 * Every call gives 0 (or a non-negative result) or a negative errno, as the system call does.
 */

import type { TriggerRegisters } from '../hart/trigger-fields.ts';
import type { SbiName } from '../sbi/types.ts';

export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const E2BIG = 7;
export const EAGAIN = 11;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const ENOTTY = 25;
export const EOPNOTSUPP = 95;
/** By number. */
export const ERRNO_NAMES: Readonly<Record<number, string>> = {
  [EPERM]: 'EPERM',
  [ENOENT]: 'ENOENT',
  [EINTR]: 'EINTR',
  [E2BIG]: 'E2BIG',
  [EAGAIN]: 'EAGAIN',
  [EFAULT]: 'EFAULT',
  [EBUSY]: 'EBUSY',
  [EEXIST]: 'EEXIST',
  [ENODEV]: 'ENODEV',
  [EINVAL]: 'EINVAL',
  [ENOTTY]: 'ENOTTY',
  [EOPNOTSUPP]: 'EOPNOTSUPP',
};

export const KVM_API_VERSION = 12;

/** The fields of the registers that the triggers of a vcpu have. */
export {
  ICOUNT,
  MCONTROL6,
  TDATA1_DMODE,
  TDATA1_TYPE_SHIFT,
  TRIGGER_DISABLED,
  TRIGGER_ICOUNT,
  TRIGGER_MCONTROL6,
  type TriggerRegisters,
  triggerType,
} from '../hart/trigger-fields.ts';
export { KVM_CAP_NAMES } from './cap-names.ts';
/** Extension of each ISA_EXT number; a release knows the first so many of them. */
export { ISA_EXT_NAMES as KVM_RISCV_ISA_EXT } from './profiles/isa.ts';

/** kvm_run.exit_reason */
export const KVM_EXIT_UNKNOWN = 0;
export const KVM_EXIT_DEBUG = 4;
export const KVM_EXIT_MMIO = 6;
export const KVM_EXIT_INTR = 10;
export const KVM_EXIT_FAIL_ENTRY = 9;
export const KVM_EXIT_INTERNAL_ERROR = 17;
export const KVM_EXIT_SYSTEM_EVENT = 24;
export const KVM_EXIT_RISCV_SBI = 35;
export const KVM_EXIT_RISCV_CSR = 36;
/** WHAT-IF (Ecall): a counter of the vcpu has overflown, and the VMM asked to be told so. */
export const KVM_EXIT_RISCV_PMU_OVERFLOW = 0x45430001;
/** WHAT-IF (Ecall): HSM in KVM has stopped or started the vcpu; KVM_GET_MP_STATE says which. */
export const KVM_EXIT_RISCV_HART_STATE = 0x45430002;
/** By exit reason. */
export const KVM_EXIT_NAMES: Readonly<Record<number, string>> = {
  [KVM_EXIT_UNKNOWN]: 'KVM_EXIT_UNKNOWN',
  [KVM_EXIT_DEBUG]: 'KVM_EXIT_DEBUG',
  [KVM_EXIT_MMIO]: 'KVM_EXIT_MMIO',
  [KVM_EXIT_FAIL_ENTRY]: 'KVM_EXIT_FAIL_ENTRY',
  [KVM_EXIT_INTR]: 'KVM_EXIT_INTR',
  [KVM_EXIT_INTERNAL_ERROR]: 'KVM_EXIT_INTERNAL_ERROR',
  [KVM_EXIT_SYSTEM_EVENT]: 'KVM_EXIT_SYSTEM_EVENT',
  [KVM_EXIT_RISCV_SBI]: 'KVM_EXIT_RISCV_SBI',
  [KVM_EXIT_RISCV_CSR]: 'KVM_EXIT_RISCV_CSR',
  [KVM_EXIT_RISCV_PMU_OVERFLOW]: 'KVM_EXIT_RISCV_PMU_OVERFLOW',
  [KVM_EXIT_RISCV_HART_STATE]: 'KVM_EXIT_RISCV_HART_STATE',
};

export const KVM_SYSTEM_EVENT_SHUTDOWN = 1;
export const KVM_SYSTEM_EVENT_RESET = 2;

/** Values of CORE.mode. */
export const KVM_RISCV_MODE_U = 0n;
export const KVM_RISCV_MODE_S = 1n;

export const KVM_MP_STATE_RUNNABLE = 0;
export const KVM_MP_STATE_INIT_RECEIVED = 2;
export const KVM_MP_STATE_STOPPED = 5;

export const KVM_CAP_USER_MEMORY = 3;
export const KVM_CAP_IRQCHIP = 0;
export const KVM_CAP_NR_VCPUS = 9;
export const KVM_CAP_NR_MEMSLOTS = 10;
export const KVM_CAP_IRQFD = 32;
export const KVM_CAP_MP_STATE = 14;
export const KVM_CAP_SET_GUEST_DEBUG = 23;
export const KVM_CAP_MAX_VCPUS = 66;
export const KVM_CAP_ONE_REG = 70;
export const KVM_CAP_MAX_VCPU_ID = 128;
export const KVM_CAP_IMMEDIATE_EXIT = 136;
export const KVM_CAP_RISCV_MP_STATE_RESET = 242;
/** WHAT-IF (proposed in May 2025, never merged): disabled and unknown extensions exit to user space. */
export const KVM_CAP_RISCV_USERSPACE_SBI = 0x45430001;
/** WHAT-IF (Ecall): SBI version register, mode per extension, and the ioctls that carry out IPI and fences. */
export const KVM_CAP_RISCV_SBI_ACCELERATOR = 0x45430002;
/** WHAT-IF (Ecall), where there is the accelerator: KVM_EXIT_RISCV_HART_STATE. */
export const KVM_CAP_RISCV_HART_STATE_EXITS = 0x45430003;

/** ONE_REG id = arch | size | type | subtype | number. [Linux uapi asm/kvm.h] */
export const KVM_REG_RISCV = 0x8000000000000000n;
export const KVM_REG_SIZE_U32 = 0x0020000000000000n;
export const KVM_REG_SIZE_U64 = 0x0030000000000000n;
export const KVM_REG_RISCV_CONFIG = 0x01000000n;
export const KVM_REG_RISCV_CORE = 0x02000000n;
export const KVM_REG_RISCV_CSR = 0x03000000n;
export const KVM_REG_RISCV_TIMER = 0x04000000n;
export const KVM_REG_RISCV_FP_F = 0x05000000n;
export const KVM_REG_RISCV_FP_D = 0x06000000n;
export const KVM_REG_RISCV_ISA_EXT = 0x07000000n;
export const KVM_REG_RISCV_SBI_EXT = 0x08000000n;
export const KVM_REG_RISCV_VECTOR = 0x09000000n;
export const KVM_REG_RISCV_SBI_STATE = 0x0a000000n;
/** WHAT-IF: number 0 is the SBI specification version, 1 the implementation id, 2 its version. */
export const KVM_REG_RISCV_SBI_IDENTITY = 0x45000000n;
/** WHAT-IF: the CSRs by which a hypervisor rules what a guest may do, as far as FWFT needs them. */
export const KVM_REG_RISCV_ENVIRONMENT = 0x46000000n;

/** ISA_EXT, SBI_EXT: one register each, or 64 of them as bits. */
export const KVM_REG_RISCV_MULTI_EN = 0x01_0000n;
export const KVM_REG_RISCV_MULTI_DIS = 0x02_0000n;

/**
 * Numbers of the SBI_EXT registers, by SBI extension. Those from `KVM_RISCV_SBI_EXT_WHAT_IF` on are WHAT-IF, with the
 * accelerator only, and BASE with KVM_CAP_RISCV_USERSPACE_SBI too. The proposal of 2025 took 12 for BASE, which Linux
 * has since given to FWFT; 32 leaves room for what Linux may add.
 */
export const KVM_RISCV_SBI_EXT = {
  V01: 0,
  TIME: 1,
  IPI: 2,
  RFENCE: 3,
  SRST: 4,
  HSM: 5,
  PMU: 6,
  EXPERIMENTAL: 7,
  VENDOR: 8,
  DBCN: 9,
  STA: 10,
  SUSP: 11,
  FWFT: 12,
  MPXY: 13,
  BASE: 32,
  CPPC: 33,
  NACL: 34,
  SSE: 35,
  DBTR: 36,
} as const satisfies Readonly<Record<SbiName, number>>;
export const KVM_RISCV_SBI_EXT_WHAT_IF = KVM_RISCV_SBI_EXT.BASE;

/** Values of SBI_EXT registers. Linux knows 0 and 1; WHAT-IF: 2 forwards, with the accelerator only. */
export const KVM_SBI_EXT_OFF = 0n;
export const KVM_SBI_EXT_ON = 1n;
export const KVM_SBI_EXT_FORWARD = 2n;

/** Numbers of the registers of KVM_REG_RISCV_SBI_IDENTITY. */
export const KVM_SBI_IDENTITY = { spec_version: 0, impl_id: 1, impl_version: 2 } as const;

/**
 * Numbers of the registers of KVM_REG_RISCV_ENVIRONMENT. Of henvcfg the fields PMM and ADUE can be changed, of hedeleg the
 * two bits for misaligned loads and stores, together. [Privileged ISA, Hypervisor Extension]
 */
export const KVM_ENVIRONMENT = { henvcfg: 0, hedeleg: 1 } as const;

/** KVM_INTERRUPT numbers: all ones and all ones minus one, as unsigned 32-bit. */
export const KVM_INTERRUPT_SET = 0xffffffff;
export const KVM_INTERRUPT_UNSET = 0xfffffffe;

export const KVM_DEV_TYPE_RISCV_AIA = 12;
export const KVM_CREATE_DEVICE_TEST = 1;

/** kvm_guest_debug.control: without it the other bits mean nothing. */
export const KVM_GUESTDBG_ENABLE = 1;

/** Requests that KVM on other architectures serves and KVM on RISC-V refuses. */
export type RefusedRequest = 'KVM_GET_REGS' | 'KVM_GET_SREGS' | 'KVM_GET_FPU' | 'KVM_NMI' | 'KVM_CREATE_IRQCHIP';

/** The page that the kernel shares with the vcpu's thread. Fields other than `exit_reason` belong to that exit. */
export interface KvmRun {
  /** In: makes KVM_RUN return -EINTR at once after completing what is pending. */
  immediate_exit: number;
  exit_reason: number;
  mmio: { phys_addr: bigint; data: Uint8Array; len: number; is_write: boolean };
  system_event: { type: number; data: bigint[] };
  /** `ret` is prefilled with NOT_SUPPORTED, 0; what stands there at the next KVM_RUN goes to a0, a1. */
  riscv_sbi: { extension_id: bigint; function_id: bigint; args: bigint[]; ret: [bigint, bigint] };
  riscv_csr: { csr_num: number; new_value: bigint; write_mask: bigint; ret_value: bigint };
  fail_entry: { hardware_entry_failure_reason: bigint };
  internal: { suberror: number; data: bigint[] };
}

export interface KvmUserspaceMemoryRegion {
  readonly slot: number;
  readonly flags: number;
  readonly guest_phys_addr: bigint;
  readonly memory_size: bigint;
  /** Offset into the memory that `Kvm.mmap` gave. */
  readonly userspace_addr: bigint;
}

/** A register read: `errno` is 0 or a positive errno constant. */
export interface OneReg {
  readonly errno: number;
  readonly value: bigint;
}

/** Answer of KVM_GET_REG_LIST: `errno` is 0, or E2BIG when there are more than asked for; `n` is how many there are. */
export interface RegList {
  readonly errno: number;
  readonly n: number;
  readonly reg: readonly bigint[];
}

/** A counter that KVM_GET_STATS_FD leads to. */
export interface KvmStat {
  readonly name: string;
  readonly value: number;
}

/**
 * WHAT-IF: what is asked of the counters of a vcpu. `counter` is a hardware counter by the number of its CSR, counted from
 * cycle. Each can fail with EINVAL for one that the vcpu has not.
 */
export type KvmPmuCommand =
  /** The counter_info that SBI gives the guest of it. [SBI 3.0 §11.8] */
  | { readonly op: 'info'; readonly counter: number }
  /** Whether the host can count a hardware event: ENOENT when not. */
  | { readonly op: 'check'; readonly event: bigint; readonly data: bigint }
  /**
   * Lays a hardware event on a counter, which then stands at `value`, or, when null, where it stood. `flags` as those of
   * counter_config_matching; SET_UINH and SET_SINH count. ENOENT: that counter cannot count it. EBUSY: the counter runs.
   */
  | {
      readonly op: 'configure';
      readonly counter: number;
      readonly event: bigint;
      readonly data: bigint;
      readonly flags: bigint;
      readonly value: bigint | null;
    }
  /** From `value` on, or, when null, from where it stands. ENOENT: it has no event. EBUSY: it runs. */
  | { readonly op: 'start'; readonly counter: number; readonly value: bigint | null }
  /** It keeps its event and its value. ENOENT: it has no event. */
  | { readonly op: 'stop'; readonly counter: number }
  /** Stops it and takes its event away. */
  | { readonly op: 'release'; readonly counter: number }
  /** What the guest would read by its CSR, and whether it has overflown since it was started. */
  | { readonly op: 'read'; readonly counter: number }
  /** How often KVM itself did for this vcpu what a firmware event of that code counts, since the vcpu was reset. */
  | { readonly op: 'firmware'; readonly code: number }
  /**
   * Whether an overflow makes KVM_RUN come back with KVM_EXIT_RISCV_PMU_OVERFLOW or, as at first, raises the local
   * counter-overflow interrupt of the guest. One that is pending goes the new way. It stays so until it is set again, over
   * resets of the vcpu too. ENODEV: without Sscofpmf no overflow is seen.
   */
  | { readonly op: 'overflow'; readonly exits: boolean };

/** `errno` is 0 or a positive errno constant; `value` and `overflown` are for the commands that ask for one. */
export interface KvmPmuAnswer extends OneReg {
  readonly overflown: boolean;
}

/**
 * WHAT-IF: what is asked of the debug triggers of a vcpu, which are those of the hart that runs it. Registers are as
 * machine mode has them, so a level of the guest is VS or VU. ENOENT: there is no trigger of that index.
 */
export type KvmTriggerCommand =
  /** How many there are. */
  | { readonly op: 'count' }
  | { readonly op: 'read'; readonly index: number }
  /**
   * Sets all three registers; zeros disable the trigger. EINVAL: the hart cannot hold a value as it is, or the trigger
   * would fire outside the guest (dmode, m, s, u).
   */
  | { readonly op: 'write'; readonly index: number; readonly registers: TriggerRegisters }
  /** What `write` would answer; the trigger stays as it is. */
  | { readonly op: 'check'; readonly index: number; readonly registers: TriggerRegisters };

/** `errno` is 0 or a positive errno constant; `count` and `registers` are for the commands that ask for them. */
export interface KvmTriggerAnswer {
  readonly errno: number;
  readonly count: number;
  readonly registers: TriggerRegisters;
}

/** Memory of the VMM that it can lend to a VM. */
export interface KvmMapping {
  readonly size: number;
  /** A copy. Throws RangeError outside the mapping. */
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
}

/** /dev/kvm */
export interface Kvm {
  getApiVersion(): number;
  checkExtension(cap: number): number;
  /** Bytes of the mapping of a vcpu: `kvm_run`, and a page for coalesced MMIO. */
  getVcpuMmapSize(): number;
  /** The VMM's anonymous mapping that backs guest memory; slots name offsets into it. */
  mmap(): KvmMapping;
  /** KVM on RISC-V does not look at the type. */
  createVm(type?: number): KvmVm;
}

export interface KvmVm {
  checkExtension(cap: number): number;
  enableCap(cap: number, flags: number, args: readonly bigint[]): number;
  setUserMemoryRegion(region: KvmUserspaceMemoryRegion): number;
  /** A vcpu, or a negative errno. */
  createVcpu(id: number): KvmVcpu | number;
  /** KVM_CREATE_DEVICE: only with flag KVM_CREATE_DEVICE_TEST, which asks whether there is such a device. */
  createDevice(type: number, flags: number): number;
  ioctl(request: RefusedRequest): number;
  getStats(): readonly KvmStat[];
  /**
   * WHAT-IF, with KVM_CAP_RISCV_SBI_ACCELERATOR only, else -ENOTTY: carries out a remote fence on the
   * vcpus of `mask`. `kind` as the RFENCE function of that name.
   */
  remoteFence(
    kind: 'fence_i' | 'sfence_vma' | 'sfence_vma_asid',
    mask: readonly number[],
    start: bigint,
    size: bigint,
    asid: bigint,
  ): number;
}

export interface KvmVcpu {
  readonly id: number;
  readonly run: KvmRun;
  /** KVM_RUN: 0 with `run` filled, or -EINTR when preempted or asked to leave: call it again. */
  kvmRun(): number;
  /** `address` false: the user-space address faults. */
  getOneReg(id: bigint, address?: boolean): OneReg;
  /** Null: the value stands at a user-space address that faults. */
  setOneReg(id: bigint, value: bigint | null): number;
  /** At most `n` ids; no limit when left out. */
  getRegList(n?: number): RegList;
  /** No capability can be enabled on a vcpu. */
  enableCap(cap: number): number;
  setGuestDebug(control: number): number;
  ioctl(request: RefusedRequest): number;
  getStats(): readonly KvmStat[];
  getMpState(): number;
  setMpState(state: number): number;
  /** KVM_INTERRUPT: the external interrupt of the vcpu. */
  interrupt(irq: number): number;
  /** WHAT-IF, with KVM_CAP_RISCV_SBI_ACCELERATOR only, else -ENOTTY: raises the supervisor software interrupt. */
  softwareInterrupt(): number;
  /**
   * WHAT-IF, with KVM_CAP_RISCV_SBI_ACCELERATOR only, else ENOTTY: programs and reads the counters of the vcpu, so that a
   * VMM can serve PMU, and hear of an overflow whoever serves it. The guest reads them by CSR.
   */
  pmu(command: KvmPmuCommand): KvmPmuAnswer;
  /**
   * WHAT-IF, with KVM_CAP_RISCV_SBI_ACCELERATOR only, else ENOTTY: reads and sets the debug triggers of the vcpu, so
   * that a VMM can serve DBTR. They stay until they are set again, over resets of the vcpu too.
   */
  trigger(command: KvmTriggerCommand): KvmTriggerAnswer;
}
