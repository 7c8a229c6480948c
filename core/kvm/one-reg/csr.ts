/**
 * CSR registers: the general ones, and those of AIA and Smstateen, also in the way of hardware without them. What was
 * written reads back as it is until the vcpu next runs. [Linux vcpu_onereg.c, aia.c]
 */
import { IRQ_LCOF, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER } from '../../hart/api.ts';
import {
  AIA_NAMES,
  CSR_SSTATEEN0,
  GENERAL_CSRS,
  knowsCsr,
  SUBTYPE_AIA,
  SUBTYPE_MASK,
  SUBTYPE_SMSTATEEN,
} from '../reference/layout.ts';
import { CSR_SCOUNTEREN, type VcpuState } from '../state.ts';
import { EINVAL, ENOENT, KVM_REG_RISCV_CSR, type OneReg } from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

const CSR_SIP = 0x144;
/** CSRs of the first AIA registers: siselect, hviprio1 and hviprio2. The others are upper halves for RV32. */
const AIA_CSRS: readonly number[] = [0x150, 0x646, 0x647];

export const csr: RegisterGroup = {
  type: KVM_REG_RISCV_CSR,
  list: (cpu) => [
    ...[...GENERAL_CSRS.keys()].filter((number) => generalOf(cpu, number) !== undefined),
    ...(cpu.isa.has('SSAIA') ? [...AIA_NAMES.keys()].map((number) => SUBTYPE_AIA | number) : []),
    ...(cpu.isa.has('SMSTATEEN') ? [SUBTYPE_SMSTATEEN] : []),
  ],
  get: (cpu, number) => {
    const general = generalOf(cpu, number);
    return general === undefined ? readOther(cpu, number) : found(read(cpu, general[1]));
  },
  set: (cpu, number, value) => {
    const general = generalOf(cpu, number);
    if (general === undefined) return writeOther(cpu, number, value);
    write(cpu, general[1], value);
    return 0;
  },
  name: (number) => {
    const index = number & ~SUBTYPE_MASK;
    if ((number & SUBTYPE_MASK) === SUBTYPE_AIA) return `AIA.${AIA_NAMES[index] ?? index}`;
    if ((number & SUBTYPE_MASK) === SUBTYPE_SMSTATEEN)
      return index === 0 ? 'SMSTATEEN.sstateen0' : `SMSTATEEN.${index}`;
    return GENERAL_CSRS[number]?.[0] ?? `${number}`;
  },
};

/** Name and number of a general CSR that the release has a register for. */
function generalOf(cpu: VcpuState, number: number): (typeof GENERAL_CSRS)[number] | undefined {
  const general = GENERAL_CSRS[number];
  return general !== undefined && knowsCsr(cpu.vm.options.profile.quirks, general[1]) ? general : undefined;
}

function read(cpu: VcpuState, number: number): bigint {
  const written = cpu.unloaded.get(number);
  if (written !== undefined) return written;
  if (number === CSR_SIP) return pending(cpu);
  if (!cpu.loaded) return number === CSR_SCOUNTEREN ? cpu.vm.options.profile.scounteren : 0n;
  return cpu.hart.readCsr(number);
}

function write(cpu: VcpuState, number: number, value: bigint): void {
  if (number !== CSR_SIP) {
    cpu.unloaded.set(number, value);
    return;
  }
  const bits = value & cpu.vm.options.profile.quirks.sipMask;
  for (const irq of [IRQ_S_SOFT, IRQ_S_TIMER, IRQ_S_EXT] as const) {
    cpu.hart.setPending(irq, ((bits >> BigInt(irq)) & 1n) === 1n);
  }
  cpu.unloaded.set(number, bits);
}

/** What hvip holds: with Sstc the timer of the guest is not among it. */
function pending({ hart }: VcpuState): bigint {
  const irqs = [IRQ_S_SOFT, IRQ_S_TIMER, IRQ_S_EXT, IRQ_LCOF] as const;
  return irqs.reduce((bits, irq) => (hart.isPending(irq) ? bits | (1n << BigInt(irq)) : bits), 0n);
}

function readOther(cpu: VcpuState, number: number): OneReg {
  if (hasAia(cpu, number)) {
    const csr = AIA_CSRS[number & ~SUBTYPE_MASK];
    return found(csr === undefined ? (cpu.aia.get(number) ?? 0n) : read(cpu, csr));
  }
  return hasStateen(cpu, number) ? found(read(cpu, CSR_SSTATEEN0)) : absent(cpu, number);
}

function writeOther(cpu: VcpuState, number: number, value: bigint): number {
  if (hasAia(cpu, number)) {
    const csr = AIA_CSRS[number & ~SUBTYPE_MASK];
    if (csr === undefined) cpu.aia.set(number, value);
    else cpu.unloaded.set(csr, value);
  } else if (hasStateen(cpu, number)) cpu.unloaded.set(CSR_SSTATEEN0, value);
  else return absent(cpu, number).errno;
  return 0;
}

function hasAia(cpu: VcpuState, number: number): boolean {
  const isOne = (number & SUBTYPE_MASK) === SUBTYPE_AIA && (number & ~SUBTYPE_MASK) < AIA_NAMES.length;
  return isOne && cpu.isa.has('SSAIA');
}

function hasStateen(cpu: VcpuState, number: number): boolean {
  return number === SUBTYPE_SMSTATEEN && cpu.isa.has('SMSTATEEN');
}

/** On hardware without. */
function absent(cpu: VcpuState, number: number): OneReg {
  const { aiaRegisters, smstateenErrno } = cpu.vm.options.profile.quirks;
  const index = number & ~SUBTYPE_MASK;
  switch (number & SUBTYPE_MASK) {
    case SUBTYPE_AIA:
      // A release that has no subtypes takes it for a high number.
      return aiaRegisters === 'zero' && index < AIA_NAMES.length ? found(0n) : failed(ENOENT);
    case SUBTYPE_SMSTATEEN:
      return failed(smstateenErrno === 'EINVAL' ? EINVAL : ENOENT);
    default:
      return failed(ENOENT);
  }
}
