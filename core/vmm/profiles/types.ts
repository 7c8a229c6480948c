/** What a VMM does with KVM, in the points in which VMMs differ. Data only; the VMM model acts on it, page and command line show it. */
import type { SbiName } from '../../sbi/types.ts';

/** By the names that configurations and links use; frozen. */
export const VMM_NAMES = ['ecall', 'qemu', 'kvmtool', 'crosvm', 'cloud-hypervisor'] as const;
export type VmmName = (typeof VMM_NAMES)[number];

/** How a fact is known: seen of the program on a real KVM, read in its source, or concluded from what was read of it. */
export type VmmProvenance = 'measured' | 'source' | 'inference';

/** What the facts are about; each group has its own provenance. */
export interface VmmSources {
  /** Which calls it answers, and how. */
  readonly calls: VmmProvenance;
  /** Which extensions it switches on or can switch off, and whether it sets machine ids. */
  readonly settings: VmmProvenance;
  /** What it does with an exit that it has no code for. */
  readonly unhandled: VmmProvenance;
  /** What it does when the guest powers off or asks for a reset. */
  readonly events: VmmProvenance;
  /** What it does with an access where neither RAM nor a device is. */
  readonly nowhere: VmmProvenance;
  /** What it asks of KVM before it starts. */
  readonly needs: VmmProvenance;
}

/** How the calls that another VMM answers differ from those of Ecall. */
export interface CallHabits {
  /** A DBCN buffer that is not all in RAM: refused, or what is not read as zeros and written to nowhere. */
  readonly badBuffer: 'INVALID_PARAM' | 'zeros';
  /** Console input through SBI: what is pending, or nothing ever on a terminal. */
  readonly reads: 'pending' | 'nothing';
  /** What console_putchar leaves in a0: success, or what KVM had put there, which is NOT_SUPPORTED. */
  readonly putchar: 'success' | 'untouched';
  /** Virtual ns of system_suspend, which console input does not end. */
  readonly suspendNs: number;
}

/** What it does not start without: of what it asks KVM for, that which a kernel may lack. */
export interface Need {
  /** Of KVM_CHECK_EXTENSION: whether KVM has it. */
  readonly capability: number;
  readonly name: string;
  /** Where it comes from, for people. */
  readonly since: string;
}

/** KVM_EXIT_SYSTEM_EVENT of one type. */
export interface EventHabit {
  /** Whether there is code for it. */
  readonly handled: boolean;
  /** What follows, as the end of a sentence about the guest; empty when nothing is to be added. */
  readonly says: string;
  /** A reset after which the VM is booted again; else it ends. */
  readonly bootsAgain?: true;
}

/**
 * KVM_EXIT_MMIO where no device is: it ends the VM; or a store is dropped, and a load brings zeros, or, when the VMM
 * does not touch the bytes of the exit, those of the MMIO exit before it.
 */
export type NowhereHabit = 'ends' | 'zeros' | 'untouched';

export interface VmmProfile {
  readonly name: VmmName;
  readonly label: string;
  /** What was read, and at what state; null for the VMM that runs here. */
  readonly readAt: string | null;
  /** Which builds ran on which kernels, where something was measured; `testdata/README.md` says how. */
  readonly ranAs: string | null;
  /** Functions that it answers when KVM hands them over; `all`: each as the specification has it. */
  readonly serves: 'all' | Readonly<Partial<Record<SbiName, readonly string[]>>>;
  readonly habits: CallHabits;
  /** Extensions that are off in a new vcpu and that it switches on. */
  readonly switchesOn: 'all' | readonly SbiName[];
  /** Whether it warns where KVM has no register for what it switches on. */
  readonly warnsOfMissing: boolean;
  /** Extensions that its options can switch off. */
  readonly switchesOff: 'all' | readonly SbiName[];
  /** Which machine ids its options can set. */
  readonly machineIds: 'any' | 'not 0' | 'none';
  /** Bits that it takes of mvendorid. */
  readonly vendorIdBits: 32 | 64;
  /** Whether it answers KVM_EXIT_RISCV_CSR for the seed CSR. */
  readonly emulatesSeed: boolean;
  readonly needs: readonly Need[];
  /** What it does with an exit that it has no code for: a verb and what follows. */
  readonly unhandled: string;
  /** Whether that ends the thread of the vcpu alone, and the program when it is vcpu 0. */
  readonly outlivesVcpus?: true;
  readonly nowhere: NowhereHabit;
  readonly shutdown: EventHabit;
  readonly reset: EventHabit;
  /** Null for the VMM that runs here. */
  readonly sources: VmmSources | null;
}
