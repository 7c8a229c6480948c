/** Timer extension. Data only. [SBI 3.0 §6] */
import type { SbiExtension } from '../types.ts';

export const TIME = {
  name: 'TIME',
  eid: [0x54494d45, 0x54494d45],
  title: 'Timer',
  says: 'Programs the timer of the calling hart. A hart with Sstc writes stimecmp instead and never calls.',
  chapter: '6',
  since: '0.2',
  category: 'isa-gap',
  hot: 'Every timer event of every hart, unless Sstc is there.',
  kvm: true,
  vmm: true,
  functions: {
    set_timer: {
      fid: 0,
      since: '0.2',
      says: 'Raises the timer interrupt at a time and withdraws a pending one.',
      args: [{ name: 'stime_value', type: 'time', says: 'Absolute time; all ones never comes.' }],
      errors: [],
    },
  },
} as const satisfies SbiExtension;
