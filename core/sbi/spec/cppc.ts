/** Collaborative processor performance control. Data only. [SBI 3.0 §14] */
import type { SbiArgument, SbiExtension } from '../types.ts';

export interface CppcRegister {
  readonly id: number;
  /** Widths in bits that an implementation may choose from. */
  readonly widths: readonly (32 | 64)[];
  readonly access: 'read' | 'read-write';
}

const readOnly = (id: number) => ({ id, widths: [32], access: 'read' }) as const;
const counter = (id: number) => ({ id, widths: [32, 64], access: 'read' }) as const;
const readWrite = (id: number) => ({ id, widths: [32], access: 'read-write' }) as const;

/** Every other id is reserved. What the ACPI registers mean is in ACPI 6.5 §8.4.6.1. [SBI 3.0 §14, table "CPPC Registers"] */
export const CPPC_REGISTERS = {
  HighestPerformance: readOnly(0x0),
  NominalPerformance: readOnly(0x1),
  LowestNonlinearPerformance: readOnly(0x2),
  LowestPerformance: readOnly(0x3),
  GuaranteedPerformanceRegister: readOnly(0x4),
  DesiredPerformanceRegister: readWrite(0x5),
  MinimumPerformanceRegister: readWrite(0x6),
  MaximumPerformanceRegister: readWrite(0x7),
  PerformanceReductionToleranceRegister: readWrite(0x8),
  TimeWindowRegister: readWrite(0x9),
  CounterWraparoundTime: counter(0xa),
  ReferencePerformanceCounterRegister: counter(0xb),
  DeliveredPerformanceCounterRegister: counter(0xc),
  PerformanceLimitedRegister: readWrite(0xd),
  CPPCEnableRegister: readWrite(0xe),
  AutonomousSelectionEnable: readWrite(0xf),
  AutonomousActivityWindowRegister: readWrite(0x10),
  EnergyPerformancePreferenceRegister: readWrite(0x11),
  ReferencePerformance: readOnly(0x12),
  LowestFrequency: readOnly(0x13),
  NominalFrequency: readOnly(0x14),
  TransitionLatency: readOnly(0x8000_0000),
} as const satisfies Readonly<Record<string, CppcRegister>>;
export type CppcRegisterName = keyof typeof CPPC_REGISTERS;

const REGISTER = {
  name: 'cppc_reg_id',
  type: 'u32',
  values: Object.fromEntries(Object.entries(CPPC_REGISTERS).map(([name, { id }]) => [name, id])),
} as const satisfies SbiArgument;

export const CPPC = {
  name: 'CPPC',
  eid: [0x43505043, 0x43505043],
  title: 'Collaborative processor performance control',
  says: 'The registers through which a frequency governor asks for performance, as ACPI defines them.',
  chapter: '14',
  since: '2.0',
  category: 'platform',
  hot: 'Warm: a frequency governor at work.',
  kvm: false,
  vmm: true,
  functions: {
    probe: {
      fid: 0,
      since: '2.0',
      says: 'Width of a register in bits, 0 when it is not there.',
      args: [REGISTER],
      returns: 'width in bits',
      errors: ['INVALID_PARAM', 'FAILED'],
    },
    read: {
      fid: 1,
      since: '2.0',
      says: 'Reads a register.',
      args: [REGISTER],
      returns: 'value',
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'DENIED', 'FAILED'],
    },
    read_hi: {
      fid: 2,
      since: '2.0',
      says: 'Reads the high half of a register on RV32; always 0 on RV64.',
      args: [REGISTER],
      returns: 'high half',
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'DENIED', 'FAILED'],
    },
    write: {
      fid: 3,
      since: '2.0',
      says: 'Writes a register.',
      args: [REGISTER, { name: 'val', type: 'u64' }],
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'DENIED', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
