/**
 * The privileged half of a hart, the same for every engine: levels, CSRs, traps, interrupts, translation
 * rules and exits of a guest that runs in VS-mode under KVM. [Privileged ISA, Supervisor-Level ISA and
 * Hypervisor Extension] An engine executes instructions and calls here for what is not plain computation.
 */
import { lowHalf } from '../base/u64.ts';
import type { SystemOp } from '../isa/dsl/ir.ts';
import type { SlottedMemory } from '../memory/guest-memory.ts';
import {
  type Access,
  maskedAddress,
  type Translation,
  type TranslationContext,
  translate,
} from '../memory/translate.ts';
import {
  type HartExit,
  type HartOptions,
  type HartSnapshot,
  IRQ_LCOF,
  IRQ_S_EXT,
  IRQ_S_SOFT,
  IRQ_S_TIMER,
  type Privilege,
  type SupervisorIrq,
} from './api.ts';
import { CACHE_BLOCK_ACCESS, CACHE_BLOCK_BYTES, findCacheBlock, isCacheBlockAllowed } from './cache-blocks.ts';
import type { HartClock } from './clock.ts';
import * as k from './constants.ts';
import { sameContext, type TranslationRules, translationContext, translationRules } from './context.ts';
import { resetState, SupervisorCsrs, sstatusHigh, vectorOf, writtenValue } from './csrs.ts';
import { addressIn, type CsrAccess, csrExit, type DataAccess, fetchFaultExit, mmioExit } from './exits.ts';
import { FloatRegisters } from './float.ts';
import { type EngineCaches, PC, type Reservation } from './layout.ts';
import { loadState, saveState } from './snapshot.ts';
import type { TriggerRegisters } from './trigger-fields.ts';
import { type TriggeredHart, Triggers } from './triggers.ts';

/** funct7 of sfence.w.inval and sfence.inval.ir. */
const FENCE_WITHOUT_OPERANDS = 0x0c;
/** There are no 16-bit CSR instructions. */
const CSR_LENGTH = 4;

const ECALL: HartExit = { kind: 'ecall' };
const BREAKPOINT: HartExit = { kind: 'breakpoint' };
const WFI: HartExit = { kind: 'wfi' };

/** When several interrupts are ready. [Privileged ISA, Supervisor Interrupt Registers] */
const INTERRUPT_PRIORITY = [IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, IRQ_LCOF] as const;

/**
 * Methods that carry out an instruction expect pc to be that of the instruction, and give null when the
 * hart goes on (pc is then the next one) or the exit to return from `Hart.run`. An exception that the
 * guest takes itself costs one unit of time, spent here, so that a guest that only faults still sees time
 * pass; the engine takes one off its budget for it. Retired instructions are counted by the engine.
 */
export class HartCore implements TriggeredHart {
  readonly csrs: SupervisorCsrs;
  readonly triggers = new Triggers();
  context: TranslationContext;
  /** LR's reservation; null when there is none. */
  reservation: Reservation | null = null;
  #privilege: Privilege = 'S';
  #rules: TranslationRules;
  /** `context` of each level, while what they are made of stays. */
  #contexts: Partial<Record<Privilege, TranslationContext>> = {};
  /** `context` for look-ups, made when it is asked for. */
  exitsOnBreakpoint = false;
  delegatesMisaligned = false;
  /** Firmware emulates the current instruction: nothing interrupts it. */
  emulates = false;
  /** Told when the hart has gone from U level to S level or back. */
  onModeChange: (() => void) | null = null;
  #lookupContext: TranslationContext | null = null;
  /** Low and high half of each of `registers`: to write numbers and to move pc on without a bigint. */
  readonly #halves: Uint32Array;
  #caches: EngineCaches | null = null;

  constructor(
    readonly options: HartOptions,
    readonly memory: SlottedMemory,
    readonly clock: HartClock,
    /** x0..x31, then pc. */
    readonly registers: BigUint64Array,
    readonly float: FloatRegisters = new FloatRegisters(),
  ) {
    this.#halves = new Uint32Array(registers.buffer, registers.byteOffset, 2 * registers.length);
    this.csrs = new SupervisorCsrs(options, clock, float);
    this.#rules = translationRules(this.csrs.state, options);
    this.context = this.contextOf(this.#privilege);
    this.reset();
  }

  /** How that level translates now. */
  contextOf(privilege: Privilege): TranslationContext {
    const known = this.#contexts[privilege];
    if (known !== undefined) return known;
    const made = translationContext(this.csrs.state, privilege, this.#rules);
    this.#contexts[privilege] = made;
    return made;
  }

  attach(caches: EngineCaches): void {
    this.#caches = caches;
  }

  get pc(): bigint {
    return this.registers[PC] ?? 0n;
  }

  set pc(value: bigint) {
    this.registers[PC] = value;
  }

  get privilege(): Privilege {
    return this.#privilege;
  }

  set privilege(value: Privilege) {
    this.#changePrivilege(value, this.clock.retired);
  }

  readX(index: number): bigint {
    return this.registers[index] ?? 0n;
  }

  writeX(index: number, value: bigint): void {
    if (index !== 0) this.registers[index] = value;
  }

  /** Raises an exception at pc: taken by the guest when delegated, else an exit or KVM's redirect of it. */
  raise(cause: bigint, tval: bigint): HartExit | null {
    if (cause === k.CAUSE_ILLEGAL_INSTRUCTION && !this.options.delegatesIllegal) {
      return this.#leave({ kind: 'illegal', word: Number(tval) });
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
    if (!this.delegatesMisaligned) return this.#leave({ kind: 'misaligned', store, va, atomic });
    return this.raise(store ? k.CAUSE_MISALIGNED_STORE : k.CAUSE_MISALIGNED_LOAD, va);
  }

  illegal(word: number): HartExit | null {
    return this.raise(k.CAUSE_ILLEGAL_INSTRUCTION, BigInt(word >>> 0));
  }

  /** Of EBREAK and of triggers. */
  breakpoint(tval: bigint): HartExit | null {
    return this.exitsOnBreakpoint ? this.#leave(BREAKPOINT) : this.raise(k.CAUSE_BREAKPOINT, tval);
  }

  /** A virtual-instruction exception without emulation: KVM answers it as an illegal instruction. */
  virtualInstruction(word: number): HartExit {
    return this.#leave({ kind: 'illegal', word: word >>> 0 });
  }

  /** Exception or exit for an instruction fetch from `va`, whose translation was not a page in RAM. */
  fetchFault(translation: Translation, va: bigint): HartExit | null {
    if (translation.kind === 'page-fault') return this.raise(k.CAUSE_FETCH_PAGE_FAULT, va);
    return this.#leave(fetchFaultExit(translation, va));
  }

  /** The same for a load or store. `va` is the first byte that faults. */
  dataFault(translation: Translation, va: bigint, access: DataAccess): HartExit | null {
    if (translation.kind === 'page-fault') {
      return this.raise(access.store ? k.CAUSE_STORE_PAGE_FAULT : k.CAUSE_LOAD_PAGE_FAULT, va);
    }
    return this.#leave(mmioExit(translation, va, access));
  }

  csr(access: CsrAccess): HartExit | null {
    const writes = access.access === 'rw' || access.hasSource;
    const decision = this.csrs.decideAccess(access.csr, writes, this.#privilege);
    if (decision === 'illegal') return this.illegal(access.word);
    if (decision === 'virtual') return this.#leave(csrExit(access, writes));
    if (access.csr === k.CSR_SSTATUS) {
      this.#sstatusAccess(access, writes);
      return null;
    }
    const count = this.csrs.counter(access.csr);
    if (count >= 0) {
      this.#writeNumber(access.rd, count);
      this.#advance(CSR_LENGTH);
      return null;
    }
    const old = this.csrs.read(access.csr) ?? 0n;
    if (writes) {
      this.writeCsr(access.csr, writtenValue(access.access, old, access.source));
      if (access.csr === k.CSR_STIMECMP) this.options.onStimecmp?.(this.options.id, this.csrs.state.stimecmp);
    }
    this.complete(access.rd, old, CSR_LENGTH);
    return null;
  }

  /** `args` as the semantics give them; those of a fence of translations are found by its bits. */
  system(name: SystemOp, args: readonly bigint[], word: number, length: 2 | 4): HartExit | null {
    switch (name) {
      case 'ecall':
        return this.#privilege === 'U' ? this.raise(k.CAUSE_USER_ECALL, 0n) : this.#leave(ECALL);
      case 'ebreak':
        return this.breakpoint(this.pc);
      case 'sret':
        return this.#sret(word);
      case 'wfi':
        return this.#leave(WFI);
      case 'sfence.vma':
        if (this.#privilege === 'U') return this.virtualInstruction(word);
        this.#sfenceInstruction(word);
        break;
      case 'fence.i':
        this.fenceI();
        break;
      case 'fence':
      case 'pause':
        break;
      case 'cbo.clean':
      case 'cbo.flush':
      case 'cbo.inval':
      case 'cbo.zero': {
        if (!isCacheBlockAllowed(name, this.#privilege, this.csrs.state)) return this.virtualInstruction(word);
        const va = this.dataAddress(args[0] ?? 0n);
        const watched = this.#blockBreakpoint(va);
        if (watched !== null) return this.breakpoint(watched);
        const found = findCacheBlock(name, (access) => this.translateAddress(va, access));
        if (found.kind !== 'page' || found.offset < 0)
          return this.dataFault(found, va, { ...CACHE_BLOCK_ACCESS, word });
        if (name === 'cbo.zero') this.#zeroBlock(found.offset + (lowHalf(va) & 0xfff));
        break;
      }
      default:
        return name satisfies never;
    }
    this.#advance(length);
    return null;
  }

  /** Trap entry to S level: what delegation does in hardware and what KVM's redirect does by hand. */
  trap(cause: bigint, tval: bigint): void {
    const { state } = this.csrs;
    const wasSupervisor = this.#privilege === 'S' ? k.SSTATUS_SPP : 0;
    const enabled = (state.sstatus & k.SSTATUS_SIE) !== 0 ? k.SSTATUS_SPIE : 0;
    state.sstatus = (state.sstatus & ~(k.SSTATUS_SPP | k.SSTATUS_SPIE | k.SSTATUS_SIE)) | wasSupervisor | enabled;
    state.sepc = this.pc;
    state.scause = cause;
    state.stval = tval;
    this.pc = (lowHalf(state.stvec) & 3) === 0 ? state.stvec : vectorOf(state.stvec, cause);
    this.reservation = null;
    this.privilege = 'S';
  }

  /** Cause code of the interrupt that is to be taken now, or -1. */
  nextInterrupt(): SupervisorIrq | -1 {
    const ready = this.csrs.pending() & this.csrs.state.sie;
    if (ready === 0 || this.emulates) return -1;
    if (this.#privilege === 'S' && (this.csrs.state.sstatus & k.SSTATUS_SIE) === 0) return -1;
    return INTERRUPT_PRIORITY.find((irq) => ((ready >>> irq) & 1) === 1) ?? -1;
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
    const at = this.lookup(this.pc, 'fetch');
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
    if (number === k.CSR_SATP) this.#contextMayHaveChanged();
    else if (number === k.CSR_SENVCFG) this.#rulesChanged();
    else this.#statusChanged(sstatus);
  }

  writeHenvcfg(value: bigint): void {
    this.csrs.writeHenvcfg(value);
    this.#rulesChanged();
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
    this.writeX(rd, value);
    this.#advance(length);
  }

  translateAddress(va: bigint, access: Access): Translation {
    return translate(this.memory, this.context, va, access);
  }

  /** The address that a load or store uses, from that which its instruction computed. */
  dataAddress(va: bigint): bigint {
    return maskedAddress(this.context, va);
  }

  /** As `Hart.translate`: never sets accessed or dirty bits, and needs none. */
  lookup(va: bigint, access: Access): bigint | null {
    this.#lookupContext ??= { ...this.context, adBits: 'ignore' };
    const found = translate(this.memory, this.#lookupContext, va, access);
    return found.kind === 'page' ? addressIn(found, va) : null;
  }

  fenceI(): void {
    this.#caches?.fenceI();
  }

  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void {
    this.#caches?.sfenceVma(address, size, asid);
  }

  reset(): void {
    this.registers.fill(0n);
    this.float.reset();
    this.csrs.state = resetState(this.options);
    this.reservation = null;
    this.#privilege = 'S';
    this.clock.changeMode(false, this.clock.retired);
    this.#rulesChanged();
    this.sfenceVma();
    this.fenceI();
  }

  save(): HartSnapshot {
    return saveState(this);
  }

  load(snapshot: HartSnapshot): void {
    loadState(this, snapshot);
    this.#rulesChanged();
    this.sfenceVma();
    this.fenceI();
  }

  #sret(word: number): HartExit | null {
    if (this.#privilege === 'U') return this.virtualInstruction(word);
    const { state } = this.csrs;
    const toSupervisor = (state.sstatus & k.SSTATUS_SPP) !== 0;
    const enable = (state.sstatus & k.SSTATUS_SPIE) !== 0 ? k.SSTATUS_SIE : 0;
    state.sstatus = (state.sstatus & ~(k.SSTATUS_SIE | k.SSTATUS_SPP)) | k.SSTATUS_SPIE | enable;
    this.pc = state.sepc;
    this.reservation = null;
    // SRET itself still belongs to the level that it leaves.
    this.#changePrivilege(toSupervisor ? 'S' : 'U', this.clock.retired + 1);
    return null;
  }

  #changePrivilege(value: Privilege, retired: number): void {
    if (value === this.#privilege) return;
    this.#privilege = value;
    this.clock.changeMode(value === 'U', retired);
    this.#setContext(this.contextOf(value));
    this.onModeChange?.();
  }

  /**
   * rs1 = x0 means every address and rs2 = x0 every ASID, whatever the registers hold. Frequent, so without bigints.
   */
  #sfenceInstruction(word: number): void {
    if (word >>> 25 === FENCE_WITHOUT_OPERANDS) {
      this.sfenceVma();
      return;
    }
    const address = (word >>> 15) & 31;
    const space = (word >>> 20) & 31;
    const asid = space === 0 ? undefined : (this.#halves[2 * space] ?? 0) & 0xffff;
    if (address !== 0)
      this.#caches?.fencePage(this.#halves[2 * address + 1] ?? 0, this.#halves[2 * address] ?? 0, asid);
    else this.sfenceVma(undefined, undefined, asid === undefined ? undefined : BigInt(asid));
  }

  /** A read and write of sstatus, the most frequent of all: kernels lock by it. */
  #sstatusAccess({ access, rd, source }: CsrAccess, writes: boolean): void {
    const { csrs } = this;
    const old = csrs.sstatus;
    if (writes) {
      const bits = lowHalf(source);
      const next = access === 'rw' ? bits : access === 'rs' ? old | bits : old & ~bits;
      csrs.sstatus = (old & ~csrs.sstatusMask) | (next & csrs.sstatusMask);
      this.#statusChanged(old);
    }
    if (rd !== 0) {
      this.#halves[2 * rd] = old;
      this.#halves[2 * rd + 1] = sstatusHigh(old);
    }
    this.#advance(CSR_LENGTH);
  }

  #statusChanged(old: number): void {
    const changed = old ^ this.csrs.state.sstatus;
    if ((changed & k.SSTATUS_MXR) !== 0) this.#rulesChanged();
    else if ((changed & k.SSTATUS_SUM) !== 0) this.#contextMayHaveChanged();
  }

  /** Where a trigger fires before a cache-block instruction. */
  #blockBreakpoint(va: bigint): bigint | null {
    if (!this.triggers.watchesData) return null;
    return this.triggers.accessed(this, ['store'], va - (va % BigInt(CACHE_BLOCK_BYTES)), CACHE_BLOCK_BYTES);
  }

  #zeroBlock(offset: number): void {
    this.memory.write(offset - (offset % CACHE_BLOCK_BYTES), new Uint8Array(CACHE_BLOCK_BYTES));
  }

  #advance(length: number): void {
    const low = (this.#halves[2 * PC] ?? 0) + length;
    this.#halves[2 * PC] = low;
    if (low >= 2 ** 32) this.#halves[2 * PC + 1] = (this.#halves[2 * PC + 1] ?? 0) + 1;
  }

  /** `value` is an integer below 2^53. */
  #writeNumber(index: number, value: number): void {
    if (index === 0) return;
    this.#halves[2 * index] = value;
    this.#halves[2 * index + 1] = value / 2 ** 32;
  }

  #leave<Exit extends HartExit>(exit: Exit): Exit {
    this.reservation = null;
    return exit;
  }

  #contextMayHaveChanged(): void {
    this.#contexts = {};
    const next = this.contextOf(this.#privilege);
    if (!sameContext(this.context, next)) this.#setContext(next);
  }

  #rulesChanged(): void {
    this.#rules = translationRules(this.csrs.state, this.options);
    this.#contextMayHaveChanged();
    this.#caches?.rulesChanged();
  }

  #setContext(context: TranslationContext): void {
    this.context = context;
    this.#lookupContext = null;
    this.#caches?.contextChanged();
  }
}

/** Of the instruction that begins with these 16 bits. */
function instructionBytes(half: number): 2 | 4 {
  return (half & 3) === 3 ? 4 : 2;
}
