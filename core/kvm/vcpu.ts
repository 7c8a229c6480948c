/** The vcpu file descriptor: its ioctls, and the vcpu thread as the host scheduler sees it. */

import { IRQ_S_EXT, IRQ_S_SOFT } from '../hart/api.ts';
import type { HartClock } from '../hart/clock.ts';
import { PlainError } from '../schema/plain.ts';
import type { VcpuThread } from './host.ts';
import { VcpuLog } from './log.ts';
import { getOneReg, registerList, setOneReg } from './one-reg/index.ts';
import { pmuCommand } from './pmu/ioctl.ts';
import { RunLoop } from './run.ts';
import { loadOpen, loadRun, saveOpen, saveRun } from './saved-run.ts';
import { loadVcpu, saveVcpu } from './saved-vcpu.ts';
import type { VcpuSnapshot } from './snapshot.ts';
import type { VcpuState } from './state.ts';
import { triggerAnswer, triggerCommand } from './triggers.ts';
import {
  E2BIG,
  EFAULT,
  EINTR,
  EINVAL,
  ENOTTY,
  KVM_CAP_SET_GUEST_DEBUG,
  KVM_EXIT_UNKNOWN,
  KVM_GUESTDBG_ENABLE,
  KVM_INTERRUPT_SET,
  KVM_MP_STATE_INIT_RECEIVED,
  KVM_MP_STATE_RUNNABLE,
  KVM_MP_STATE_STOPPED,
  type KvmPmuAnswer,
  type KvmPmuCommand,
  type KvmRun,
  type KvmStat,
  type KvmTriggerAnswer,
  type KvmTriggerCommand,
  type KvmVcpu,
  type OneReg,
  type RefusedRequest,
  type RegList,
} from './uapi.ts';
import { capName, hex, mpStateName, pmuWords, triggerWords } from './words.ts';

const DATA_BYTES = 8;

export class Vcpu implements KvmVcpu, VcpuThread {
  readonly run: KvmRun = {
    immediate_exit: 0,
    exit_reason: KVM_EXIT_UNKNOWN,
    mmio: { phys_addr: 0n, data: new Uint8Array(DATA_BYTES), len: 0, is_write: false },
    system_event: { type: 0, data: [] },
    riscv_sbi: { extension_id: 0n, function_id: 0n, args: [], ret: [0n, 0n] },
    riscv_csr: { csr_num: 0, new_value: 0n, write_mask: 0n, ret_value: 0n },
    fail_entry: { hardware_entry_failure_reason: 0n },
    internal: { suberror: 0, data: [] },
  };
  readonly #loop: RunLoop;
  readonly #log: VcpuLog;

  constructor(private readonly state: VcpuState) {
    this.#loop = new RunLoop(state, this.run);
    this.#log = new VcpuLog(state);
  }

  get id(): number {
    return this.state.id;
  }

  get clock(): HartClock {
    return this.state.clock;
  }

  get sliceEnd(): number {
    return this.#loop.sliceEnd;
  }

  set sliceEnd(unit: number) {
    this.#loop.sliceEnd = unit;
  }

  get maxInstructions(): number {
    return this.#loop.maxInstructions;
  }

  set maxInstructions(count: number) {
    this.#loop.maxInstructions = count;
  }

  preempt(): void {
    this.#loop.preempt();
  }

  sleepingUntil(): number | null {
    const { state } = this;
    if (state.stopped) return Number.POSITIVE_INFINITY;
    return state.sleep === null || state.runnable() ? null : state.timerDeadline();
  }

  get hsm(): VcpuThread['hsm'] {
    if (this.state.stopped) return 'STOPPED';
    return this.state.sleep === null ? 'STARTED' : 'SUSPENDED';
  }

  get runDelayNs(): number {
    return this.state.share.delayNs;
  }

  get pc(): bigint {
    return this.state.pc;
  }

  kvmRun(): number {
    const result = this.#loop.enter();
    if (result !== -EINTR) this.#log.exited(this.run, result);
    return result;
  }

  getOneReg(id: bigint, address = true): OneReg {
    const read = getOneReg(this.state, id);
    const result = read.errno === 0 && !address ? { errno: EFAULT, value: 0n } : read;
    this.#log.gotOneReg(id, result);
    return result;
  }

  setOneReg(id: bigint, value: bigint | null): number {
    const result = negated(setOneReg(this.state, id, value));
    this.#log.setOneReg(id, value ?? 0n, result);
    return result;
  }

  getRegList(n = Number.POSITIVE_INFINITY): RegList {
    const list = registerList(this.state);
    if (this.state.vm.options.profile.quirks.registerList === 'absent') return this.refuseList();
    const errno = n < list.length ? E2BIG : 0;
    this.#log.add('KVM_GET_REG_LIST', `${list.length} registers`, negated(errno));
    return { errno, n: list.length, reg: errno === 0 ? list : [] };
  }

  private refuseList(): RegList {
    this.#log.add('KVM_GET_REG_LIST', '', -EINVAL);
    return { errno: EINVAL, n: 0, reg: [] };
  }

  enableCap(cap: number): number {
    this.#log.add('KVM_ENABLE_CAP', capName(cap), -EINVAL);
    return -EINVAL;
  }

  setGuestDebug(control: number): number {
    const known = this.state.vm.options.profile.capabilities[KVM_CAP_SET_GUEST_DEBUG] !== undefined;
    if (known) this.state.debugged = (control & KVM_GUESTDBG_ENABLE) !== 0;
    const result = known ? 0 : -EINVAL;
    this.#log.add('KVM_SET_GUEST_DEBUG', hex(control), result);
    return result;
  }

  ioctl(request: RefusedRequest): number {
    this.#log.add(request, '', -EINVAL);
    return -EINVAL;
  }

  getStats(): readonly KvmStat[] {
    return this.state.stats.list(this.state.vm.options.profile.quirks.countsRedirected);
  }

  getMpState(): number {
    const state = this.state.stopped ? KVM_MP_STATE_STOPPED : KVM_MP_STATE_RUNNABLE;
    this.#log.add('KVM_GET_MP_STATE', mpStateName(state), 0);
    return state;
  }

  setMpState(state: number): number {
    const result = this.changeMpState(state);
    this.#log.add('KVM_SET_MP_STATE', mpStateName(state), result);
    return result;
  }

  interrupt(irq: number): number {
    const set = irq >>> 0 === KVM_INTERRUPT_SET;
    if (set) this.state.raise(IRQ_S_EXT);
    else this.state.lower(IRQ_S_EXT);
    this.#log.add('KVM_INTERRUPT', set ? 'set external interrupt' : 'clear external interrupt', 0);
    return 0;
  }

  softwareInterrupt(): number {
    const result = this.state.vm.accelerator ? 0 : -ENOTTY;
    if (result === 0) this.state.raise(IRQ_S_SOFT);
    this.#log.add('SOFTWARE_INTERRUPT', 'raise software interrupt', result);
    return result;
  }

  pmu(command: KvmPmuCommand): KvmPmuAnswer {
    const { accelerator } = this.state.vm;
    const answer = accelerator ? pmuCommand(this.state, command) : { errno: ENOTTY, value: 0n, overflown: false };
    this.#log.add('PMU_COUNTER', pmuWords(command), negated(answer.errno));
    return answer;
  }

  trigger(command: KvmTriggerCommand): KvmTriggerAnswer {
    const { hart, vm } = this.state;
    const answer = vm.accelerator ? triggerCommand(hart, command) : triggerAnswer(ENOTTY);
    this.#log.add('DEBUG_TRIGGER', triggerWords(command), negated(answer.errno));
    return answer;
  }

  save(): VcpuSnapshot {
    const { run, state } = this;
    return { ...saveVcpu(state), run: saveRun(run), ...saveOpen(this.#loop.open) };
  }

  /** Throws PlainError for what this vcpu cannot be. */
  load(saved: VcpuSnapshot): void {
    if (saved.id !== this.id) throw new PlainError('id', `${saved.id} where vcpu ${this.id} is`);
    loadVcpu(this.state, saved);
    loadRun(this.run, saved.run);
    this.#loop.open = loadOpen(saved);
  }

  private changeMpState(state: number): number {
    switch (state) {
      case KVM_MP_STATE_RUNNABLE:
        if (this.state.stopped) this.state.powerOn();
        return 0;
      case KVM_MP_STATE_STOPPED:
        this.state.powerOff();
        return 0;
      case KVM_MP_STATE_INIT_RECEIVED:
        if (!this.state.vm.mpStateReset) return -EINVAL;
        this.state.reset();
        return 0;
      default:
        return -EINVAL;
    }
  }
}

/** What an ioctl returns for a positive errno: 0 must not become -0. */
function negated(errno: number): number {
  return errno === 0 ? 0 : -errno;
}
