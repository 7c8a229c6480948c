/**
 * KVM_RUN: complete what user space answered, once, then run the guest until something needs user
 * space, the slice ends or the vcpu sleeps. [Linux arch/riscv/kvm/vcpu.c, vcpu_exit.c]
 */
import type { HartExit } from '../hart/api.ts';
import { extensionOf, functionOf } from '../sbi/codec.ts';
import type { Answerer } from '../trace/events.ts';
import { completeCsr, emulateCsr, injectIllegal } from './csr.ts';
import { isEmulated, MmioAccess } from './mmio.ts';
import { type Call, Dispatcher, type Verdict } from './sbi/dispatch.ts';
import { updateStealTime } from './sbi/sta.ts';
import type { VcpuState } from './state.ts';
import {
  EINTR,
  EOPNOTSUPP,
  KVM_EXIT_INTR,
  KVM_EXIT_MMIO,
  KVM_EXIT_RISCV_CSR,
  KVM_EXIT_RISCV_SBI,
  KVM_EXIT_SYSTEM_EVENT,
  KVM_EXIT_UNKNOWN,
  type KvmRun,
} from './uapi.ts';
import { exitName } from './words.ts';

const A0 = 10;
const A1 = 11;
const ECALL_LENGTH = 4;
const WFI_LENGTH = 4;
const CAUSE_FETCH_ACCESS = 1n;
/** Bound of one call of Hart.run, so that the count stays a small integer. */
const MAX_RUN = 1 << 28;

/** What KVM_RUN does first when it is entered again with this exit reason. */
interface PendingExit {
  readonly reason: number;
  /** False when it has to exit once more. */
  complete(): boolean;
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
    if (pending === null || pending.reason !== this.run.exit_reason || pending.complete()) return true;
    this.#pending = pending;
    this.cpu.clock.spend(this.cpu.vm.trapUnits);
    this.cpu.vm.options.hooks.observer.trap(this.cpu.id, 'mmio');
    return false;
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
    if (cpu.stopped) return this.interrupted();
    if (cpu.sleep !== null && !this.sleepUntilWoken()) return this.interrupted();
    if (this.#preempted || this.maxInstructions <= 0 || cpu.clock.now >= this.sliceEnd) return this.interrupted();
    cpu.fireTimer();
    const end = Math.min(this.sliceEnd, cpu.nextTimerCheck());
    const limit = Math.max(1, Math.min(this.maxInstructions, end - cpu.clock.now, MAX_RUN));
    const before = cpu.clock.now;
    const exit = cpu.hart.run(limit);
    // A trap that the guest takes itself counts too: else a step could go on for ever in a loop of traps.
    this.maxInstructions -= cpu.clock.now - before;
    cpu.vm.now = cpu.clock.now;
    return exit.kind === 'limit' ? null : this.trapped(exit);
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
    const { sleep } = this.cpu;
    this.cpu.sleep = null;
    sleep?.wake();
  }

  /** A trap from the guest to KVM. */
  private trapped(exit: Exclude<HartExit, { readonly kind: 'limit' }>): number | null {
    const { cpu, run } = this;
    const call = exit.kind === 'ecall' ? this.#dispatcher.read() : null;
    this.maxInstructions -= 1;
    cpu.clock.spend(cpu.vm.trapUnits);
    cpu.vm.now = cpu.clock.now;
    cpu.vm.options.hooks.observer.trap(cpu.id, exit.kind);
    switch (exit.kind) {
      case 'ecall':
        return call === null ? null : this.called(call);
      case 'wfi':
        cpu.sleep = { wake: () => cpu.hart.complete(0, 0n, WFI_LENGTH) };
        return null;
      case 'mmio':
        return isEmulated(cpu) ? this.mmio(new MmioAccess(cpu, exit)) : -EOPNOTSUPP;
      case 'csr': {
        if (emulateCsr(cpu, exit, run) !== 'exit') return null;
        const complete = () => {
          completeCsr(cpu, exit.rd, run);
          return true;
        };
        this.#pending = { reason: KVM_EXIT_RISCV_CSR, complete };
        return this.leave(KVM_EXIT_RISCV_CSR);
      }
      case 'illegal':
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

  private mmio(access: MmioAccess): number {
    const { run } = this;
    access.describe(run);
    this.#pending = {
      reason: KVM_EXIT_MMIO,
      complete: () => {
        if (access.complete(run)) return true;
        access.describe(run);
        return false;
      },
    };
    return this.leave(KVM_EXIT_MMIO);
  }

  /** An SBI call. */
  private called(call: Call): number | null {
    const { cpu, run } = this;
    const verdict = this.#dispatcher.dispatch(call);
    const { outcome } = verdict;
    switch (outcome.kind) {
      case 'done':
        this.answer(call, verdict, outcome.error, outcome.value);
        return null;
      case 'trap':
        cpu.hart.trap(outcome.cause, outcome.tval);
        this.report(call, verdict, null, null, false);
        return null;
      case 'sleep': {
        const { resume } = outcome;
        const wake = () => {
          this.answer(call, { ...verdict, noReturn: resume !== undefined }, 0n, 0n);
          if (resume !== undefined) cpu.resetTo(resume.address, resume.opaque);
        };
        cpu.sleep = { wake };
        return null;
      }
      case 'forward':
        this.forward(call, verdict);
        return this.leave(KVM_EXIT_RISCV_SBI);
      case 'stop': {
        const { type, reason } = outcome.event;
        cpu.vm.stopAll();
        run.system_event = { type, data: [reason] };
        const result = this.leave(KVM_EXIT_SYSTEM_EVENT);
        this.report(call, verdict, null, null, true);
        return result;
      }
      default:
        return outcome satisfies never;
    }
  }

  private answer(call: Call, verdict: Verdict, error: bigint, value: bigint): void {
    const { hart } = this.cpu;
    if (!verdict.keepsA1) hart.writeX(A1, value);
    hart.complete(A0, error, ECALL_LENGTH);
    const a1 = verdict.keepsA1 ? (call.args[1] ?? 0n) : value;
    if (verdict.noReturn) this.report(call, verdict, null, null, false);
    else this.report(call, verdict, error, a1, false);
  }

  private forward(call: Call, verdict: Verdict): void {
    const { cpu, run } = this;
    run.riscv_sbi = {
      extension_id: call.eid,
      function_id: call.fid,
      args: [...call.args],
      ret: [BigInt.asUintN(64, -2n), 0n],
    };
    const complete = () => {
      const [a0, a1] = run.riscv_sbi.ret;
      const error = BigInt.asUintN(64, a0);
      const value = BigInt.asUintN(64, a1);
      cpu.hart.writeX(A1, value);
      cpu.hart.complete(A0, error, ECALL_LENGTH);
      const returns = cpu.pendingReset === null && !this.isTakenOver(call, error);
      this.report(call, verdict, returns ? error : null, returns ? value : null, true);
      return true;
    };
    this.#pending = { reason: KVM_EXIT_RISCV_SBI, complete };
  }

  /**
   * Whether a call that user space answered does not return: it succeeds only by not coming back, and user
   * space had the exit completed without letting the guest go on, which is how it takes the vcpu over.
   */
  private isTakenOver(call: Call, error: bigint): boolean {
    if (error !== 0n || this.run.immediate_exit === 0) return false;
    const extension = extensionOf(call.eid);
    return extension !== undefined && functionOf(extension, call.eid, call.fid)?.definition.noReturn === true;
  }

  private report(call: Call, verdict: Verdict, error: bigint | null, value: bigint | null, exited: boolean): void {
    const { id, vm, clock } = this.cpu;
    const by: Answerer = verdict.by;
    const { pc, eid, fid, args } = call;
    vm.options.hooks.observer.call({
      kind: 'call',
      hart: id,
      time: vm.nanoseconds(call.start),
      pc,
      eid,
      fid,
      args,
      by,
      error,
      value,
      cost: vm.nanoseconds(clock.now - call.start),
      exited,
      kernel: verdict.kernel,
    });
  }

  /** Back to user space with an exit reason. */
  private leave(reason: number): number {
    const { cpu, run } = this;
    run.exit_reason = reason;
    cpu.clock.spend(cpu.vm.exitUnits);
    cpu.vm.now = cpu.clock.now;
    cpu.vm.options.hooks.observer.exit(cpu.id, exitName(reason));
    return 0;
  }
}
