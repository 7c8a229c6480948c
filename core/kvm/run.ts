/**
 * KVM_RUN: complete what user space answered, once, then run the guest until something needs user
 * space, the slice ends or the vcpu sleeps. [Linux arch/riscv/kvm/vcpu.c, vcpu_exit.c]
 */
import type { HartExit } from '../hart/api.ts';
import { completeCsr, emulateCsr, injectIllegal } from './csr.ts';
import { isFirmwares, redirectMisaligned } from './misaligned.ts';
import { completeAccess, describeAccess, isEmulated, type OpenAccess, openAccess } from './mmio.ts';
import { answerCall, completeCall, describeCall, openCall, reportCall } from './sbi/answer.ts';
import type { Call, OpenCall } from './sbi/call.ts';
import { Dispatcher } from './sbi/dispatch.ts';
import { shareCpu, updateStealTime } from './sbi/sta.ts';
import type { VcpuState } from './state.ts';
import type { StatName } from './stats.ts';
import {
  EFAULT,
  EINTR,
  EOPNOTSUPP,
  KVM_EXIT_DEBUG,
  KVM_EXIT_INTR,
  KVM_EXIT_MMIO,
  KVM_EXIT_RISCV_CSR,
  KVM_EXIT_RISCV_HART_STATE,
  KVM_EXIT_RISCV_PMU_OVERFLOW,
  KVM_EXIT_RISCV_SBI,
  KVM_EXIT_SYSTEM_EVENT,
  KVM_EXIT_UNKNOWN,
  type KvmRun,
} from './uapi.ts';
import { exitName } from './words.ts';

const A1 = 11;
const WFI_LENGTH = 4;
const CAUSE_FETCH_ACCESS = 1n;
/** Bound of one call of Hart.run, so that the count stays a small integer. */
const MAX_RUN = 1 << 28;

/** What KVM_RUN does first when it is entered again with the exit reason of that kind: plain data. */
export type PendingExit =
  | { readonly kind: 'mmio'; readonly access: OpenAccess }
  | { readonly kind: 'csr'; readonly rd: number }
  | { readonly kind: 'call'; readonly open: OpenCall };

const PENDING_REASONS: Readonly<Record<PendingExit['kind'], number>> = {
  mmio: KVM_EXIT_MMIO,
  csr: KVM_EXIT_RISCV_CSR,
  call: KVM_EXIT_RISCV_SBI,
};

/** Exits to user space that are counted by kind. */
const EXIT_COUNTERS: Readonly<Record<number, StatName>> = {
  [KVM_EXIT_MMIO]: 'mmio_exit_user',
  [KVM_EXIT_RISCV_SBI]: 'ecall_exit_stat',
  [KVM_EXIT_RISCV_CSR]: 'csr_exit_user',
};

/** What a vcpu thread left open when it came back from KVM_RUN. */
export interface OpenRun {
  readonly pending: PendingExit | null;
  readonly sliceEnded: boolean;
}

export class RunLoop {
  /** Clock unit at which KVM_RUN returns -EINTR. */
  sliceEnd = Number.POSITIVE_INFINITY;
  maxInstructions = Number.POSITIVE_INFINITY;
  #preempted = false;
  /** The last KVM_RUN ended with its slice: only the model makes the VMM enter again, no host CPU was lost. */
  #sliceEnded = false;
  #pending: PendingExit | null = null;
  readonly #dispatcher: Dispatcher;

  constructor(
    private readonly cpu: VcpuState,
    private readonly run: KvmRun,
  ) {
    this.#dispatcher = new Dispatcher(cpu);
  }

  /** What is open between two entries; a wish to leave is of the slice that is over. */
  get open(): OpenRun {
    return { pending: this.#pending, sliceEnded: this.#sliceEnded };
  }

  set open({ pending, sliceEnded }: OpenRun) {
    this.#pending = pending;
    this.#sliceEnded = sliceEnded;
    this.#preempted = false;
  }

  preempt(): void {
    this.#preempted = true;
    this.cpu.hart.interruptRun();
  }

  /** The ioctl: 0, -EINTR or -EOPNOTSUPP. */
  enter(): number {
    const { cpu, run } = this;
    cpu.ran = true;
    cpu.vm.now = cpu.clock.now;
    if (!this.complete()) return this.leave(run.exit_reason);
    if (run.immediate_exit !== 0) {
      cpu.stats.add('signal_exits');
      this.wakeUp();
      return -EINTR;
    }
    cpu.load();
    this.carryOutReset();
    if (!this.#sliceEnded) updateStealTime(cpu);
    this.#sliceEnded = false;
    run.exit_reason = KVM_EXIT_UNKNOWN;
    let result: number | null = null;
    while (result === null) result = this.turn();
    cpu.vm.now = cpu.clock.now;
    return result;
  }

  /** False when the exit that user space just answered has to be followed by another. */
  private complete(): boolean {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null || PENDING_REASONS[pending.kind] !== this.run.exit_reason) return true;
    if (this.completeExit(pending)) return true;
    this.#pending = pending;
    this.cpu.clock.spend(this.cpu.vm.trapUnits);
    this.cpu.vm.options.hooks.observer.trap(this.cpu.id, 'mmio');
    return false;
  }

  /** False when it has to exit once more. */
  private completeExit(pending: PendingExit): boolean {
    const { cpu, run } = this;
    switch (pending.kind) {
      case 'mmio':
        if (completeAccess(cpu, pending.access, run)) return true;
        describeAccess(pending.access, run);
        return false;
      case 'csr':
        completeCsr(cpu, pending.rd, run);
        return true;
      case 'call':
        completeCall(cpu, run, pending.open);
        return true;
      default:
        return pending satisfies never;
    }
  }

  private carryOutReset(): void {
    const { pendingReset } = this.cpu;
    if (pendingReset === null) return;
    this.cpu.pendingReset = null;
    this.cpu.resetTo(pendingReset.address, pendingReset.opaque);
    this.cpu.load();
  }

  /** One stretch of guest code, or of sleep; null to go on. */
  private turn(): number | null {
    const { cpu } = this;
    if (cpu.stateUntold) return this.stateChanged();
    if (cpu.stopped) return this.interrupted();
    if (cpu.pmu.untold) return this.overflown();
    if (cpu.sleep !== null && !this.sleepUntilWoken()) return this.interrupted();
    if (this.#preempted || this.maxInstructions <= 0 || cpu.clock.now >= this.sliceEnd) return this.interrupted();
    cpu.fireTimer();
    const end = Math.min(this.sliceEnd, cpu.timer.nextCheck);
    const counting = cpu.pmu.inUse.size > 0;
    // An armed counter of one level looks again whenever the level changes.
    cpu.hart.stopsOnModeChange = counting && cpu.pmu.watchesModes;
    const turn = cpu.vm.slice.runs - cpu.share.used;
    const limit = Math.max(1, Math.min(this.maxInstructions, end - cpu.clock.now, turn, MAX_RUN));
    const before = cpu.clock.now;
    let exit = cpu.hart.run(counting ? Math.min(limit, cpu.pmu.instructionsLeft) : limit);
    const emulated = isFirmwares(cpu, exit);
    if (emulated) exit = cpu.hart.emulateMisaligned();
    if (counting) cpu.pmu.overflow();
    // A trap that the guest takes itself counts too: else a step could go on for ever in a loop of traps.
    this.maxInstructions -= cpu.clock.now - before;
    if (emulated) cpu.clock.spend(cpu.vm.trapUnits);
    if (turn !== Number.POSITIVE_INFINITY) shareCpu(cpu, cpu.clock.now - before);
    cpu.vm.now = cpu.clock.now;
    return exit.kind === 'limit' ? null : this.trapped(exit);
  }

  /** WHAT-IF, as below: user space asked to be told, before the guest goes on. */
  private stateChanged(): number {
    this.cpu.stateUntold = false;
    return this.leave(KVM_EXIT_RISCV_HART_STATE);
  }

  private overflown(): number {
    this.cpu.pmu.untold = false;
    this.countTrap('overflow');
    return this.leave(KVM_EXIT_RISCV_PMU_OVERFLOW);
  }

  private interrupted(): number {
    this.#preempted = false;
    this.#sliceEnded = true;
    this.run.exit_reason = KVM_EXIT_INTR;
    return -EINTR;
  }

  /** True when the vcpu goes on within this slice. */
  private sleepUntilWoken(): boolean {
    const { cpu } = this;
    if (!cpu.runnable()) {
      const deadline = cpu.timerDeadline();
      if (!Number.isFinite(deadline) || deadline > this.sliceEnd || this.#preempted) return false;
      cpu.clock.skipTo(deadline);
      cpu.fireTimer();
    }
    this.wakeUp();
    return true;
  }

  private wakeUp(): void {
    const { cpu } = this;
    const { sleep } = cpu;
    cpu.sleep = null;
    if (sleep === null) return;
    cpu.share.used = 0;
    cpu.countHalt();
    if (sleep.kind === 'wfi') {
      cpu.hart.complete(0, 0n, WFI_LENGTH);
      return;
    }
    const { open, resume } = sleep;
    answerCall(cpu, open.call, { ...open.answering, noReturn: resume !== null }, 0n, 0n);
    if (resume !== null) cpu.resetTo(resume.address, resume.opaque);
  }

  /** A trap from the guest to KVM. */
  private trapped(exit: Exclude<HartExit, { readonly kind: 'limit' }>): number | null {
    const { cpu, run } = this;
    const call = exit.kind === 'ecall' ? this.#dispatcher.read() : null;
    this.maxInstructions -= 1;
    this.countTrap(exit.kind);
    switch (exit.kind) {
      case 'ecall':
        return call === null ? null : this.called(call);
      case 'wfi':
        cpu.stats.add('wfi_exit_stat');
        cpu.fallAsleep({ kind: 'wfi' });
        return null;
      case 'mmio':
        return isEmulated(exit) ? this.mmio(openAccess(exit)) : -EOPNOTSUPP;
      case 'csr': {
        if (emulateCsr(cpu, exit, run) !== 'exit') return null;
        this.#pending = { kind: 'csr', rd: exit.rd };
        return this.leave(KVM_EXIT_RISCV_CSR);
      }
      case 'misaligned':
        return redirectMisaligned(cpu, exit);
      case 'breakpoint':
        return this.leave(KVM_EXIT_DEBUG);
      case 'illegal':
        if (cpu.vm.options.profile.quirks.illegal === 'EFAULT') return -EFAULT;
        if (!cpu.vm.options.profile.delegatesIllegal) cpu.countRedirected('ILLEGAL_INSN', 'instr_illegal_exits');
        injectIllegal(cpu, exit.word);
        return null;
      case 'fetch-fault':
        if (cpu.vm.options.profile.quirks.fetchOutside === 'EOPNOTSUPP') return -EOPNOTSUPP;
        cpu.hart.trap(CAUSE_FETCH_ACCESS, exit.va);
        return null;
      default:
        return exit satisfies never;
    }
  }

  /** What a trap costs, and where it shows. */
  private countTrap(cause: string): void {
    const { cpu } = this;
    cpu.stats.add('exits');
    if (cpu.privilege === 'U') cpu.pmu.fromUser.traps++;
    cpu.clock.spend(cpu.vm.trapUnits);
    cpu.vm.now = cpu.clock.now;
    cpu.vm.options.hooks.observer.trap(cpu.id, cause);
  }

  private mmio(access: OpenAccess): number {
    describeAccess(access, this.run);
    this.#pending = { kind: 'mmio', access };
    return this.leave(KVM_EXIT_MMIO);
  }

  /** An SBI call. */
  private called(call: Call): number | null {
    const { cpu, run } = this;
    const verdict = this.#dispatcher.dispatch(call);
    const { outcome } = verdict;
    const exits = outcome.kind === 'forward' || outcome.kind === 'stop';
    if (exits && !verdict.keepsA1 && cpu.vm.options.profile.quirks.exitsClearA1) cpu.hart.writeX(A1, 0n);
    switch (outcome.kind) {
      case 'done':
        answerCall(cpu, call, verdict, outcome.error, outcome.value);
        return null;
      case 'trap':
        cpu.hart.trap(outcome.cause, outcome.tval);
        reportCall(cpu, call, verdict, null, null, false);
        return null;
      case 'sleep':
        cpu.fallAsleep({ kind: 'call', open: openCall(call, verdict), resume: outcome.resume ?? null });
        return null;
      case 'forward':
        this.#pending = { kind: 'call', open: openCall(call, verdict) };
        describeCall(call, run);
        return this.leave(KVM_EXIT_RISCV_SBI);
      case 'stop': {
        const { type, reason } = outcome.event;
        cpu.vm.stopAll();
        run.system_event = { type, data: [reason] };
        const result = this.leave(KVM_EXIT_SYSTEM_EVENT);
        reportCall(cpu, call, verdict, null, null, true);
        return result;
      }
      default:
        return outcome satisfies never;
    }
  }

  /** Back to user space with an exit reason. */
  private leave(reason: number): number {
    const { cpu, run } = this;
    run.exit_reason = reason;
    const counter = EXIT_COUNTERS[reason];
    if (counter !== undefined) {
      cpu.stats.add(counter);
      if (cpu.privilege === 'U') cpu.pmu.fromUser.exits++;
    }
    cpu.clock.spend(cpu.vm.exitUnits);
    cpu.vm.now = cpu.clock.now;
    cpu.vm.options.hooks.observer.exit(cpu.id, exitName(reason));
    return 0;
  }
}
