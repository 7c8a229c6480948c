/**
 * A host: one Linux release, as built and on its hardware, in the points in which releases differ.
 * Data only; the KVM model reads it, the page and the command line show it.
 */
import type { SbiName, SbiVersion } from '../../sbi/types.ts';

/** Linux as it is, with the capability proposed in 2025, or with what only Ecall has. */
export type KvmInterface = 'upstream' | 'userspace' | 'accelerator';

/** How a figure is known. */
export type Provenance = 'measured' | 'source' | 'inference';

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
}

/** Points of behaviour in which releases differ. */
export interface HostQuirks {
  /** send_ipi delivers to the harts of the mask that exist, also when it then answers INVALID_PARAM. */
  readonly partialIpi: boolean;
  /** hart_get_status of a hart that does not exist: an error, or a success with state STARTED. */
  readonly missingHart: 'INVALID_PARAM' | 'STARTED';
  /** Instruction fetch outside the memory slots: KVM_RUN fails, or the guest gets an access fault. */
  readonly fetchOutside: 'EOPNOTSUPP' | 'access-fault';
  /** Functions that DBCN does not have: refused in the kernel, or forwarded like the others. */
  readonly unknownDbcn: 'refused' | 'forwarded';
  /** Whether SBI_STATE registers need their extension enabled, and check what is written. */
  readonly strictSbiState: boolean;
  /** Whether 0 is accepted, and ignored, for a cache-block size, which then stays even when its extension is cleared. */
  readonly laxBlockSize: boolean;
  /** AIA registers on hardware without AIA: absent, or there and always 0. */
  readonly aiaRegisters: 'absent' | 'zero';
  /** errno name of the Smstateen registers on hardware without it. */
  readonly smstateenErrno: 'ENOENT' | 'EINVAL';
  /** What switching TIMER.state on arms the timer with where there is no Sstc: the value written, which is long past, or `compare`. */
  readonly timerStateArms: 'value' | 'compare';
  /** Bits of the sip register that can be written. */
  readonly sipMask: bigint;
}

export interface HostProfile {
  readonly name: string;
  readonly label: string;
  /** Linux release. */
  readonly linux: string;
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
  readonly quirks: HostQuirks;
  /** scounteren of a vcpu at reset. */
  readonly scounteren: bigint;
  /** Whether illegal instructions go to the guest without a trap to KVM. */
  readonly delegatesIllegal: boolean;
  readonly hcounteren: number;
  /** Largest satp mode: 10 is Sv57. */
  readonly satpMode: 8 | 9 | 10;
  /** Cache-block sizes in bytes, by CONFIG register. */
  readonly blockSizes: Readonly<Partial<Record<'ZICBOM' | 'ZICBOZ' | 'ZICBOP', bigint>>>;
  /** How many ISA_EXT numbers the release knows. */
  readonly isaExtCount: number;
  /** Extensions of the measured machine, in ISA_EXT names. */
  readonly isa: readonly string[];
  /** KVM_CHECK_EXTENSION: answers other than 0. */
  readonly capabilities: Readonly<Record<number, number>>;
  /** KVM_ENABLE_CAP on the VM: 0 or the errno name; EINVAL for any other. */
  readonly enables: Readonly<Record<number, 0 | 'EBUSY'>>;
  readonly provenance: Readonly<Record<'answers' | 'registers' | 'legacy' | 'timerState', Provenance>>;
}
