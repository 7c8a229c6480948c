/**
 * What a hart offers to the layer above it (the KVM model) and why it comes back. The hart knows the
 * U and S levels of a virtualized guest; it never calls upward: it returns an exit.
 */
import type { HartClock } from './clock.ts';
import type { TriggerRegisters } from './trigger-fields.ts';

/** Why `Hart.run` came back. The pc is that of the instruction concerned unless said otherwise. */
export type HartExit =
  /** `limit` instructions retired, or the run was cut short by `Hart.interruptRun`. */
  | { readonly kind: 'limit' }
  /** ecall from VS-mode: cause 10. */
  | { readonly kind: 'ecall' }
  /** EBREAK or a trigger while the hypervisor wants it: `Hart.exitsOnBreakpoint`. */
  | { readonly kind: 'breakpoint' }
  /** WFI, at either level: hstatus.VTW is set, and KVM before nested virtualization does not look at the level. */
  | { readonly kind: 'wfi' }
  /** Guest-page fault: guest-physical address outside RAM. A store carries its value. */
  | MmioExit
  | MisalignedExit
  /** Instruction fetch outside RAM: guest-page fault that no device can answer. */
  | { readonly kind: 'fetch-fault'; readonly gpa: bigint; readonly va: bigint }
  /**
   * CSR access that this guest may not do by itself (virtual-instruction exception): a counter that
   * hcounteren hides, the seed, an unknown supervisor CSR under KVM. `newValue` is what it would
   * write, or undefined when it only reads; `rd` 0 when it only writes.
   */
  | {
      readonly kind: 'csr';
      readonly csr: number;
      readonly access: 'rw' | 'rs' | 'rc';
      readonly source: bigint;
      readonly writes: boolean;
      readonly rd: number;
      readonly word: number;
    }
  /**
   * Illegal instruction while hedeleg does not delegate it, or a virtual-instruction exception that KVM
   * answers in the same way (SRET or SFENCE.VMA in U-mode, hypervisor instructions).
   */
  | { readonly kind: 'illegal'; readonly word: number };

/**
 * A data access whose address is not a multiple of its width, which the hart neither carries out nor leaves to the
 * guest: an atomic, or anything where `HartOptions.misaligned` says so.
 */
export interface MisalignedExit {
  readonly kind: 'misaligned';
  /** Also of AMOs and SC: their exception is that of a store. */
  readonly store: boolean;
  readonly va: bigint;
  readonly atomic: boolean;
}

export interface MmioExit {
  readonly kind: 'mmio';
  readonly store: boolean;
  readonly gpa: bigint;
  readonly va: bigint;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: bigint;
  readonly signed: boolean;
  /** Destination register of a load. */
  readonly rd: number;
  /** Length of the instruction, to advance pc on completion. */
  readonly length: 2 | 4;
  /** Bits of the instruction, 16 or 32 as `length` says: what htinst or a look at the pc would tell. */
  readonly word: number;
  /** LR, SC, AMO or a cache-block instruction: KVM cannot decode it for emulation, so that KVM_RUN fails with EOPNOTSUPP. */
  readonly atomic?: true;
}

/** Standard interrupts of the S level, as bit numbers of sip and sie. */
export const IRQ_S_SOFT = 1;
export const IRQ_S_TIMER = 5;
export const IRQ_S_EXT = 9;
/** Local counter overflow (Sscofpmf). */
export const IRQ_LCOF = 13;
export type SupervisorIrq = typeof IRQ_S_SOFT | typeof IRQ_S_TIMER | typeof IRQ_S_EXT | typeof IRQ_LCOF;

export type Privilege = 'U' | 'S';

export interface Hart {
  /** Value of mhartid, and a0 at start. */
  readonly id: number;
  readonly clock: HartClock;
  pc: bigint;
  privilege: Privilege;

  /** Runs at most `limit` instructions (>= 1) and says why it stopped; `clock.retired` is exact. */
  run(limit: number): HartExit;
  /** Makes a `run` that is under way return `limit` at the next instruction boundary it checks. */
  interruptRun(): void;

  /** 64-bit unsigned value of x0..x31. */
  readX(index: number): bigint;
  writeX(index: number, value: bigint): void;
  /** Whether it has F. */
  readonly hasFloat: boolean;
  /** All 64 bits of f0..f31; 0 for a hart without F. */
  readF(index: number): bigint;
  /** Leaves sstatus.FS as it is, as a write of `fcsr` here does. */
  writeF(index: number, value: bigint): void;
  /** Rounding mode and accrued exceptions, eight bits; 0 for a hart without F. */
  fcsr: number;
  /** As an instruction in S-mode would, WARL applied, but without traps and side exits: for ONE_REG and views. */
  readCsr(number: number): bigint;
  writeCsr(number: number, value: bigint): void;
  /**
   * As the hypervisor sets it; fields are named in `environment.ts`, and those of extensions that the hart has not
   * stay 0. At reset it is what KVM gives a new vcpu. A change of what it says of translation drops what is cached.
   */
  henvcfg: bigint;

  /** Whether breakpoints exit instead of going to the guest: hedeleg without breakpoint, for a guest that is debugged. */
  exitsOnBreakpoint: boolean;
  /** Whether `run` comes back with `limit` as soon as the level has changed, so that what one level does can be bounded. */
  stopsOnModeChange: boolean;

  /** How many debug triggers it has. */
  readonly triggerCount: number;
  /** As machine mode reads tdata1 to tdata3 of that one; undefined when there is none. */
  readTrigger(index: number): TriggerRegisters | undefined;
  /** As machine mode writes them, WARL rules applied; nothing when there is none. */
  writeTrigger(index: number, registers: TriggerRegisters): void;

  /** Whether misaligned accesses that trap go to the guest: hedeleg with both of them. Not part of a snapshot. */
  delegatesMisaligned: boolean;
  /**
   * Carries out the instruction at the pc as firmware would that emulates misaligned accesses: to be called after a
   * `misaligned` exit of one that is not atomic. Its faults are those of the access.
   */
  emulateMisaligned(): HartExit;

  /** hvip: pending bits that the hypervisor injects. */
  setPending(irq: SupervisorIrq, pending: boolean): void;
  isPending(irq: SupervisorIrq): boolean;
  /** Whether some interrupt is pending and enabled in sie, whatever sstatus.SIE says: what ends a WFI. */
  hasWakeup(): boolean;
  /** First clock unit at which stimecmp makes STIP pending; Infinity for never or without Sstc. */
  timerDeadline(): number;

  /** Injects a trap as the hypervisor's redirect does: sepc, scause, stval, sstatus, then pc = stvec. */
  trap(cause: bigint, tval: bigint): void;
  /** Finishes an instruction that exited: writes rd (unless 0) and advances pc by `length`, once. */
  complete(rd: number, value: bigint, length: number): void;

  /** Guest-physical address for a guest-virtual one with the current translation, or null (for lookups, no side effects). */
  translate(va: bigint, access: 'load' | 'store' | 'fetch'): bigint | null;
  fenceI(): void;
  /** Undefined address or ASID means all. Addresses are guest virtual. */
  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void;

  /** VS state of a KVM vcpu at reset: every register 0, S level, MMU off. Triggers stay, being machine mode's. */
  reset(): void;
  /** Plain data, versioned by the machine snapshot. */
  save(): HartSnapshot;
  load(snapshot: HartSnapshot): void;
}

export interface HartSnapshot {
  readonly pc: string;
  readonly privilege: Privilege;
  /** Hexadecimal, x0..x31. */
  readonly x: readonly string[];
  /** Hexadecimal, f0..f31; only with F. */
  readonly f?: readonly string[];
  readonly fcsr?: string;
  readonly csrs: Readonly<Record<string, string>>;
  readonly pending: string;
  /** Only when it is not what KVM gives a new vcpu. */
  readonly henvcfg?: string;
  /** All of them, when one is not as at power-on. */
  readonly triggers?: readonly { readonly [Register in keyof TriggerRegisters]: string }[];
  readonly retired: number;
  readonly waited: number;
  /** How many of `retired` were retired in U-mode; none when left out. */
  readonly user?: number;
  /** What LR reserved, when there is a reservation: offset in guest memory, width, and the value read. */
  readonly reservation?: { readonly offset: number; readonly bytes: 4 | 8; readonly value: string };
}

/** What is switched on for the guest and what the hypervisor delegates; fixed for the life of a hart. */
export interface HartOptions {
  readonly id: number;
  /** Extension names as in the ISA string. */
  readonly extensions: ReadonlySet<string>;
  /**
   * What the hart itself has, where the hypervisor keeps some of it from the guest by henvcfg or hstateen0: fields and
   * registers that are there all the same. `extensions` when left out.
   */
  readonly hardware?: ReadonlySet<string>;
  /** Bits of hcounteren: which counters VS may read without an exit. */
  readonly hcounteren: number;
  /** Whether hedeleg delegates illegal instruction (Linux 6.17 and later). */
  readonly delegatesIllegal: boolean;
  /** Largest satp mode: 8 Sv39, 9 Sv48, 10 Sv57. */
  readonly satpMode: 8 | 9 | 10;
  /** What it does with misaligned loads and stores; without it, it carries them out. Misaligned atomics always trap. */
  readonly misaligned?: 'done' | 'traps';
  /** Called after each guest write of stimecmp (Sstc): lets the trace show what replaces an SBI call. */
  readonly onStimecmp?: (hart: number, value: bigint) => void;
}
