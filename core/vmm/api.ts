/** What the composition root gives the VMM model and gets from it. */
import type { Placed } from '../bus/bus.ts';
import type { Segment } from '../guests/elf.ts';
import type { Kvm } from '../kvm/uapi.ts';
import type { Mode, SbiName, SbiVersion } from '../sbi/types.ts';
import type { VmmProfile } from './profiles/index.ts';
import type { VmmSnapshot } from './snapshot.ts';

/** The terminal, as the VMM's character device. */
export interface ConsolePort {
  write(bytes: Uint8Array): void;
  /** Takes at most `max` pending input bytes. */
  read(max: number): Uint8Array;
  readonly pending: number;
  /** Input bytes that have come so far, read or not. */
  readonly received: number;
}

/** What the VMM is told of the machine. */
export interface VmmSettings {
  readonly kvm: Kvm;
  /** Which VMM this one behaves like. */
  readonly profile: VmmProfile;
  readonly interface: 'upstream' | 'userspace' | 'accelerator';
  /** Extensions that this Linux, once they are enabled, hands to user space: what a VMM knows of the kernel it runs on. */
  readonly handedOver: readonly SbiName[];
  readonly harts: number;
  /** Bytes of guest RAM. */
  readonly memory: number;
  readonly bootargs: string;
  readonly isa: readonly string[];
  readonly timebaseFrequency: number;
  readonly identity: { readonly mvendorid: bigint; readonly marchid: bigint; readonly mimpid: bigint };
  readonly sbiVersion: SbiVersion;
  readonly implId: bigint;
  readonly implVersion: bigint;
  readonly modes: Readonly<Record<SbiName, Mode>>;
  /** What a probe of an extension answers instead of the truth. */
  readonly probes?: Readonly<Partial<Record<SbiName, bigint>>>;
  readonly console: ConsolePort;
  /** Host time in virtual nanoseconds, for devices and sleeps. */
  readonly now: () => number;
  /**
   * What the host tells a thread of its own waiting, as schedstat in /proc does: ns that the thread of a vcpu was ready
   * and had no CPU, ever. A host that tells it nothing when left out.
   */
  readonly runDelay?: (vcpu: number) => number;
  /** Memory-mapped devices, made over the capabilities that the machine has; none when left out. */
  readonly devices?: readonly Placed[];
  /** Lines that a VMM would write to its standard error. */
  readonly log?: (words: string) => void;
}

/** What it boots. */
export interface VmmOptions extends VmmSettings {
  readonly image: Uint8Array;
  readonly initrd?: Uint8Array;
}

/** How the VM ended, as the VMM tells it. */
export type VmEnd =
  | { readonly kind: 'shutdown'; readonly reason: bigint }
  | { readonly kind: 'reset'; readonly reason: bigint }
  /** The VMM gave up: an ioctl failed or, when `unhandled`, KVM_RUN came back with an exit that it does not serve. */
  | { readonly kind: 'error'; readonly words: string; readonly unhandled?: true };

export interface VmmThread {
  readonly vcpu: number;
  /** One turn: KVM_RUN, and when it returned 0 the handling of the exit. */
  turn(): void;
  /** Set while user space itself sleeps (system suspend): virtual ns at which to go on, or Infinity for input. */
  readonly sleepingUntil: number | null;
  /** Whether it has ended, and the VM goes on without it; it then sleeps for ever. */
  readonly isOver: boolean;
  /**
   * Virtual ns at which another thread signalled this one, so that KVM_RUN comes back even where the vcpu sleeps; null
   * when none did, or since the signal was taken.
   */
  readonly signalledAt: number | null;
}

export interface Vmm {
  readonly threads: readonly VmmThread[];
  readonly ended: VmEnd | null;
  /** Whether console input lets a vcpu go on that sleeps. */
  readonly wakesForInput: boolean;
  readonly entry: bigint;
  /** What a VMM that boots the VM again after a reset loads then; null for one that does not, or that has it no more. */
  readonly loaded: readonly Segment[] | null;
  /** What the guest was given; null in a VM that was resumed. */
  readonly deviceTree: Uint8Array | null;
  /** To be called when console input has come, between turns. */
  inputCame(): void;
  /** Plain data. Only between turns. */
  save(): VmmSnapshot;
}

/** Setting up failed: a bad image, too little memory, or an ioctl that the kernel refused. */
export interface VmmFailure {
  readonly failure: { readonly code: 'image' | 'memory' | 'ioctl'; readonly message: string; readonly hint?: string };
}
