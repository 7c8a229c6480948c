/** Debug console. Data only. [SBI 3.0 §12] */
import type { SbiExtension } from '../types.ts';
import { BASE_ADDR_HI, BASE_ADDR_LO } from './arguments.ts';

export const DBCN = {
  name: 'DBCN',
  eid: [0x4442434e, 0x4442434e],
  title: 'Debug console',
  says: 'Text output and input before, or instead of, a console driver.',
  chapter: '12',
  since: '2.0',
  category: 'platform',
  hot: 'Only while the guest prints or polls for input.',
  kvm: true,
  vmm: true,
  functions: {
    console_write: {
      fid: 0,
      since: '2.0',
      says: 'Writes bytes from memory without waiting; may take fewer than asked.',
      args: [{ name: 'num_bytes', type: 'bytes' }, BASE_ADDR_LO, BASE_ADDR_HI],
      returns: 'bytes written',
      errors: ['INVALID_PARAM', 'DENIED', 'FAILED'],
    },
    console_read: {
      fid: 1,
      since: '2.0',
      says: 'Reads pending bytes into memory without waiting; may give none.',
      args: [{ name: 'num_bytes', type: 'bytes' }, BASE_ADDR_LO, BASE_ADDR_HI],
      returns: 'bytes read',
      errors: ['INVALID_PARAM', 'DENIED', 'FAILED'],
    },
    console_write_byte: {
      fid: 2,
      since: '2.0',
      says: 'Writes one byte and waits until the console takes it.',
      args: [{ name: 'byte', type: 'u8' }],
      errors: ['DENIED', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
