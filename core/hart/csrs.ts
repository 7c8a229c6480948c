/**
 * The control and status registers of a virtualized guest: state, WARL rules and who may touch what.
 * [Privileged ISA, Supervisor-Level ISA and Hypervisor Extension] Traps are not taken here: `decideAccess` says
 * which one it would be.
 */
import { fromHalves, lowHalf } from '../base/u64.ts';
import { type HartOptions, IRQ_LCOF, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, type Privilege } from './api.ts';
import type { HartClock } from './clock.ts';
import * as k from './constants.ts';
import { defaultHenvcfg, HENVCFG_STCE, legalizeHenvcfg, legalizeSenvcfg } from './environment.ts';
import { FloatRegisters, FS_DIRTY } from './float.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const SATP_MODE_SHIFT = 60n;
const SIP_SSIP = 1 << IRQ_S_SOFT;
const SIP_STIP = 1 << IRQ_S_TIMER;
const SIP_LCOFIP = 1 << IRQ_LCOF;
const STANDARD_INTERRUPTS = SIP_SSIP | SIP_STIP | (1 << IRQ_S_EXT);
/** cycle, time, instret and 16 of the 29 hpmcounters, as recorded from Linux 7.2.13 under QEMU 11.1. */
const SCOUNTEREN_MASK = 0x7ffff;
/** Bit of hcounteren and scounteren for time, which also rules stimecmp. */
const COUNTER_TIME = 1;

/**
 * Values as stored; what traps and interrupt checks look at are numbers, since a bigint there costs more than all
 * else. `sstatus` is its low half without FS, which `FloatRegisters` has: SD is computed and UXL fixed. `hvip` holds
 * what the hypervisor injects and SSIP.
 */
export interface SupervisorState {
  sstatus: number;
  sie: number;
  stvec: bigint;
  scounteren: number;
  senvcfg: bigint;
  sscratch: bigint;
  sepc: bigint;
  scause: bigint;
  stval: bigint;
  stimecmp: bigint;
  satp: bigint;
  hvip: number;
  /** The hypervisor's, not the guest's. */
  henvcfg: bigint;
}

/** The state of a KVM vcpu at reset; without Sstc nobody reads stimecmp. */
export function resetState({ extensions }: Pick<HartOptions, 'extensions'>): SupervisorState {
  return {
    sstatus: 0,
    sie: 0,
    stvec: 0n,
    scounteren: 0,
    senvcfg: 0n,
    sscratch: 0n,
    sepc: 0n,
    scause: 0n,
    stval: 0n,
    stimecmp: ALL_ONES,
    satp: 0n,
    hvip: 0,
    henvcfg: defaultHenvcfg(extensions),
  };
}

/** What a CSR instruction may do: go on, raise illegal instruction, or raise virtual instruction. */
export type CsrDecision = 'allowed' | 'illegal' | 'virtual';

interface SupervisorCsr {
  readonly number: number;
  /** Extension without which the register does not exist. */
  readonly needs?: string;
  /** At U level too, but not while sstatus.FS is off. */
  readonly isFloat?: true;
  read(csrs: SupervisorCsrs): bigint;
  write(csrs: SupervisorCsrs, value: bigint): void;
}

type FieldOf<Type> = {
  [F in keyof SupervisorState]: SupervisorState[F] extends Type ? F : never;
}[keyof SupervisorState];
type PlainField = FieldOf<bigint>;

/** A register of single bits in the low half, of which those of `mask` can be written. */
function bits(number: number, field: FieldOf<number>, mask: number): SupervisorCsr {
  return {
    number,
    read: ({ state }) => fromHalves(0, state[field]),
    write: ({ state }, value) => {
      state[field] = lowHalf(value) & mask;
    },
  };
}

/** A register that keeps what `legalize` makes of a written value and the old one. */
function stored(
  number: number,
  field: PlainField,
  legalize: (value: bigint, old: bigint, csrs: SupervisorCsrs) => bigint = (value) => value,
): SupervisorCsr {
  return {
    number,
    read: (csrs) => csrs.state[field],
    write: (csrs, value) => {
      csrs.state[field] = legalize(value, csrs.state[field], csrs);
    },
  };
}

/** fcsr or a part of it. */
function floatStatus(number: number, part: 'fflags' | 'frm' | 'fcsr'): SupervisorCsr {
  return {
    number,
    needs: 'F',
    isFloat: true,
    read: ({ float }) => BigInt(float[part]),
    write: ({ float }, value) => {
      float[part] = lowHalf(value);
      float.fs = FS_DIRTY;
    },
  };
}

const SUPERVISOR_CSRS: readonly SupervisorCsr[] = [
  {
    number: k.CSR_SSTATUS,
    read: (csrs) => {
      const { sstatus } = csrs;
      return fromHalves(sstatusHigh(sstatus), sstatus);
    },
    write: (csrs, value) => {
      csrs.sstatus = (csrs.sstatus & ~csrs.sstatusMask) | (lowHalf(value) & csrs.sstatusMask);
    },
  },
  floatStatus(k.CSR_FFLAGS, 'fflags'),
  floatStatus(k.CSR_FRM, 'frm'),
  floatStatus(k.CSR_FCSR, 'fcsr'),
  {
    number: k.CSR_SIE,
    read: ({ state }) => fromHalves(0, state.sie),
    write: ({ state, interruptMask }, value) => {
      state.sie = lowHalf(value) & interruptMask;
    },
  },
  stored(k.CSR_STVEC, 'stvec', (value, old) => ((value & 3n) <= 1n ? value : old)),
  bits(k.CSR_SCOUNTEREN, 'scounteren', SCOUNTEREN_MASK),
  stored(k.CSR_SENVCFG, 'senvcfg', (value, old, csrs) => legalizeSenvcfg(value, old, csrs.options.extensions)),
  stored(k.CSR_SSCRATCH, 'sscratch'),
  stored(k.CSR_SEPC, 'sepc', (value, _old, csrs) => value & ~BigInt(csrs.instructionAlignment - 1)),
  stored(k.CSR_SCAUSE, 'scause'),
  stored(k.CSR_STVAL, 'stval'),
  {
    number: k.CSR_SIP,
    read: (csrs) => fromHalves(0, csrs.pending()),
    write: ({ state, interruptMask }, value) => {
      const mask = interruptMask & (SIP_SSIP | SIP_LCOFIP);
      state.hvip = (state.hvip & ~mask) | (lowHalf(value) & mask);
    },
  },
  { ...stored(k.CSR_STIMECMP, 'stimecmp'), needs: 'Sstc' },
  stored(k.CSR_SATP, 'satp', (value, old, csrs) => (csrs.isSatpMode(value >> SATP_MODE_SHIFT) ? value : old)),
  // The hypervisor lets a guest reach sstateen0, but none of the state that it rules.
  { number: k.CSR_SSTATEEN0, needs: 'Ssstateen', read: () => 0n, write: () => {} },
  // What mcountinhibit and hcounteren hide never overflows, and KVM hides every such counter.
  { number: k.CSR_SCOUNTOVF, needs: 'Sscofpmf', read: () => 0n, write: () => {} },
];

export class SupervisorCsrs {
  state: SupervisorState;
  /** Fields of sstatus that the guest can change. */
  readonly sstatusMask: number;
  /** Interrupts that exist: bits of sie. */
  readonly interruptMask: number;
  /** IALIGN in bytes. */
  readonly instructionAlignment: 2 | 4;
  readonly #hasTimer: boolean;
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
    this.state = resetState(options);
    this.sstatusMask =
      k.SSTATUS_SIE |
      k.SSTATUS_SPIE |
      k.SSTATUS_SPP |
      k.SSTATUS_SUM |
      k.SSTATUS_MXR |
      (has('F') ? k.SSTATUS_FS : 0) |
      (has('V') ? k.SSTATUS_VS : 0);
    this.interruptMask = STANDARD_INTERRUPTS | (has('Sscofpmf') ? SIP_LCOFIP : 0);
    this.instructionAlignment = has('C') || has('Zca') ? 2 : 4;
    this.#hasTimer = has('Sstc');
    const implemented = new Array<SupervisorCsr | undefined>(k.CSR_COUNT).fill(undefined);
    for (const csr of SUPERVISOR_CSRS) {
      if (csr.needs === undefined || has(csr.needs)) implemented[csr.number] = csr;
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
    if (csr === undefined) return this.#withoutRegister(number, writes);
    if (csr.isFloat) return this.float.isOff ? 'illegal' : 'allowed';
    if (number === k.CSR_STIMECMP && !this.#isTimerAllowed()) return 'virtual';
    return privilege === 'S' ? 'allowed' : 'virtual';
  }

  #withoutRegister(number: number, writes: boolean): CsrDecision {
    if (number === k.CSR_SEED) return writes && this.options.extensions.has('Zkr') ? 'virtual' : 'illegal';
    const isStateEnable = number > k.CSR_SSTATEEN0 && number <= k.CSR_SSTATEEN3;
    if (isStateEnable && this.options.extensions.has('Ssstateen')) return 'virtual';
    return k.HYPERVISOR_CSRS.has(number) ? 'virtual' : 'illegal';
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

/** The upper half of the register that goes with the lower one. */
export function sstatusHigh(sstatus: number): number {
  return isDirty(sstatus) ? k.SSTATUS_SD_HIGH | k.SSTATUS_UXL_HIGH : k.SSTATUS_UXL_HIGH;
}

function isDirty(sstatus: number): boolean {
  return (sstatus & k.SSTATUS_FS) === k.SSTATUS_FS || (sstatus & k.SSTATUS_VS) === k.SSTATUS_VS;
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
