/**
 * The privileged half of a hart, the same for every engine: its level and how that changes by traps and interrupts, and
 * the exits of a guest that runs in VS-mode under KVM. [Privileged ISA, Supervisor-Level ISA and Hypervisor Extension]
 * An engine executes instructions and calls here for what is not plain computation.
 */
import type { SlottedMemory } from '../memory/guest-memory.ts';
import type { Translation } from '../memory/translate.ts';
import type { HartExit, HartOptions, HartSnapshot, Privilege, SupervisorIrq } from './api.ts';
import type { HartClock } from './clock.ts';
import * as k from './constants.ts';
import { resetState } from './csr-state.ts';
import { SupervisorCsrs } from './csrs.ts';
import { type DataAccess, fetchFaultExit, mmioExit } from './exits.ts';
import { FloatRegisters } from './float.ts';
import type { IntegerRegisters } from './integer.ts';
import type { EngineCaches, Reservation } from './layout.ts';
import { loadState, saveState } from './snapshot.ts';
import { AddressTranslation } from './translation.ts';
import { enterTrap, interruptDue, leaveTrap } from './traps.ts';
import type { TriggerRegisters } from './trigger-fields.ts';
import { type TriggeredHart, Triggers } from './triggers.ts';

const BREAKPOINT: HartExit = { kind: 'breakpoint' };

/**
 * Methods that carry out an instruction expect pc to be that of the instruction, and give null when the
 * hart goes on (pc is then the next one) or the exit to return from `Hart.run`. An exception that the
 * guest takes itself costs one unit of time, spent here, so that a guest that only faults still sees time
 * pass; the engine takes one off its budget for it. Retired instructions are counted by the engine.
 */
export class HartCore implements TriggeredHart {
  readonly csrs: SupervisorCsrs;
  readonly translation: AddressTranslation;
  readonly triggers = new Triggers();
  /** LR's reservation; null when there is none. */
  reservation: Reservation | null = null;
  exitsOnBreakpoint = false;
  delegatesMisaligned = false;
  /** Firmware emulates the current instruction: nothing interrupts it. */
  emulates = false;
  /** Told when the hart has gone from U level to S level or back. */
  onModeChange: (() => void) | null = null;
  #privilege: Privilege = 'S';
  #caches: EngineCaches | null = null;

  constructor(
    readonly options: HartOptions,
    readonly memory: SlottedMemory,
    readonly clock: HartClock,
    readonly registers: IntegerRegisters,
    readonly float: FloatRegisters = new FloatRegisters(),
  ) {
    this.csrs = new SupervisorCsrs(options, clock, float);
    this.translation = new AddressTranslation(this.csrs, memory, this.#privilege);
    this.reset();
  }

  attach(caches: EngineCaches): void {
    this.#caches = caches;
    this.translation.attach(caches);
  }

  get pc(): bigint {
    return this.registers.pc;
  }

  set pc(value: bigint) {
    this.registers.pc = value;
  }

  get privilege(): Privilege {
    return this.#privilege;
  }

  set privilege(value: Privilege) {
    this.#changePrivilege(value, this.clock.retired);
  }

  /** Raises an exception at pc: taken by the guest when delegated, else an exit or KVM's redirect of it. */
  raise(cause: bigint, tval: bigint): HartExit | null {
    if (cause === k.CAUSE_ILLEGAL_INSTRUCTION && !this.options.delegatesIllegal) {
      return this.leave({ kind: 'illegal', word: Number(tval) });
    }
    this.trap(cause, tval);
    this.clock.spend(1);
    return null;
  }

  /** Whether loads and stores at such addresses trap. */
  get trapsMisaligned(): boolean {
    return this.options.misaligned === 'traps' && !this.emulates;
  }

  misaligned(va: bigint, store: boolean, atomic: boolean): HartExit | null {
    if (!this.delegatesMisaligned) return this.leave({ kind: 'misaligned', store, va, atomic });
    return this.raise(store ? k.CAUSE_MISALIGNED_STORE : k.CAUSE_MISALIGNED_LOAD, va);
  }

  illegal(word: number): HartExit | null {
    return this.raise(k.CAUSE_ILLEGAL_INSTRUCTION, BigInt(word >>> 0));
  }

  /** Of EBREAK and of triggers. */
  breakpoint(tval: bigint): HartExit | null {
    return this.exitsOnBreakpoint ? this.leave(BREAKPOINT) : this.raise(k.CAUSE_BREAKPOINT, tval);
  }

  /** A virtual-instruction exception without emulation: KVM answers it as an illegal instruction. */
  virtualInstruction(word: number): HartExit {
    return this.leave({ kind: 'illegal', word: word >>> 0 });
  }

  /** Exception or exit for an instruction fetch from `va`, whose translation was not a page in RAM. */
  fetchFault(translation: Translation, va: bigint): HartExit | null {
    if (translation.kind === 'page-fault') return this.raise(k.CAUSE_FETCH_PAGE_FAULT, va);
    return this.leave(fetchFaultExit(translation, va));
  }

  /** The same for a load or store. `va` is the first byte that faults. */
  dataFault(translation: Translation, va: bigint, access: DataAccess): HartExit | null {
    if (translation.kind === 'page-fault') {
      return this.raise(access.store ? k.CAUSE_STORE_PAGE_FAULT : k.CAUSE_LOAD_PAGE_FAULT, va);
    }
    return this.leave(mmioExit(translation, va, access));
  }

  /** Trap entry to S level: what delegation does in hardware and what KVM's redirect does by hand. */
  trap(cause: bigint, tval: bigint): void {
    this.pc = enterTrap(this.csrs.state, this.#privilege, this.pc, cause, tval);
    this.reservation = null;
    this.privilege = 'S';
  }

  /** What SRET does. */
  returnFromTrap(): void {
    const to = leaveTrap(this.csrs.state);
    this.pc = this.csrs.state.sepc;
    this.reservation = null;
    // SRET itself still belongs to the level that it leaves.
    this.#changePrivilege(to, this.clock.retired + 1);
  }

  /** Cause code of the interrupt that is to be taken now, or -1. */
  nextInterrupt(): SupervisorIrq | -1 {
    return this.emulates ? -1 : interruptDue(this.csrs, this.#privilege);
  }

  /** Takes the interrupt that is due, if any: to be called at instruction boundaries. */
  takeInterrupt(): boolean {
    const irq = this.nextInterrupt();
    if (irq < 0) return false;
    if (this.triggers.counting) this.triggers.count(this);
    this.trap(k.CAUSE_INTERRUPT | BigInt(irq), 0n);
    return true;
  }

  /** One instruction by `step`, or the breakpoint of a trigger before it: what a step is while `triggers.counts`. */
  counted(step: () => HartExit | null): HartExit | null {
    // Firmware carries the instruction out, whose trap has been counted.
    if (this.emulates) return step();
    const fires = this.triggers.takePending(this);
    this.triggers.count(this);
    return fires ? this.breakpoint(0n) : step();
  }

  get interruptsEnabled(): boolean {
    return (this.csrs.state.sstatus & k.SSTATUS_SIE) !== 0;
  }

  instructionLength(): number {
    const at = this.translation.lookup(this.pc, 'fetch');
    const offset = at === null ? -1 : this.memory.offsetOf(at, 2);
    if (offset < 0) return 0;
    return instructionBytes(this.memory.view.getUint16(offset, true));
  }

  writeTrigger(index: number, registers: TriggerRegisters): void {
    this.triggers.write(index, registers);
    this.#caches?.rulesChanged();
  }

  readCsr(number: number): bigint {
    return this.csrs.read(number) ?? 0n;
  }

  writeCsr(number: number, value: bigint): void {
    const { sstatus } = this.csrs.state;
    this.csrs.write(number, BigInt.asUintN(64, value));
    if (number === k.CSR_SATP) this.translation.satpChanged(this.#privilege);
    else if (number === k.CSR_SENVCFG) this.translation.rulesChanged(this.#privilege);
    else this.translation.statusChanged(sstatus, this.#privilege);
  }

  writeHenvcfg(value: bigint): void {
    this.csrs.writeHenvcfg(value);
    this.translation.rulesChanged(this.#privilege);
  }

  setPending(irq: SupervisorIrq, pending: boolean): void {
    const bit = 1 << irq;
    const { state } = this.csrs;
    state.hvip = pending ? state.hvip | bit : state.hvip & ~bit;
  }

  /** The injected bit (hvip): a timer that fires by stimecmp does not show here. */
  isPending(irq: SupervisorIrq): boolean {
    return ((this.csrs.state.hvip >>> irq) & 1) === 1;
  }

  hasWakeup(): boolean {
    return (this.csrs.pending() & this.csrs.state.sie) !== 0;
  }

  timerDeadline(): number {
    return this.csrs.timerDeadline();
  }

  complete(rd: number, value: bigint, length: number): void {
    this.registers.write(rd, value);
    this.registers.advance(length);
  }

  fenceI(): void {
    this.#caches?.fenceI();
  }

  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void {
    this.#caches?.sfenceVma(address, size, asid);
  }

  /** The page of that address, in halves: as an instruction fences it. */
  fencePage(high: number, low: number, asid?: number): void {
    this.#caches?.fencePage(high, low, asid);
  }

  reset(): void {
    this.registers.values.fill(0n);
    this.float.reset();
    this.csrs.state = resetState(this.options);
    this.reservation = null;
    this.#privilege = 'S';
    this.clock.changeMode(false, this.clock.retired);
    this.#everythingChanged();
  }

  save(): HartSnapshot {
    return saveState(this);
  }

  load(snapshot: HartSnapshot): void {
    loadState(this, snapshot);
    this.#everythingChanged();
  }

  /** An exit drops LR's reservation. */
  leave<Exit extends HartExit>(exit: Exit): Exit {
    this.reservation = null;
    return exit;
  }

  #changePrivilege(value: Privilege, retired: number): void {
    if (value === this.#privilege) return;
    this.#privilege = value;
    this.clock.changeMode(value === 'U', retired);
    this.translation.levelChanged(value);
    this.onModeChange?.();
  }

  #everythingChanged(): void {
    this.translation.rulesChanged(this.#privilege);
    this.sfenceVma();
    this.fenceI();
  }
}

/** Of the instruction that begins with these 16 bits. */
function instructionBytes(half: number): 2 | 4 {
  return (half & 3) === 3 ? 4 : 2;
}
