/**
 * A host: one Linux release, as built and on its hardware, in the points in which releases and hardware
 * differ. Data only; the KVM model reads it, the page and the command line show it.
 */
import type { SbiName, SbiVersion } from '../../sbi/types.ts';

/** Linux as it is, with the capability proposed in 2025, or with what only Ecall has. */
export type KvmInterface = 'upstream' | 'userspace' | 'accelerator';

/** How a figure is known: recorded on a running kernel, read in its source, or concluded from releases around it. */
export type Provenance = 'measured' | 'source' | 'inference';

/** What a release's figures are about; each group has its own provenance. */
export interface ReleaseProvenance {
  /** Which extensions there are, their defaults and the reported version. */
  readonly extensions: Provenance;
  /** What SBI calls answer. */
  readonly answers: Provenance;
  /** What PMU answers on hardware that gives guests counters. */
  readonly counters: Provenance;
  /** ONE_REG: which registers there are, and their errno values. */
  readonly registers: Provenance;
  /** The legacy calls, which distributions do not build in. */
  readonly legacy: Provenance;
  /** TIMER.state where there is no Sstc. */
  readonly timerState: Provenance;
}

/** An extension that the kernel has a register for. */
export interface HostExtension {
  /** Number of its SBI_EXT register. */
  readonly index: number;
  /** Whether a new vcpu has it enabled. */
  readonly enabled: boolean;
  /** False: its own probe refused on this hardware; the register is absent and calls are refused. */
  readonly available: boolean;
  /** Whether an enabled extension is answered in the kernel, or handed to user space. */
  readonly where: 'kernel' | 'user';
  /** Extension of the host's harts, in the names of ISA_EXT, without which it is not available. */
  readonly needs?: string;
}

/** An extension as a release has it, before the hardware is known. */
export type ReleaseExtension = Omit<HostExtension, 'available'>;

/** Points of behaviour in which releases differ. */
export interface HostQuirks {
  /** send_ipi to a mask that also names absent harts; those that exist get it in either case. */
  readonly ipiToAbsent: 'INVALID_PARAM' | 'SUCCESS';
  /** Functions that TIME and IPI do not have. */
  readonly unknownTimeIpi: 'NOT_SUPPORTED' | 'INVALID_PARAM';
  /** Remote fences for a guest's own guests, of which there are none: refused, or done for nothing. */
  readonly hfence: 'NOT_SUPPORTED' | 'SUCCESS';
  /** How much of the suspend type hart_suspend looks at. */
  readonly hartSuspend: 'all 64 bits' | 'low 32 bits';
  /** hart_get_status of a hart that waits for an interrupt. */
  readonly suspendedStatus: 'SUSPENDED' | 'STARTED';
  /** hart_get_status of a hart that does not exist: an error, or a success with state STARTED. */
  readonly missingHart: 'INVALID_PARAM' | 'STARTED';
  /** a0 of a hart that hart_start starts: the hart id that was asked for, whose upper half nobody looked at, or its own. */
  readonly startedHartId: 'as asked' | 'own';
  /** Instruction fetch outside the memory slots: KVM_RUN fails, or the guest gets an access fault. */
  readonly fetchOutside: 'EOPNOTSUPP' | 'access-fault';
  /** Counters that a guest reads without a trap to KVM. [Linux arch/riscv/kvm/main.c] */
  readonly counters: 'all' | 'time';
  /** An illegal instruction of which KVM has the trap: given to the guest, or KVM_RUN fails. */
  readonly illegal: 'redirected' | 'EFAULT';
  /** A misaligned access that reaches KVM: given to the guest, or KVM_RUN fails. */
  readonly misaligned: 'redirected' | 'EFAULT';
  /** Whether Linux asks its firmware, through FWFT, to leave misaligned accesses to it. */
  readonly takesMisaligned: boolean;
  /** Whether traps that KVM redirects to the guest are counted: in statistics, and as firmware events. */
  readonly countsRedirected: boolean;
  /** halt_poll_ns_shrink when the module is loaded: by what a polling time that was too short is divided; 0 takes it all. */
  readonly haltPollShrink: 0 | 2;
  /** Whether a call that goes to user space leaves 0 in a1, where a VMM that looks at it finds it. */
  readonly exitsClearA1: boolean;
  /** Functions that DBCN does not have: refused in the kernel, or forwarded like the others. */
  readonly unknownDbcn: 'refused' | 'forwarded';
  /**
   * ONE_REG errno values. Until 6.5 an unknown register was EINVAL instead of ENOENT, and a write after the
   * first run EOPNOTSUPP instead of EBUSY, also of the value that was there; what tells of the host could not be written,
   * and ISA_EXT had registers, always 0, for what the host lacks.
   */
  readonly registerErrors: 'today' | 'old';
  /** Whether SBI_EXT registers exist. */
  readonly sbiRegisters: 'present' | 'absent';
  /** Whether ISA_EXT has registers for many extensions at once. */
  readonly isaMulti: boolean;
  /** KVM_GET_REG_LIST: unknown, with the SBI_EXT registers for many extensions, or without them. */
  readonly registerList: 'absent' | 'with multi' | 'single only';
  /** CONFIG registers of the machine ids. */
  readonly identityRegisters: boolean;
  readonly satpModeRegister: boolean;
  readonly senvcfgRegister: boolean;
  /** Whether SBI_STATE registers need their extension enabled, and check what is written. */
  readonly strictSbiState: boolean;
  /** Whether a cache-block size is there although its extension is cleared on the vcpu. */
  readonly blockSizesStay: boolean;
  /** A cache-block size of an extension that the host lacks: no register, or one that is 0; then a VMM may write 0 to any of them. */
  readonly absentBlockSize: 'ENOENT' | 'zero';
  /** Ids that counter_get_info lets through: below 64, or 64 too. */
  readonly pmuLastCounter: 'right' | 'one too many';
  /** Reading a firmware counter that no event was configured for: an error, or what lies beyond the events, which is 0. */
  readonly pmuUnconfigured: 'INVALID_PARAM' | 'read beyond';
  /** Whether a counter base so large that base and mask together pass 2^64 is refused, or taken as negative. */
  readonly pmuBase: 'checked' | 'wraps';
  /** Error of a PMU snapshot area of which only the beginning lies in memory. */
  readonly pmuSnapshotEnd: 'INVALID_ADDRESS' | 'FAILED';
  /** AIA registers on hardware without AIA: unknown to the release, there and always 0, or absent. */
  readonly aiaRegisters: 'unknown' | 'zero' | 'absent';
  /** errno name of the Smstateen registers on hardware without it. */
  readonly smstateenErrno: 'ENOENT' | 'EINVAL';
  /** What switching TIMER.state on arms the timer with where there is no Sstc: the value written, which is long past, or `compare`. */
  readonly timerStateArms: 'value' | 'compare';
  /** Bits of the sip register that can be written. */
  readonly sipMask: bigint;
}

export interface StableFix {
  /** The first version that has it, e.g. `6.12.112`. */
  readonly since: string;
  readonly quirks: Partial<HostQuirks>;
}

/** One Linux release, as far as a guest or a VMM can tell it from others. One data file each. */
export interface Release {
  /** `7.2` */
  readonly name: string;
  /** The version that the figures stand for. */
  readonly linux: string;
  readonly sbiVersion: SbiVersion;
  readonly extensions: Readonly<Partial<Record<SbiName, ReleaseExtension>>>;
  /** Functions of these extensions that the release does not know yet, by name. */
  readonly lacks: Readonly<Partial<Record<SbiName, readonly string[]>>>;
  readonly quirks: HostQuirks;
  /** What later stable versions of the release do otherwise than the one that the figures stand for. */
  readonly fixes?: readonly StableFix[];
  /** scounteren of a vcpu at reset. */
  readonly scounteren: bigint;
  /** Whether illegal instructions go to the guest without a trap to KVM. */
  readonly delegatesIllegal: boolean;
  /** CONFIG registers of cache-block sizes that the release has. */
  readonly blockSizes: readonly BlockExtension[];
  /** How many ISA_EXT numbers the release knows. */
  readonly isaExtCount: number;
  /** KVM_CHECK_EXTENSION: answers other than 0, without those that count CPUs of the host. */
  readonly capabilities: Readonly<Record<number, number>>;
  /** KVM_ENABLE_CAP on the VM: 0 or the errno name; EINVAL for any other. */
  readonly enables: Readonly<Record<number, 0 | 'EBUSY'>>;
  readonly provenance: ReleaseProvenance;
}

export type BlockExtension = 'ZICBOM' | 'ZICBOZ' | 'ZICBOP';

/** What KVM finds below itself. */
export interface HostHardware {
  readonly name: string;
  readonly label: string;
  readonly cpus: number;
  readonly mvendorid: bigint;
  readonly marchid: bigint;
  readonly mimpid: bigint;
  /** Extensions of the harts, in the names of ISA_EXT: also those that only newer releases have numbers for. */
  readonly isa: readonly string[];
  /** Largest mode of translation that harts have, for guests and for what lies below them: 10 is Sv57. */
  readonly satpMode: 8 | 9 | 10;
  /** Largest one that the host's Linux uses itself: its device tree or its command line may bound it. */
  readonly hostSatpMode: 8 | 9 | 10;
  /** Bytes of a cache block, for each of the three uses. */
  readonly blockSize: bigint;
  /** Advanced interrupt architecture with guest interrupt files. */
  readonly aia: boolean;
  /** Counters of the hardware that a guest gets, with the place of the time CSR: at most 32. */
  readonly counters: number;
  /** Whether harts count misses of their translation buffers, as QEMU's do with Sscofpmf. */
  readonly translationEvents: boolean;
  /** Whether harts carry out misaligned loads and stores, or trap. */
  readonly misaligned: 'done' | 'traps';
  /** Whether firmware lets Linux have traps of misaligned accesses, so that a guest can have them too. */
  readonly delegatesMisaligned: boolean;
  /** Bytes of a vector register; 0 without V. */
  readonly vlenb: number;
}

/** What can be chosen of a host's machine; the rest is what it was measured with. */
export interface HardwareChoice extends Pick<HostHardware, 'aia' | 'mvendorid' | 'marchid' | 'mimpid'> {
  readonly satpMode: SatpMode;
  readonly misaligned: MisalignedBy;
}

/** Who carries out misaligned loads and stores: harts, firmware below the host, or whoever takes the trap from the firmware. */
export type MisalignedBy = 'hart' | 'firmware' | 'delegated';

/** Name of the largest satp mode, as device trees have it in `mmu-type`. */
export type SatpMode = 'sv39' | 'sv48' | 'sv57';

/** A release on hardware, as built. */
export interface HostProfile {
  readonly name: string;
  readonly label: string;
  /** Linux release. */
  readonly linux: string;
  readonly hardware: HostHardware;
  /** CONFIG_RISCV_SBI_V01: whether the legacy calls are compiled in. */
  readonly sbiV01: boolean;
  readonly sbiVersion: SbiVersion;
  readonly implId: bigint;
  /** major << 16 | minor << 8 | patch */
  readonly implVersion: bigint;
  readonly mvendorid: bigint;
  readonly marchid: bigint;
  readonly mimpid: bigint;
  readonly extensions: Readonly<Partial<Record<SbiName, HostExtension>>>;
  readonly lacks: Release['lacks'];
  readonly quirks: HostQuirks;
  readonly scounteren: bigint;
  readonly delegatesIllegal: boolean;
  /** Whether this kernel has the traps of misaligned accesses from its firmware, and can pass them on. */
  readonly delegatesMisaligned: boolean;
  readonly hcounteren: number;
  /** What harts have, and what CONFIG.satp_mode tells. */
  readonly satpMode: 8 | 9 | 10;
  readonly hostSatpMode: 8 | 9 | 10;
  /** Cache-block sizes in bytes, by CONFIG register. */
  readonly blockSizes: Readonly<Partial<Record<BlockExtension, bigint>>>;
  readonly isaExtCount: number;
  /** Extensions of the machine that the release has numbers for, in ISA_EXT names. */
  readonly isa: readonly string[];
  readonly capabilities: Readonly<Record<number, number>>;
  readonly enables: Readonly<Record<number, 0 | 'EBUSY'>>;
  readonly provenance: ReleaseProvenance;
}
