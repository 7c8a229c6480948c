/**
 * The control and status registers of a virtualized guest: state, WARL rules and who may touch what.
 * [Privileged ISA, Supervisor-Level ISA and Hypervisor Extension] Traps are not taken here: `decideAccess` says
 * which one it would be.
 */
import { type HartOptions, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, type Privilege } from './api.ts';
import type { HartClock } from './clock.ts';
import * as k from './constants.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const SATP_MODE_SHIFT = 60n;
const SIP_SSIP = 1n << BigInt(IRQ_S_SOFT);
const SIP_STIP = 1n << BigInt(IRQ_S_TIMER);
const SUPERVISOR_INTERRUPTS = SIP_SSIP | SIP_STIP | (1n << BigInt(IRQ_S_EXT));
/** cycle, time, instret and 16 of the 29 hpmcounters, as recorded from Linux 7.2.13 under QEMU 11.1. */
const SCOUNTEREN_MASK = 0x7ffffn;
/** Bit of hcounteren and scounteren for time, which also rules stimecmp. */
const COUNTER_TIME = 1;
const SENVCFG_FIOM = 1n;
const SENVCFG_CBIE = 3n << 4n;
const SENVCFG_CBCFE = 1n << 6n;
const SENVCFG_CBZE = 1n << 7n;

/** Values as stored; `sstatus` without SD, which is computed. `hvip` holds what the hypervisor injects and SSIP. */
export interface SupervisorState {
  sstatus: bigint;
  sie: bigint;
  stvec: bigint;
  scounteren: bigint;
  senvcfg: bigint;
  sscratch: bigint;
  sepc: bigint;
  scause: bigint;
  stval: bigint;
  stimecmp: bigint;
  satp: bigint;
  hvip: bigint;
}

/** The state of a KVM vcpu at reset; without Sstc nobody reads stimecmp. */
export function resetState(): SupervisorState {
  return {
    sstatus: k.SSTATUS_UXL_64,
    sie: 0n,
    stvec: 0n,
    scounteren: 0n,
    senvcfg: 0n,
    sscratch: 0n,
    sepc: 0n,
    scause: 0n,
    stval: 0n,
    stimecmp: ALL_ONES,
    satp: 0n,
    hvip: 0n,
  };
}

/** What a CSR instruction may do: go on, raise illegal instruction, or raise virtual instruction. */
export type CsrDecision = 'allowed' | 'illegal' | 'virtual';

interface SupervisorCsr {
  readonly number: number;
  /** Extension without which the register does not exist. */
  readonly needs?: string;
  read(csrs: SupervisorCsrs): bigint;
  write(csrs: SupervisorCsrs, value: bigint): void;
}

type PlainField = Exclude<keyof SupervisorState, 'hvip'>;

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

const SUPERVISOR_CSRS: readonly SupervisorCsr[] = [
  {
    number: k.CSR_SSTATUS,
    read: ({ state }) => state.sstatus | (isDirty(state.sstatus) ? k.SSTATUS_SD : 0n),
    write: ({ state, sstatusMask }, value) => {
      state.sstatus = (state.sstatus & ~sstatusMask) | (value & sstatusMask);
    },
  },
  stored(k.CSR_SIE, 'sie', (value) => value & SUPERVISOR_INTERRUPTS),
  stored(k.CSR_STVEC, 'stvec', (value, old) => ((value & 3n) <= 1n ? value : old)),
  stored(k.CSR_SCOUNTEREN, 'scounteren', (value) => value & SCOUNTEREN_MASK),
  stored(k.CSR_SENVCFG, 'senvcfg', legalizeSenvcfg),
  stored(k.CSR_SSCRATCH, 'sscratch'),
  stored(k.CSR_SEPC, 'sepc', (value, _old, csrs) => value & ~BigInt(csrs.instructionAlignment - 1)),
  stored(k.CSR_SCAUSE, 'scause'),
  stored(k.CSR_STVAL, 'stval'),
  {
    number: k.CSR_SIP,
    read: (csrs) => csrs.pending(),
    write: ({ state }, value) => {
      state.hvip = (state.hvip & ~SIP_SSIP) | (value & SIP_SSIP);
    },
  },
  { ...stored(k.CSR_STIMECMP, 'stimecmp'), needs: 'Sstc' },
  stored(k.CSR_SATP, 'satp', (value, old, csrs) => (csrs.isSatpMode(value >> SATP_MODE_SHIFT) ? value : old)),
];

export class SupervisorCsrs {
  state = resetState();
  /** Fields of sstatus that the guest can change. */
  readonly sstatusMask: bigint;
  /** IALIGN in bytes. */
  readonly instructionAlignment: 2 | 4;
  readonly #hasTimer: boolean;
  /** `timerDeadline` for the value of stimecmp beside it: it is asked for far more often than it changes. */
  #deadline = { stimecmp: -1n, units: Number.POSITIVE_INFINITY };
  readonly #implemented: ReadonlyMap<number, SupervisorCsr>;

  constructor(
    readonly options: HartOptions,
    readonly clock: HartClock,
  ) {
    const has = (name: string): boolean => options.extensions.has(name);
    this.sstatusMask =
      k.SSTATUS_SIE |
      k.SSTATUS_SPIE |
      k.SSTATUS_SPP |
      k.SSTATUS_SUM |
      k.SSTATUS_MXR |
      (has('F') ? k.SSTATUS_FS : 0n) |
      (has('V') ? k.SSTATUS_VS : 0n);
    this.instructionAlignment = has('C') || has('Zca') ? 2 : 4;
    this.#hasTimer = has('Sstc');
    this.#implemented = new Map(
      SUPERVISOR_CSRS.filter((csr) => csr.needs === undefined || has(csr.needs)).map((csr) => [csr.number, csr]),
    );
  }

  /** Value of an implemented register or counter; undefined for any other number. No access rules. */
  read(number: number): bigint | undefined {
    if (number === k.CSR_TIME) return BigInt(this.clock.timebase.read(this.clock.now));
    if (number === k.CSR_CYCLE || number === k.CSR_INSTRET) return BigInt(this.clock.retired);
    if (isCounter(number)) return 0n;
    return this.#implemented.get(number)?.read(this);
  }

  /** Writes with the register's WARL rule; false when there is no such writable register. No access rules. */
  write(number: number, value: bigint): boolean {
    const csr = this.#implemented.get(number);
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
    if (number === k.CSR_SEED) return writes && this.options.extensions.has('Zkr') ? 'virtual' : 'illegal';
    if (k.HYPERVISOR_CSRS.has(number)) return 'virtual';
    if (!this.#implemented.has(number)) return 'illegal';
    if (number === k.CSR_STIMECMP && !this.#isCounterShown(COUNTER_TIME)) return 'virtual';
    return privilege === 'S' ? 'allowed' : 'virtual';
  }

  /** The pending bits as sip shows them. */
  pending(): bigint {
    return this.timerFired() ? this.state.hvip | SIP_STIP : this.state.hvip;
  }

  /** Sstc: the hart's own clock has reached stimecmp. */
  timerFired(): boolean {
    return this.clock.now >= this.timerDeadline();
  }

  timerDeadline(): number {
    if (!this.#hasTimer) return Number.POSITIVE_INFINITY;
    const { stimecmp } = this.state;
    if (this.#deadline.stimecmp !== stimecmp) {
      this.#deadline = { stimecmp, units: this.clock.timebase.unitsAt(stimecmp) };
    }
    return this.#deadline.units;
  }

  isSatpMode(mode: bigint): boolean {
    return mode === 0n || (mode >= 8n && mode <= BigInt(this.options.satpMode));
  }

  #isCounterShown(index: number): boolean {
    return ((this.options.hcounteren >>> index) & 1) === 1;
  }

  #mayReadCounter(index: number, privilege: Privilege): boolean {
    if (!this.#isCounterShown(index)) return false;
    return privilege === 'S' || ((this.state.scounteren >> BigInt(index)) & 1n) === 1n;
  }
}

/** cycle, time, instret and hpmcounter3..31. */
function isCounter(number: number): boolean {
  return number >= k.CSR_CYCLE && number <= k.CSR_HPMCOUNTER31;
}

function isDirty(sstatus: bigint): boolean {
  return (sstatus & k.SSTATUS_FS) === k.SSTATUS_FS || (sstatus & k.SSTATUS_VS) === k.SSTATUS_VS;
}

function legalizeSenvcfg(value: bigint, old: bigint, csrs: SupervisorCsrs): bigint {
  const has = (name: string): boolean => csrs.options.extensions.has(name);
  let mask = SENVCFG_FIOM;
  if (has('Zicbom')) mask |= SENVCFG_CBIE | SENVCFG_CBCFE;
  if (has('Zicboz')) mask |= SENVCFG_CBZE;
  const next = value & mask;
  // CBIE = 2 is reserved.
  return (next & SENVCFG_CBIE) === 2n << 4n ? (next & ~SENVCFG_CBIE) | (old & SENVCFG_CBIE) : next;
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
