/** Hart state management. Data only. [SBI 3.0 §9] */
import type { SbiExtension } from '../types.ts';
import { HARTID, OPAQUE } from './arguments.ts';

export const HSM = {
  name: 'HSM',
  eid: [0x48534d, 0x48534d],
  title: 'Hart state management',
  says: 'Starts, stops and suspends single harts.',
  chapter: '9',
  since: '0.2',
  category: 'privilege',
  hot: 'Only hart_suspend, when the idle loop uses it; the rest comes with hotplug.',
  kvm: true,
  vmm: true,
  functions: {
    hart_start: {
      fid: 0,
      since: '0.2',
      says: 'Starts a stopped hart at an address: MMU and interrupts off, hart id in a0.',
      args: [HARTID, { name: 'start_addr', type: 'gpa' }, OPAQUE],
      errors: ['INVALID_ADDRESS', 'INVALID_PARAM', 'ALREADY_AVAILABLE', 'FAILED'],
    },
    hart_stop: {
      fid: 1,
      since: '0.2',
      says: 'Stops the calling hart; to be called with interrupts disabled.',
      args: [],
      errors: ['FAILED'],
      noReturn: true,
    },
    hart_get_status: {
      fid: 2,
      since: '0.2',
      says: 'State of a hart, which may have changed by the time it is read.',
      args: [HARTID],
      returns: 'state',
      returnValues: {
        STARTED: 0,
        STOPPED: 1,
        START_PENDING: 2,
        STOP_PENDING: 3,
        SUSPENDED: 4,
        SUSPEND_PENDING: 5,
        RESUME_PENDING: 6,
      },
      errors: ['INVALID_PARAM'],
    },
    hart_suspend: {
      fid: 3,
      since: '0.3',
      says: 'Suspends the calling hart until an interrupt; a non-retentive type resumes at an address.',
      args: [
        {
          name: 'suspend_type',
          type: 'u32',
          values: { RETENTIVE: 0, NON_RETENTIVE: 0x80000000 },
        },
        { name: 'resume_addr', type: 'gpa' },
        OPAQUE,
      ],
      errors: ['INVALID_PARAM', 'NOT_SUPPORTED', 'INVALID_ADDRESS', 'FAILED'],
    },
  },
} as const satisfies SbiExtension;
