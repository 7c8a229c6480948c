/**
 * What KVM keeps for a VM and for each of its vcpus, beside what the hart holds. Registers that user
 * space wrote stay here until the vcpu is next loaded, as in the kernel: they read back as written.
 * [Linux arch/riscv/kvm: vcpu.c, vcpu_timer.c, vcpu_sbi_sta.c]
 */
import { U64_MAX } from '../base/u64.ts';
import {
  type Hart,
  type HartOptions,
  IRQ_LCOF,
  IRQ_S_EXT,
  IRQ_S_SOFT,
  IRQ_S_TIMER,
  type Privilege,
  type SupervisorIrq,
} from '../hart/api.ts';
import type { HartClock, Timebase } from '../hart/clock.ts';
import type { GuestMemory } from '../memory/api.ts';
import type { FirmwareEvent } from '../sbi/spec/pmu.ts';
import type { SbiVersion } from '../sbi/types.ts';
import { FwftState } from './fwft.ts';
import { countHalt, type Halt, NO_HALT } from './halt.ts';
import type { HostHooks } from './host.ts';
import { IsaRegisters } from './isa.ts';
import { GuestPmu } from './pmu/pmu.ts';
import type { HostProfile, KvmInterface } from './profiles/index.ts';
import type { OpenCall } from './sbi/call.ts';
import { SbiRegisters } from './sbi/registers.ts';
import { type StatName, VcpuStats } from './stats.ts';
import { VcpuTimer } from './timer.ts';

export interface KvmOptions {
  readonly profile: HostProfile;
  readonly interface: KvmInterface;
  readonly memory: GuestMemory;
  readonly timebase: Timebase;
  readonly createHart: (options: HartOptions) => Hart;
  readonly hooks: HostHooks;
  /** Extensions of the host's harts, as in the ISA string; upper or lower case. */
  readonly extensions: ReadonlySet<string>;
}

export const CSR_SCOUNTEREN = 0x106;
export const CSR_STIMECMP = 0x14d;
/** An address that no area has: STA reporting is off. */
export const NO_ADDRESS = U64_MAX;

const A0 = 10;
const A1 = 11;

/** How long a thread may run while others want its CPU. [Linux kernel/sched/fair.c, sysctl_sched_base_slice] */
const HOST_SLICE_NS = 3_000_000;

/** Why a vcpu thread is blocked in KVM_RUN, besides being stopped: plain data. */
export type Sleep =
  | { readonly kind: 'wfi' }
  /** A call that succeeds when the vcpu wakes, or resumes it at an address. */
  | { readonly kind: 'call'; readonly open: OpenCall; readonly resume: Resumption | null };

/** Where a vcpu goes on after a reset: pc and a1. */
export interface Resumption {
  readonly address: bigint;
  readonly opaque: bigint;
}

export class VmState {
  readonly vcpus: VcpuState[] = [];
  readonly trapUnits: number;
  readonly exitUnits: number;
  /** Units that a vcpu thread keeps its CPU, and those that it then waits for it; Infinity and 0 without neighbours. */
  readonly slice: { readonly runs: number; readonly waits: number };
  /** KVM_CAP_RISCV_USERSPACE_SBI was enabled. */
  userspaceSbi = false;
  /** KVM_CAP_RISCV_SBI_ACCELERATOR was enabled. */
  accelerator = false;
  /** KVM_CAP_RISCV_HART_STATE_EXITS was enabled. */
  hartStateExits = false;
  /** KVM_CAP_RISCV_MP_STATE_RESET was enabled. */
  mpStateReset = false;
  /** What TIMER.time was set to beyond the time of the host, in ticks. */
  timeDelta = 0n;
  /** Clock unit of the vcpu that ran last: when something happens to another one. */
  now = 0;

  constructor(readonly options: KvmOptions) {
    const { timebase, hooks } = options;
    this.trapUnits = timebase.unitsFromNs(hooks.costs.trapNs);
    this.exitUnits = timebase.unitsFromNs(hooks.costs.exitNs);
    const { neighbours = 0 } = hooks.costs;
    const units = Math.max(1, timebase.unitsFromNs(HOST_SLICE_NS));
    this.slice =
      neighbours === 0 ? { runs: Number.POSITIVE_INFINITY, waits: 0 } : { runs: units, waits: neighbours * units };
  }

  vcpu(id: number): VcpuState | undefined {
    return this.vcpus.find((vcpu) => vcpu.id === id);
  }

  nanoseconds(units: number): number {
    return this.options.timebase.nsFromUnits(units);
  }

  /** Copies guest-physical memory, or null when some of it is in no memory slot. */
  readGuest(gpa: bigint, length: number): Uint8Array | null {
    const offset = this.options.memory.offsetOf(gpa, length);
    return offset < 0 ? null : this.options.memory.read(offset, length);
  }

  writeGuest(gpa: bigint, bytes: Uint8Array): boolean {
    const offset = this.options.memory.offsetOf(gpa, bytes.length);
    if (offset < 0) return false;
    this.options.memory.write(offset, bytes);
    return true;
  }

  /** All vcpus stop; their registers stay. */
  stopAll(): void {
    for (const vcpu of this.vcpus) vcpu.powerOff();
  }
}

export class VcpuState {
  hart: Hart;
  readonly isa: IsaRegisters;
  readonly sbi: SbiRegisters;
  readonly stats = new VcpuStats();
  readonly pmu: GuestPmu;
  readonly fwft: FwftState;
  /** AIA registers that no hart of 64 bits has: what user space wrote. */
  readonly aia = new Map<number, bigint>();
  /** Vector registers, likewise. */
  readonly vector = new Map<number, bigint>();
  /** CONFIG registers of the machine identity. */
  readonly identity: { mvendorid: bigint; marchid: bigint; mimpid: bigint };
  /** WHAT-IF: what BASE reports, and what gates extensions and functions. */
  readonly specification: { version: SbiVersion; implId: bigint; implVersion: bigint };
  /** KVM_RUN was entered once, even if it came back at once: configuration is frozen. */
  ran = false;
  stopped: boolean;
  /** WHAT-IF: HSM stopped or started it and user space has not been told. */
  stateUntold = false;
  /** KVM_SET_GUEST_DEBUG with KVM_GUESTDBG_ENABLE: breakpoints go to user space. */
  debugged = false;
  sleep: Sleep | null = null;
  /** Of the sleep, and of the one before. */
  halt: Halt = NO_HALT;
  /** Registers that user space wrote and the hart does not hold yet: CSR numbers, and the pc. */
  readonly unloaded = new Map<number, bigint>();
  unloadedPc: bigint | null = null;
  /** Whether the hart has run since its last reset: before, CSRs read as KVM cleared them. */
  loaded = false;
  readonly timer = new VcpuTimer();
  /** Reset that is carried out when the vcpu next runs: system_suspend. */
  pendingReset: Resumption | null = null;
  /** `steal`: how much of the delay has been reported, in ns. */
  sta = { address: NO_ADDRESS, sequence: 0, steal: 0n };
  /** Units that the thread has run since it got its CPU, and ns that it ever waited for one: run_delay. */
  share = { used: 0, delayNs: 0 };

  constructor(
    readonly id: number,
    readonly vm: VmState,
    readonly onStimecmp: (vcpu: VcpuState, value: bigint) => void,
  ) {
    const { profile, extensions } = vm.options;
    this.isa = new IsaRegisters(profile, extensions);
    this.sbi = new SbiRegisters(vm);
    this.identity = { mvendorid: profile.mvendorid, marchid: profile.marchid, mimpid: profile.mimpid };
    this.specification = {
      version: profile.sbiVersion,
      implId: profile.implId,
      implVersion: profile.implVersion,
    };
    this.pmu = new GuestPmu(this, profile.hardware.counters);
    this.fwft = new FwftState(this);
    this.hart = this.createHart();
    this.stopped = vm.vcpus.length > 0;
    this.reset();
  }

  get clock(): HartClock {
    return this.hart.clock;
  }

  get privilege(): Privilege {
    return this.hart.privilege;
  }

  /** Whether the host gives its guests counters. */
  get hasPmu(): boolean {
    return this.vm.accelerator || (this.vm.options.profile.extensions.PMU?.available ?? false);
  }

  get hasOverflow(): boolean {
    return this.isa.has('SSCOFPMF');
  }

  get readsOnce(): boolean {
    return this.vm.accelerator;
  }

  get hasPointerMasking(): boolean {
    return this.isa.has('SMNPM');
  }

  get delegatesMisaligned(): boolean {
    const { delegatesMisaligned, hardware } = this.vm.options.profile;
    return delegatesMisaligned || (this.vm.accelerator && hardware.misaligned === 'done');
  }

  get hasSstc(): boolean {
    return this.isa.host.has('SSTC');
  }

  /** A trap that KVM only passes on to the guest. */
  countRedirected(event: FirmwareEvent, stat: StatName): void {
    if (!this.vm.options.profile.quirks.countsRedirected) return;
    this.pmu.count(event);
    this.stats.add(stat);
  }

  /** The hart gets its registers as VCPU reset leaves them; the mp state stays. */
  reset(): void {
    const { hart } = this;
    hart.reset();
    hart.writeCsr(CSR_SCOUNTEREN, this.vm.options.profile.scounteren);
    for (const irq of [IRQ_S_SOFT, IRQ_S_TIMER, IRQ_S_EXT, IRQ_LCOF] as const) hart.setPending(irq, false);
    if (this.hasSstc) hart.writeCsr(CSR_STIMECMP, U64_MAX);
    this.pmu.reset();
    this.fwft.reset();
    this.aia.clear();
    this.vector.clear();
    this.timer.reset();
    this.sta = { address: NO_ADDRESS, sequence: 0, steal: BigInt(this.share.delayNs) };
    this.unloaded.clear();
    this.unloadedPc = null;
    this.loaded = false;
    this.sleep = null;
  }

  /** Reset, then pc, a0 and a1 as hart_start and the resume of system_suspend set them. */
  resetTo(address: bigint, opaque: bigint, hartid = BigInt(this.id)): void {
    this.reset();
    this.hart.pc = entered(address);
    this.hart.writeX(A0, hartid);
    this.hart.writeX(A1, opaque);
  }

  fallAsleep(sleep: Sleep): void {
    this.sleep = sleep;
    this.halt = { ...this.halt, since: this.clock.now };
  }

  /** The sleep is over. */
  countHalt(): void {
    const { since, pollNs } = this.halt;
    const { haltPollShrink } = this.vm.options.profile.quirks;
    // The kernel's clock tells whole nanoseconds.
    const ns = Math.floor(this.vm.nanoseconds(this.clock.now - since));
    this.halt = { since, pollNs: countHalt(this.stats, pollNs, ns, haltPollShrink) };
  }

  /** Starts a stopped vcpu at an address, with this in a0 and a1. */
  start(hartid: bigint, address: bigint, opaque: bigint): void {
    this.resetTo(address, opaque, hartid);
    this.powerOn();
    this.stateUntold = this.vm.hartStateExits;
  }

  /** The vcpu stops itself. */
  stop(): void {
    this.powerOff();
    this.stateUntold = this.vm.hartStateExits;
  }

  powerOn(): void {
    this.stopped = false;
    this.clock.skipTo(this.vm.now);
  }

  powerOff(): void {
    this.stopped = true;
  }

  /** Interrupt from KVM or user space; wakes the vcpu from WFI when it is enabled. */
  raise(irq: SupervisorIrq): void {
    const slept = this.sleep !== null && !this.runnable();
    this.hart.setPending(irq, true);
    if (slept && this.runnable()) this.clock.skipTo(this.vm.now);
  }

  lower(irq: SupervisorIrq): void {
    this.hart.setPending(irq, false);
  }

  withdraw(irq: SupervisorIrq): boolean {
    const pending = this.hart.isPending(irq);
    this.hart.setPending(irq, false);
    return pending;
  }

  /**
   * Whether a sleeping vcpu goes on: an interrupt is pending and enabled, or the timer has expired,
   * enabled or not. [Linux virt/kvm: kvm_vcpu_check_block]
   */
  runnable(): boolean {
    return this.hart.hasWakeup() || this.timerDeadline() <= this.clock.now;
  }

  /** First unit at which the timer expires. */
  timerDeadline(): number {
    return this.hasSstc ? this.hart.timerDeadline() : this.timer.deadline;
  }

  /** Programs the next timer event, in ticks, and withdraws a pending one. */
  setTimer(ticks: bigint): void {
    if (this.hasSstc) {
      this.hart.writeCsr(CSR_STIMECMP, ticks);
      return;
    }
    this.hart.setPending(IRQ_S_TIMER, false);
    this.timer.arm(ticks, this.vm.options.timebase.unitsAt(ticks));
    this.fireTimer();
  }

  /** Without Sstc: makes the timer interrupt pending once its time has come. */
  fireTimer(): void {
    if (this.timer.expires(this.clock.now)) this.hart.setPending(IRQ_S_TIMER, true);
  }

  /** Where the guest goes on when it is entered next. */
  get pc(): bigint {
    return this.unloadedPc === null ? this.hart.pc : entered(this.unloadedPc);
  }

  /** Gives the hart the registers that user space wrote, and the extensions that it left on. */
  load(): void {
    if (!this.loaded && this.isa.changed) this.replaceHart();
    this.hart.exitsOnBreakpoint = this.debugged;
    this.hart.delegatesMisaligned = this.fwft.delegatesMisaligned;
    // On every entry, and mostly there is nothing.
    if (this.unloaded.size > 0) {
      for (const [csr, value] of this.unloaded) this.hart.writeCsr(csr, value);
      this.unloaded.clear();
    }
    if (this.unloadedPc !== null) this.hart.pc = this.pc;
    this.unloadedPc = null;
    this.loaded = true;
  }

  /** The hart gets the extensions that are on, unless they are to reach it when it is next loaded. */
  loadIsa(saved: Parameters<IsaRegisters['load']>[0]): void {
    this.isa.load(saved);
    if (!saved.changed) this.hart = this.createHart();
  }

  private replaceHart(): void {
    const { f, fcsr, ...state } = this.hart.save();
    this.hart = this.createHart();
    const float = f === undefined || fcsr === undefined || !this.isa.has('F') ? {} : { f, fcsr };
    this.hart.load({ ...state, ...float });
    this.isa.changed = false;
  }

  private createHart(): Hart {
    const { profile, createHart } = this.vm.options;
    return createHart({
      id: this.id,
      extensions: this.isa.enabledNames(),
      hardware: this.isa.spelled,
      hcounteren: profile.hcounteren,
      delegatesIllegal: profile.delegatesIllegal,
      satpMode: profile.satpMode,
      misaligned: profile.hardware.misaligned,
      onStimecmp: (_hart, value) => this.onStimecmp(this, value),
    });
  }
}

/** Where SRET enters a guest whose sepc was set to `pc`: bit 0 of sepc is always zero. [Privileged ISA, sepc] */
function entered(pc: bigint): bigint {
  return pc & ~1n;
}
