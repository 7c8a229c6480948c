/** Collaborative processor performance control. Data only. [SBI 3.0 §14] */
import type { SbiArgument, SbiExtension } from '../types.ts';

const REGISTER = { name: 'cppc_reg_id', type: 'u32' } as const satisfies SbiArgument;

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
  vmm: false,
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
      says: 'Reads the high half of a register on RV32.',
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
