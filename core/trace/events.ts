/**
 * What can be observed of a run: SBI calls, ioctls, exits. Plain data; times are virtual. The trace is
 * the product's evidence, so its golden text and JSON forms are versioned (core/trace/format.ts).
 */

/** Who gave the answer: the guest's own CSR (Sstc), KVM, the VMM, or nobody (refused). */
export type Answerer = 'guest' | 'kvm' | 'vmm' | 'none';

export interface CallEvent {
  readonly kind: 'call';
  /** Running number over all events of a run, from 0. */
  readonly seq: number;
  readonly hart: number;
  /** Virtual nanoseconds at the ecall. */
  readonly time: number;
  readonly pc: bigint;
  /** a7, a6 and a0..a5 at the call, unsigned 64-bit. For answerer `guest`: the CSR number, 0, and the value written. */
  readonly eid: bigint;
  readonly fid: bigint;
  readonly args: readonly bigint[];
  readonly by: Answerer;
  /** a0 and a1 as the guest finds them, unsigned 64-bit; null when the call does not return (reset, hart_stop). */
  readonly error: bigint | null;
  readonly value: bigint | null;
  /** Virtual nanoseconds from the ecall until the guest goes on. */
  readonly cost: number;
  /** Whether it went through KVM_EXIT_RISCV_SBI or KVM_EXIT_SYSTEM_EVENT. */
  readonly exited: boolean;
  /** What KVM did with it, in words, e.g. `DBCN is forwarded: KVM_EXIT_RISCV_SBI`. */
  readonly kernel: string;
}

/** An ioctl made by the VMM. */
export interface IoctlEvent {
  readonly kind: 'ioctl';
  readonly seq: number;
  readonly time: number;
  /** `kvm`, `vm` or `vcpu N`. */
  readonly fd: string;
  readonly name: string;
  /** Arguments as text, decoded: `SBI_EXT.DBCN = 1`. */
  readonly args: string;
  /** Result or negative errno. */
  readonly ret: number;
  /** For KVM_RUN: the exit reason by name. */
  readonly exit?: string;
}

/**
 * What ioctls of one kind share: the trace keeps the form and, as numbers, what differs, and makes words of them
 * when the event is read. A form serves any number of events.
 */
export interface IoctlForm extends Pick<IoctlEvent, 'fd' | 'name' | 'exit'> {
  /** `IoctlEvent.args` for the operands of one event, which are unsigned and of 64 bits. */
  readonly args: (a: bigint, b: bigint, c: bigint) => string;
}

export function ioctlEvent(
  form: IoctlForm,
  time: number,
  ret: number,
  a: bigint,
  b: bigint,
  c: bigint,
): Omit<IoctlEvent, 'seq'> {
  const { fd, name, exit } = form;
  const event = { kind: 'ioctl', time, fd, name, args: form.args(a, b, c), ret } as const;
  return exit === undefined ? event : { ...event, exit };
}

export type TraceEvent = CallEvent | IoctlEvent;

/** Given to KVM; implementations must not change the machine. */
export interface KernelObserver {
  call(event: Omit<CallEvent, 'seq'>): void;
  ioctl(event: Omit<IoctlEvent, 'seq'>): void;
  /** The same in parts, for ioctls that come often. */
  ioctlAs(form: IoctlForm, time: number, ret: number, a: bigint, b: bigint, c: bigint): void;
  /** Each trap from guest to KVM by cause in words (`ecall`, `wfi`, `mmio`, `csr`, ...), SBI or not. */
  trap(hart: number, cause: string): void;
  /** Each return of KVM_RUN with an exit reason. */
  exit(hart: number, reason: string): void;
}

/** Exact counts, whatever the trace ring dropped. Keys of `calls` are extension names or the id in hex when unknown. */
export interface RunCounts {
  readonly calls: Readonly<Record<string, Readonly<Record<Answerer, number>>>>;
  readonly traps: Readonly<Record<string, number>>;
  readonly exits: Readonly<Record<string, number>>;
  /** Events that left the ring. */
  readonly dropped: number;
}
