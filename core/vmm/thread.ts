/** The thread of one vcpu: KVM_RUN in a loop, and what the VMM does with each exit. */
import { hex } from '../base/bits.ts';
import { fromLittleEndian, toLittleEndian, utf8 } from '../base/bytes.ts';
import type { Bus, BusFault } from '../bus/bus.ts';
import { WIDTHS, type Width } from '../bus/device.ts';
import {
  EAGAIN,
  EFAULT,
  EINTR,
  EOPNOTSUPP,
  KVM_EXIT_FAIL_ENTRY,
  KVM_EXIT_INTERNAL_ERROR,
  KVM_EXIT_INTR,
  KVM_EXIT_MMIO,
  KVM_EXIT_RISCV_CSR,
  KVM_EXIT_RISCV_HART_STATE,
  KVM_EXIT_RISCV_PMU_OVERFLOW,
  KVM_EXIT_RISCV_SBI,
  KVM_EXIT_SYSTEM_EVENT,
  KVM_MP_STATE_STOPPED,
  KVM_SYSTEM_EVENT_RESET,
  KVM_SYSTEM_EVENT_SHUTDOWN,
  type KvmVcpu,
} from '../kvm/uapi.ts';
import { PlainError } from '../schema/plain.ts';
import type { VmEnd, VmmThread } from './api.ts';
import type { VmContext } from './context.ts';
import { errnoName } from './errno.ts';
import { injectFault } from './fault.ts';
import { RandomStream } from './random.ts';
import { CORE } from './registers.ts';
import { loadAsleep, saveAsleep } from './saved.ts';
import { CallServer } from './sbi/index.ts';
import { hartChanged } from './sbi/reset.ts';
import type { Asleep, Outcome } from './sbi/server.ts';
import { overflown } from './sbi/sse/overflow.ts';
import { takeEvent } from './sbi/sse/switch.ts';
import { updateStealTime } from './sbi/sta.ts';
import type { ThreadSnapshot } from './snapshot.ts';
import { completeExit, kicked, startAt } from './start.ts';
import { sleepsUntil, stillSleeps } from './wake.ts';

/** The seed CSR: OPST = ES16 in bits 31:30, entropy in 15:0. [RISC-V entropy source §seed CSR] */
export const CSR_SEED = 0x015;
export const SEED_ES16 = 0b10n << 30n;

/** Of a thread that has ended; nothing follows. */
const OVER: Asleep = { sleep: { kind: 'over' }, next: { kind: 'return', a0: 0n, a1: 0n } };

/** What ends the VM for all threads, or lets it begin again. */
export interface EndOfVm {
  ended: VmEnd | null;
  /** Of a VMM that boots the VM again after a reset: does so; null, or what failed in words. */
  readonly bootAgain: (() => string | null) | null;
}

export class VcpuThread implements VmmThread {
  #asleep: Asleep | null = null;
  readonly #entropy: RandomStream;
  readonly #calls: CallServer;

  constructor(
    private readonly vm: VmContext,
    private readonly bus: Bus,
    private readonly cpu: KvmVcpu,
    private readonly end: EndOfVm,
  ) {
    this.#calls = new CallServer(vm, cpu);
    this.#entropy = new RandomStream(utf8(`seed of vcpu ${cpu.id}`));
  }

  get vcpu(): number {
    return this.cpu.id;
  }

  get sleepingUntil(): number | null {
    return this.#asleep === null ? null : sleepsUntil(this.vm, this.cpu, this.#asleep.sleep);
  }

  get isOver(): boolean {
    return this.#asleep?.sleep.kind === 'over';
  }

  get signalledAt(): number | null {
    return this.vm.sbi.SSE.signalledAt(this.cpu.id);
  }

  save(): ThreadSnapshot {
    const asleep = this.#asleep === null ? null : saveAsleep(this.#asleep);
    return { vcpu: this.cpu.id, asleep, entropy: hex(this.#entropy.state) };
  }

  /** Throws PlainError when it is the state of another thread. */
  load(saved: ThreadSnapshot): void {
    if (saved.vcpu !== this.cpu.id) throw new PlainError('vcpu', `${saved.vcpu} where vcpu ${this.cpu.id} is`);
    this.#asleep = saved.asleep === null ? null : loadAsleep(saved.asleep);
    this.#entropy.state = BigInt(saved.entropy);
  }

  /** The VM is booted again: nothing is slept through. */
  restart(): void {
    this.#asleep = null;
  }

  turn(): void {
    if (this.end.ended) return;
    const asleep = this.#asleep;
    if (asleep && !this.#wakeUp(asleep)) return;
    // After a system suspend KVM may have a reset in store that it carries out when the vcpu runs, over what is set now.
    const mayBeReset = asleep?.sleep.kind === 'system';
    if (this.signalledAt !== null && !mayBeReset && !this.#takeEvent()) return;
    this.#left(this.cpu.kvmRun());
  }

  /** What KVM_RUN returned. */
  #left(ret: number): void {
    if (ret === -EINTR || ret === -EAGAIN) return;
    if (ret < 0) this.#fail(`KVM_RUN failed: ${errnoName(ret)}${RUN_ERRORS[-ret] ?? ''}`);
    else this.#exited();
  }

  #exited(): void {
    this.#handleExit();
    if (this.#asleep === null && this.end.ended === null) updateStealTime(this.vm, this.cpu);
  }

  /** False when the guest does not go on in this turn. */
  #takeEvent(): boolean {
    const ret = kicked(this.cpu);
    if (ret !== -EINTR) {
      this.#left(ret);
      return false;
    }
    const failed = takeEvent(this.vm, this.cpu);
    if (failed) this.#fail(failed);
    return failed === null;
  }

  /** False while the thread sleeps on, or when the VM ended. */
  #wakeUp({ sleep, next }: Asleep): boolean {
    const left = stillSleeps(this.vm, this.cpu, sleep);
    this.#asleep = left === null ? null : { sleep: left, next };
    if (left !== null) return false;
    this.vm.suspended.delete(this.cpu.id);
    this.#carryOut(next);
    return this.end.ended === null;
  }

  #handleExit(): void {
    const { run } = this.cpu;
    switch (run.exit_reason) {
      case KVM_EXIT_RISCV_SBI:
        this.#carryOut(this.#calls.serve());
        return;
      case KVM_EXIT_MMIO:
        this.#mmio();
        return;
      case KVM_EXIT_SYSTEM_EVENT:
        this.#systemEvent();
        return;
      case KVM_EXIT_RISCV_CSR:
        this.#csr();
        return;
      case KVM_EXIT_RISCV_PMU_OVERFLOW:
        overflown(this.vm, this.cpu);
        return;
      case KVM_EXIT_RISCV_HART_STATE:
        hartChanged(this.vm, this.cpu);
        return;
      case KVM_EXIT_INTR:
        return;
      case KVM_EXIT_FAIL_ENTRY:
        this.#unhandled(`KVM_EXIT_FAIL_ENTRY: reason ${hex(run.fail_entry.hardware_entry_failure_reason)}`);
        return;
      case KVM_EXIT_INTERNAL_ERROR:
        this.#unhandled(`KVM_EXIT_INTERNAL_ERROR: suberror ${run.internal.suberror}`);
        return;
      default:
        this.#unhandled(`exit reason ${run.exit_reason} that the VMM does not handle`);
    }
  }

  #carryOut(outcome: Outcome): void {
    const { cpu } = this;
    switch (outcome.kind) {
      case 'return':
        cpu.run.riscv_sbi.ret = [outcome.a0, outcome.a1];
        return;
      case 'restart': {
        completeExit(cpu);
        const failed = startAt(this.vm, cpu, outcome.pc, outcome.opaque);
        if (failed) this.#fail(failed);
        return;
      }
      case 'resume': {
        const [a0, a1] = cpu.run.riscv_sbi.args;
        completeExit(cpu, a0, a1);
        const failed = this.vm.set(cpu, outcome.registers);
        if (failed) this.#fail(failed);
        return;
      }
      case 'stop': {
        completeExit(cpu);
        const ret = cpu.setMpState(KVM_MP_STATE_STOPPED);
        if (ret < 0) this.#fail(`KVM_SET_MP_STATE STOPPED failed: ${errnoName(ret)}`);
        return;
      }
      case 'sleep':
        this.#asleep = outcome;
        return;
      case 'unhandled':
        this.#unhandled(outcome.words);
        return;
      case 'fault': {
        const failed = injectFault(this.vm, cpu, outcome.cause, outcome.address);
        if (failed) this.#fail(failed);
        return;
      }
      case 'end':
        completeExit(cpu);
        if (outcome.end.kind === 'error') this.#fail(outcome.end.words);
        else this.end.ended = outcome.end;
        return;
      default:
        outcome satisfies never;
    }
  }

  #mmio(): void {
    const { phys_addr, data, len, is_write } = this.cpu.run.mmio;
    const width = widthOf(len);
    if (width === null) {
      this.#unhandled(`KVM_EXIT_MMIO of ${len} bytes at ${hex(phys_addr)}`);
      return;
    }
    if (is_write) {
      const fault = this.bus.write(phys_addr, width, fromLittleEndian(data.subarray(0, len)), this.cpu.id);
      if (fault) this.#unanswered(fault);
      return;
    }
    const answer = this.bus.read(phys_addr, width, this.cpu.id);
    if ('fault' in answer) this.#unanswered(answer);
    else data.set(toLittleEndian(answer.value, len));
  }

  /** An access that no device takes; one that the device there refuses is a limit of ours under every VMM. */
  #unanswered({ fault, nowhere }: BusFault): void {
    const habit = this.vm.options.profile.nowhere;
    if (!nowhere) this.#fail(fault);
    else if (habit === 'ends') this.#unhandled(fault);
    else if (habit === 'zeros' && !this.cpu.run.mmio.is_write) this.cpu.run.mmio.data.fill(0);
  }

  #systemEvent(): void {
    const { type, data } = this.cpu.run.system_event;
    const { shutdown, reset } = this.vm.options.profile;
    const reason = data[0] ?? 0n;
    if (type === KVM_SYSTEM_EVENT_SHUTDOWN && shutdown.handled) this.end.ended = { kind: 'shutdown', reason };
    else if (type === KVM_SYSTEM_EVENT_RESET && reset.handled) this.#reset(reason);
    else this.#unhandled(`KVM_EXIT_SYSTEM_EVENT of type ${type} that the VMM does not handle`);
  }

  #reset(reason: bigint): void {
    const { end } = this;
    if (end.bootAgain === null) {
      end.ended = { kind: 'reset', reason };
      return;
    }
    const failed = end.bootAgain();
    if (failed !== null) this.#fail(failed);
  }

  #csr(): void {
    const csr = this.cpu.run.riscv_csr;
    const { emulatesSeed } = this.vm.options.profile;
    if (csr.csr_num === CSR_SEED && emulatesSeed) csr.ret_value = SEED_ES16 | BigInt(this.#entropy.next() & 0xffff);
    else this.#unhandled(`KVM_EXIT_RISCV_CSR for CSR ${hex(csr.csr_num, 3)} that the VMM does not emulate`);
  }

  #fail(words: string): void {
    this.end.ended = { kind: 'error', words: this.#located(words) };
  }

  /** An exit that the VMM has no answer to. */
  #unhandled(words: string): void {
    const { serves, label, unhandled, outlivesVcpus } = this.vm.options.profile;
    const said = serves === 'all' ? words : `${words}: ${label} has no code for it: it ${unhandled}`;
    if (outlivesVcpus === true && this.cpu.id !== 0) {
      this.vm.say(this.#located(said));
      this.#asleep = OVER;
    } else this.end.ended = { kind: 'error', words: this.#located(said), unhandled: true };
  }

  #located(words: string): string {
    return `vcpu ${this.cpu.id}: ${words} (pc ${hex(this.vm.get(this.cpu, CORE.pc))})`;
  }
}

/** What KVM_RUN means by an error, where it is not plain. */
const RUN_ERRORS: Readonly<Record<number, string>> = {
  [EOPNOTSUPP]: ': an instruction or access that KVM does not emulate, or a fetch outside RAM',
  [EFAULT]: ': a misaligned access of the guest, which KVM gives back to it since Linux 6.5',
};

function widthOf(length: number): Width | null {
  for (const width of WIDTHS) if (width === length) return width;
  return null;
}
