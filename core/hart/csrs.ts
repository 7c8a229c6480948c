/**
 * The control and status registers of a virtualized guest: who may touch what, counters, and what is pending.
 * [Privileged ISA, Supervisor-Level ISA and Hypervisor Extension] Traps are not taken here: `decideAccess` says
 * which one it would be.
 */
import { fromHalves } from '../base/u64.ts';
import { type HartOptions, IRQ_LCOF, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, type Privilege } from './api.ts';
import type { HartClock } from './clock.ts';
import * as k from './constants.ts';
import { SUPERVISOR_CSRS, type SupervisorCsr } from './csr-registers.ts';
import { resetState, type SupervisorState } from './csr-state.ts';
import { HENVCFG_STCE, legalizeHenvcfg } from './environment.ts';
import { FloatRegisters } from './float.ts';
import { HSTATEEN_CSRIND, hstateen0Of } from './state-enable.ts';

const SIP_STIP = 1 << IRQ_S_TIMER;
const STANDARD_INTERRUPTS = (1 << IRQ_S_SOFT) | SIP_STIP | (1 << IRQ_S_EXT);
/** Bit of hcounteren and scounteren for time, which also rules stimecmp. */
const COUNTER_TIME = 1;

/** Values of siselect by which a hypervisor emulates registers: the iprio array, and those of an IMSIC. */
const INDIRECT = [
  [0x30n, 0x3fn],
  [0x70n, 0xffn],
] as const;

/** What a CSR instruction may do: go on, raise illegal instruction, or raise virtual instruction. */
export type CsrDecision = 'allowed' | 'illegal' | 'virtual';

export class SupervisorCsrs {
  state: SupervisorState;
  readonly hardware: ReadonlySet<string>;
  /** Fields of sstatus that the guest can change. */
  readonly sstatusMask: number;
  /** Interrupts that exist: bits of sie. */
  readonly interruptMask: number;
  /** IALIGN in bytes. */
  readonly instructionAlignment: 2 | 4;
  readonly #hasTimer: boolean;
  readonly #hstateen0: bigint;
  readonly #hypervisors: ReadonlySet<number>;
  /** `timerDeadline` for the values beside it: it is asked for far more often than it changes. */
  #deadline = { stimecmp: -1n, henvcfg: -1n, units: Number.POSITIVE_INFINITY };
  /** By CSR number. */
  readonly #implemented: readonly (SupervisorCsr | undefined)[];

  constructor(
    readonly options: HartOptions,
    readonly clock: HartClock,
    readonly float: FloatRegisters = new FloatRegisters(),
  ) {
    const has = (name: string): boolean => options.extensions.has(name);
    this.hardware = options.hardware ?? options.extensions;
    this.state = resetState(options);
    this.sstatusMask =
      k.SSTATUS_SIE |
      k.SSTATUS_SPIE |
      k.SSTATUS_SPP |
      k.SSTATUS_SUM |
      k.SSTATUS_MXR |
      (has('F') ? k.SSTATUS_FS : 0) |
      (has('V') ? k.SSTATUS_VS : 0);
    this.interruptMask = STANDARD_INTERRUPTS | (has('Sscofpmf') ? 1 << IRQ_LCOF : 0);
    this.instructionAlignment = has('C') || has('Zca') ? 2 : 4;
    this.#hasTimer = has('Sstc');
    this.#hstateen0 = hstateen0Of(options.extensions, this.hardware);
    this.#hypervisors = k.hypervisorCsrs(this.hardware);
    const implemented = new Array<SupervisorCsr | undefined>(k.CSR_COUNT).fill(undefined);
    for (const csr of SUPERVISOR_CSRS) {
      const there = csr.stateEnable === undefined ? options.extensions : this.hardware;
      if (csr.needs === undefined || there.has(csr.needs)) implemented[csr.number] = csr;
    }
    this.#implemented = implemented;
  }

  /** Low half of sstatus, with FS. */
  get sstatus(): number {
    return this.state.sstatus | (this.float.fs << k.SSTATUS_FS_SHIFT);
  }

  set sstatus(value: number) {
    this.state.sstatus = value & ~k.SSTATUS_FS;
    this.float.fs = (value & k.SSTATUS_FS) >>> k.SSTATUS_FS_SHIFT;
  }

  /** Value of an implemented register or counter; undefined for any other number. No access rules. */
  read(number: number): bigint | undefined {
    const count = this.counter(number);
    if (count >= 0) return fromHalves(Math.floor(count / 2 ** 32), count);
    return this.#implemented[number]?.read(this);
  }

  /** Value of a counter, below 2^53; -1 for what is none. No access rules. */
  counter(number: number): number {
    if (!isCounter(number)) return -1;
    if (number === k.CSR_TIME) return this.clock.timebase.read(this.clock.now);
    return number === k.CSR_CYCLE || number === k.CSR_INSTRET ? this.clock.retired : 0;
  }

  /** Writes with the register's WARL rule; false when there is no such writable register. No access rules. */
  write(number: number, value: bigint): boolean {
    const csr = this.#implemented[number];
    csr?.write(this, value);
    return csr !== undefined;
  }

  /**
   * The order is that of the specification: illegal for what HS-mode could not do either, then virtual.
   * [Privileged ISA, Hypervisor Extension: Virtual-Instruction Exception]
   */
  decideAccess(number: number, writes: boolean, privilege: Privilege): CsrDecision {
    const readOnly = number >>> 10 === 3;
    if (readOnly && writes) return 'illegal';
    if (isCounter(number)) return this.#mayReadCounter(number - k.CSR_CYCLE, privilege) ? 'allowed' : 'virtual';
    const csr = this.#implemented[number];
    if (csr === undefined) return this.#withoutRegister(number, writes, privilege);
    if (csr.isFloat) return this.float.isOff ? 'illegal' : 'allowed';
    if (number === k.CSR_STIMECMP && !this.#isTimerAllowed()) return 'virtual';
    if (csr.isHypervisors || !this.#isStateEnabled(csr.stateEnable)) return 'virtual';
    return privilege === 'S' ? 'allowed' : 'virtual';
  }

  #withoutRegister(number: number, writes: boolean, privilege: Privilege): CsrDecision {
    if (number === k.CSR_SEED) return writes && this.options.extensions.has('Zkr') ? 'virtual' : 'illegal';
    const isStateEnable = number > k.CSR_SSTATEEN0 && number <= k.CSR_SSTATEEN3;
    if (isStateEnable && this.hardware.has('Ssstateen')) return 'virtual';
    // Without a guest interrupt file (hstatus.VGEIN = 0) it is the hypervisor's to emulate.
    if (number === k.CSR_STOPEI) return this.hardware.has('Ssaia') ? 'virtual' : 'illegal';
    if (number === k.CSR_SIREG) return this.#decideIndirect(privilege);
    return this.#hypervisors.has(number) ? 'virtual' : 'illegal';
  }

  /** sireg: no register that it could reach is the guest's own. [Advanced Interrupt Architecture, VS-level CSRs] */
  #decideIndirect(privilege: Privilege): CsrDecision {
    if (!this.hardware.has('Ssaia')) return 'illegal';
    if (privilege === 'U' || !this.#isStateEnabled(HSTATEEN_CSRIND)) return 'virtual';
    const { siselect } = this.state;
    return INDIRECT.some(([first, last]) => siselect >= first && siselect <= last) ? 'virtual' : 'illegal';
  }

  #isStateEnabled(bit: bigint | undefined): boolean {
    return bit === undefined || (this.#hstateen0 & bit) !== 0n;
  }

  /** The pending bits as sip shows them. */
  pending(): number {
    return this.timerFired() ? this.state.hvip | SIP_STIP : this.state.hvip;
  }

  /** Sstc: the hart's own clock has reached stimecmp. */
  timerFired(): boolean {
    return this.clock.now >= this.timerDeadline();
  }

  timerDeadline(): number {
    if (!this.#hasTimer) return Number.POSITIVE_INFINITY;
    const { stimecmp, henvcfg } = this.state;
    if (this.#deadline.stimecmp !== stimecmp || this.#deadline.henvcfg !== henvcfg) {
      const enabled = (henvcfg & HENVCFG_STCE) !== 0n;
      const units = enabled ? this.clock.timebase.unitsAt(stimecmp) : Number.POSITIVE_INFINITY;
      this.#deadline = { stimecmp, henvcfg, units };
    }
    return this.#deadline.units;
  }

  isSatpMode(mode: bigint): boolean {
    return mode === 0n || (mode >= 8n && mode <= BigInt(this.options.satpMode));
  }

  /** As the hypervisor writes it. */
  writeHenvcfg(value: bigint): void {
    this.state.henvcfg = legalizeHenvcfg(BigInt.asUintN(64, value), this.state.henvcfg, this.options.extensions);
  }

  #isTimerAllowed(): boolean {
    return this.#isCounterShown(COUNTER_TIME) && (this.state.henvcfg & HENVCFG_STCE) !== 0n;
  }

  #isCounterShown(index: number): boolean {
    return ((this.options.hcounteren >>> index) & 1) === 1;
  }

  #mayReadCounter(index: number, privilege: Privilege): boolean {
    if (!this.#isCounterShown(index)) return false;
    return privilege === 'S' || ((this.state.scounteren >>> index) & 1) === 1;
  }
}

/** cycle, time, instret and hpmcounter3..31. */
function isCounter(number: number): boolean {
  return number >= k.CSR_CYCLE && number <= k.CSR_HPMCOUNTER31;
}

/** What an instruction writes: Zicsr's write, set or clear. */
export function writtenValue(access: 'rw' | 'rs' | 'rc', old: bigint, source: bigint): bigint {
  switch (access) {
    case 'rw':
      return source;
    case 'rs':
      return old | source;
    case 'rc':
      return old & ~source;
    default:
      return access satisfies never;
  }
}
