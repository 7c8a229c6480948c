/**
 * What the host side of the model sees of KVM: the scheduler that gives vcpu threads their turns, the
 * cost model, and the observer. None of it is visible to the VMM.
 */
import type { HartClock } from '../hart/clock.ts';
import type { KernelObserver } from '../trace/events.ts';

/** Costs in nanoseconds of virtual time. */
export interface HostCosts {
  /** Guest to KVM and back. */
  readonly trapNs: number;
  /** On top of the trap: KVM to VMM and back. */
  readonly exitNs: number;
  /** Other busy machines on each CPU of the host; none when left out. */
  readonly neighbours?: number;
}

/** One vcpu thread as the host scheduler handles it. */
export interface VcpuThread {
  readonly id: number;
  readonly clock: HartClock;
  /** KVM_RUN returns -EINTR once the clock reaches this unit. */
  sliceEnd: number;
  /** At most so many further instructions in this slice; Infinity when not stepping. */
  maxInstructions: number;
  /**
   * When asleep in KVM_RUN (WFI, or mp state STOPPED): the unit at which a timer will wake it, Infinity
   * when only another vcpu or a device can. Null when it can run now.
   */
  sleepingUntil(): number | null;
  /** State in the words of HSM; a vcpu in WFI counts as suspended, as in Linux. [SBI 3.0 §9.3] */
  readonly hsm: 'STARTED' | 'STOPPED' | 'SUSPENDED';
  /** Where the guest goes on: also what user space wrote before the hart was entered. */
  readonly pc: bigint;
  /** ns that the thread was ready and others had its CPU, ever: run_delay. */
  readonly runDelayNs: number;
  /** Ends the slice at the next trap boundary; used for pause and for run-to-next-call. */
  preempt(): void;
}

/** Where the what-if DBCN in the kernel prints and reads. Both return at once. */
export interface KernelConsole {
  /** How many of the bytes it took. */
  write(bytes: Uint8Array): number;
  /** At most `max` pending input bytes. */
  read(max: number): Uint8Array;
}

export interface HostHooks {
  readonly costs: HostCosts;
  readonly observer: KernelObserver;
  /** Entropy for the seed CSR; deterministic, from the configuration. */
  readonly random: () => number;
  /** Without it the kernel has no console of its own and DBCN in KVM answers FAILED. */
  readonly console?: KernelConsole;
}
