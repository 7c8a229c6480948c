/**
 * The CSRs of a virtualized guest, one entry each: what is read, and what its WARL rule keeps of what is written.
 * [Privileged ISA, Supervisor-Level ISA and Hypervisor Extension]
 */
import { fromHalves, lowHalf } from '../base/u64.ts';
import { type HartOptions, IRQ_LCOF, IRQ_S_SOFT } from './api.ts';
import * as k from './constants.ts';
import type { SupervisorState } from './csr-state.ts';
import { legalizeSenvcfg } from './environment.ts';
import { type FloatRegisters, FS_DIRTY } from './float.ts';
import { HVIPRIO1_MASK, stopi } from './interrupts.ts';
import { HSTATEEN_AIA, HSTATEEN_CSRIND, HSTATEEN_SE0 } from './state-enable.ts';

const SATP_MODE_SHIFT = 60n;
/** Bits of sip that a guest can write. */
const WRITABLE_PENDING = (1 << IRQ_S_SOFT) | (1 << IRQ_LCOF);
/** cycle, time, instret and 16 of the 29 hpmcounters, as recorded from Linux 7.2.13 under QEMU 11.1. */
const SCOUNTEREN_MASK = 0x7ffff;
/** The range of siselect that Sscsrind asks for, as recorded from the same. */
const SISELECT_MASK = 0xfffn;

/** What the registers are views of. */
interface CsrBank {
  readonly options: HartOptions;
  /** Extensions of the hart itself. */
  readonly hardware: ReadonlySet<string>;
  readonly state: SupervisorState;
  readonly float: FloatRegisters;
  /** Low half of sstatus, with FS. */
  sstatus: number;
  /** Fields of sstatus that the guest can change. */
  readonly sstatusMask: number;
  /** Interrupts that exist: bits of sie. */
  readonly interruptMask: number;
  /** IALIGN in bytes. */
  readonly instructionAlignment: 2 | 4;
  /** The pending bits as sip shows them. */
  pending(): number;
  isSatpMode(mode: bigint): boolean;
}

export interface SupervisorCsr {
  readonly number: number;
  /** Extension without which the register does not exist. */
  readonly needs?: string;
  /** Bit of hstateen0 by which a hypervisor lets its guest have the register: it is there if the hart has what it needs. */
  readonly stateEnable?: bigint;
  /** Beyond the guest, whom it concerns. */
  readonly isHypervisors?: true;
  /** At U level too, but not while sstatus.FS is off. */
  readonly isFloat?: true;
  read(csrs: CsrBank): bigint;
  write(csrs: CsrBank, value: bigint): void;
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
  legalize: (value: bigint, old: bigint, csrs: CsrBank) => bigint = (value) => value,
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

export const SUPERVISOR_CSRS: readonly SupervisorCsr[] = [
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
  stored(k.CSR_SENVCFG, 'senvcfg', (value, old, csrs) => legalizeSenvcfg(value, old, csrs.hardware)),
  stored(k.CSR_SSCRATCH, 'sscratch'),
  stored(k.CSR_SEPC, 'sepc', (value, _old, csrs) => value & ~BigInt(csrs.instructionAlignment - 1)),
  stored(k.CSR_SCAUSE, 'scause'),
  stored(k.CSR_STVAL, 'stval'),
  {
    number: k.CSR_SIP,
    read: (csrs) => fromHalves(0, csrs.pending()),
    write: ({ state, interruptMask }, value) => {
      const mask = interruptMask & WRITABLE_PENDING;
      state.hvip = (state.hvip & ~mask) | (lowHalf(value) & mask);
    },
  },
  { ...stored(k.CSR_STIMECMP, 'stimecmp'), needs: 'Sstc' },
  stored(k.CSR_SATP, 'satp', (value, old, csrs) => (csrs.isSatpMode(value >> SATP_MODE_SHIFT) ? value : old)),
  {
    ...stored(k.CSR_SISELECT, 'siselect', (value) => value & SISELECT_MASK),
    needs: 'Ssaia',
    stateEnable: HSTATEEN_CSRIND,
  },
  {
    number: k.CSR_STOPI,
    needs: 'Ssaia',
    stateEnable: HSTATEEN_AIA,
    read: (csrs) => BigInt(stopi(csrs)),
    write: () => {},
  },
  { ...stored(k.CSR_HVIPRIO1, 'hviprio1', (value) => value & HVIPRIO1_MASK), needs: 'Ssaia', isHypervisors: true },
  { ...stored(k.CSR_HVIPRIO2, 'hviprio2'), needs: 'Ssaia', isHypervisors: true },
  // The hypervisor lets a guest reach sstateen0, but none of the state that it rules.
  { number: k.CSR_SSTATEEN0, needs: 'Ssstateen', stateEnable: HSTATEEN_SE0, read: () => 0n, write: () => {} },
  // What mcountinhibit and hcounteren hide never overflows, and KVM hides every such counter.
  { number: k.CSR_SCOUNTOVF, needs: 'Sscofpmf', read: () => 0n, write: () => {} },
];

/** The upper half of the register that goes with the lower one. */
export function sstatusHigh(sstatus: number): number {
  return isDirty(sstatus) ? k.SSTATUS_SD_HIGH | k.SSTATUS_UXL_HIGH : k.SSTATUS_UXL_HIGH;
}

function isDirty(sstatus: number): boolean {
  return (sstatus & k.SSTATUS_FS) === k.SSTATUS_FS || (sstatus & k.SSTATUS_VS) === k.SSTATUS_VS;
}
