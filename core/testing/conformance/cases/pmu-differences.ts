/** Where KVM, the VMM without its ioctl, and OpenSBI answer PMU in another way than SBI 3.0 says, and why. */
import type { Difference } from '../types.ts';

const NO_IOCTL =
  '§11: which counters there are is up to the implementation. With the ioctls of Linux a VMM can program no counter of a vcpu: all of its counters are firmware counters, numbered from 0, and no hardware event can be counted.';
const NO_SNAPSHOT = '§11.14: the function is optional, and OpenSBI has no snapshots: its flags then answer NO_SHMEM.';
const NOT_CHECKED =
  '§11.15: INVALID_ADDRESS for what is no accessible memory. OpenSBI checks the range against its domains, which cover all addresses, and meets its own fault.';

const kvm: readonly Difference[] = [
  {
    on: ['kvm'],
    cases: ['info-behind-the-last'],
    answers: 'SUCCESS 0x0',
    right: 'specification',
    because:
      '§11.8: INVALID_PARAM for an invalid counter. Linux lets every number below 64 through (vcpu_pmu.c), as recorded.',
  },
  {
    on: ['kvm'],
    cases: ['config-skip-match-unconfigured'],
    answers: 'FAILED',
    right: 'specification',
    because:
      '§11.9: SKIP_MATCH selects the first counter of the set unconditionally. Linux wants it to have been configured before, and its error is none of the function, as recorded.',
  },
  {
    on: ['kvm'],
    cases: ['config-other-kind'],
    answers: 'SUCCESS 0x0',
    right: 'specification',
    because:
      '§11.9: NOT_SUPPORTED when none of the counters of the set can count the event. Linux gives cycles and instructions their own counters whether they are in the set or not (vcpu_pmu.c).',
  },
  {
    on: ['kvm'],
    cases: ['read-hardware', 'read-high-hardware', 'read-high-beyond'],
    answers: 'SUCCESS 0x0',
    right: 'specification',
    because:
      '§11.12, §11.13: INVALID_PARAM for what is no firmware counter. Linux reads a hardware counter too, and on RV64 looks at no number for the high half (vcpu_sbi_pmu.c).',
  },
  {
    on: ['kvm'],
    cases: ['area'],
    answers: 'SUCCESS, [0x80800000] 0x0, [0x80800ff8] 0x0',
    right: 'specification',
    because:
      '§11.14: nothing may touch the area but counter_start and counter_stop with their flags. Linux finds out by writing zeros whether it can be written.',
  },
  {
    on: ['kvm'],
    cases: ['area-unaligned'],
    answers: 'SUCCESS',
    right: 'specification',
    because: '§11.14: INVALID_PARAM for an address that is not a multiple of 4096. Linux does not look.',
  },
  {
    on: ['kvm'],
    cases: ['events-outside', 'events-over-the-end', 'events-wrapping'],
    answers: 'FAILED',
    right: 'specification',
    because:
      '§11.15: INVALID_ADDRESS for what is no memory. Linux answers FAILED when it cannot read the list (vcpu_pmu.c).',
  },
];

const vmm: readonly Difference[] = [
  {
    on: ['vmm-userspace'],
    cases: ['info-cycle', 'info-instret', 'info-time'],
    answers: 'SUCCESS 0x8000000000000000',
    right: 'open',
    because: NO_IOCTL,
  },
  {
    on: ['vmm-userspace'],
    cases: ['config-cycles', 'config-instructions'],
    answers: 'NOT_SUPPORTED',
    right: 'open',
    because: NO_IOCTL,
  },
  {
    on: ['vmm-userspace'],
    cases: ['config-firmware-on-hardware', 'read-hardware', 'read-time', 'read-high-hardware'],
    answers: 'SUCCESS 0x0',
    right: 'open',
    because: NO_IOCTL,
  },
  {
    on: ['vmm-userspace'],
    cases: ['start-instructions'],
    answers: 'exception 2, stval 0xc02022f3',
    right: 'open',
    because: `${NO_IOCTL} KVM emulates the CSR, of a counter that nobody has programmed.`,
  },
  {
    on: ['vmm-userspace'],
    cases: ['start-instructions-into-snapshot'],
    answers: 'INVALID_PARAM, [0x80800008] 0x0',
    right: 'open',
    because: NO_IOCTL,
  },
  {
    on: ['vmm-userspace'],
    cases: ['start-overflow'],
    answers: 'INVALID_PARAM, sip 0x0',
    right: 'open',
    because: NO_IOCTL,
  },
  {
    on: ['vmm-userspace'],
    cases: ['events'],
    answers: 'SUCCESS, [0x80800004] 0x0, [0x80800014] 0x0, [0x80800024] 0x0',
    right: 'open',
    because: NO_IOCTL,
  },
];

const both = ['opensbi-1.6', 'opensbi-1.9'] as const;
const opensbi: readonly Difference[] = [
  {
    on: both,
    cases: ['config-skip-match-unconfigured'],
    answers: 'INVALID_PARAM',
    right: 'specification',
    because:
      '§11.9: SKIP_MATCH selects the first counter of the set unconditionally. OpenSBI wants it to have been configured before (sbi_pmu.c).',
  },
  {
    on: both,
    cases: ['config-other-kind'],
    answers: 'SUCCESS 0x0',
    right: 'specification',
    because:
      '§11.9: NOT_SUPPORTED when none of the counters of the set can count the event. OpenSBI falls back on the fixed counter of the event, in the set or not (sbi_pmu.c).',
  },
  {
    on: both,
    cases: ['config-reserved-type', 'config-reserved-firmware'],
    answers: 'INVALID_PARAM',
    right: 'specification',
    because:
      '§11.9: INVALID_PARAM is for the set of counters, NOT_SUPPORTED for an event that none of them can count. OpenSBI validates the event first, and answers INVALID_PARAM.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['config-empty-set'],
    answers: 'SUCCESS 0x0',
    right: 'specification',
    because: '§11.9: in an empty set no counter can count the event. OpenSBI 1.6 takes the fixed counter all the same.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['config-firmware-by-base'],
    answers: 'hangs',
    right: 'specification',
    because:
      '§11.9: the set begins at counter_idx_base. OpenSBI 1.6 takes the place in the mask for the number of the counter, clears a word that belongs to something else, and never comes back.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['start-started'],
    answers: 'SUCCESS',
    right: 'specification',
    because: '§11.10: ALREADY_STARTED. OpenSBI 1.6 does not look whether a firmware counter runs.',
  },
  {
    on: both,
    cases: ['start-one-started'],
    answers: 'SUCCESS',
    right: 'specification',
    because: '§11.10: ALREADY_STARTED when one of the set is. OpenSBI tells what became of the last counter alone.',
  },
  {
    on: both,
    cases: ['start-overflow'],
    answers: 'SUCCESS, sip 0x0',
    right: 'open',
    because:
      '§11 promises no interrupt for a counter. In hardware Sscofpmf gives one to mhpmcounter3 and up; the counter of cycles has none there, and has one in KVM, where each is an event of the host.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['stop-stopped'],
    answers: 'SUCCESS',
    right: 'specification',
    because: '§11.11: ALREADY_STOPPED. OpenSBI 1.6 does not look whether a firmware counter runs.',
  },
  {
    on: both,
    cases: ['stop-unconfigured'],
    answers: 'INVALID_PARAM',
    right: 'open',
    because:
      '§11.11 does not say what a counter without an event is. OpenSBI passes over it and has then stopped none.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['read-high-hardware', 'read-high-beyond'],
    answers: 'SUCCESS 0x0',
    right: 'specification',
    because: '§11.13: INVALID_PARAM for what is no firmware counter. OpenSBI 1.6 does not look at the number on RV64.',
  },
  {
    on: both,
    cases: ['start-instructions-into-snapshot'],
    answers: 'SUCCESS, [0x80800008] 0x0',
    right: 'open',
    because: NO_SNAPSHOT,
  },
  {
    on: both,
    cases: ['start-from-snapshot'],
    answers: 'NO_SHMEM, PMU counter_fw_read 0x0',
    right: 'open',
    because: NO_SNAPSHOT,
  },
  {
    on: both,
    cases: ['stop-into-snapshot'],
    answers: 'NO_SHMEM, [0x80800000] 0x0, [0x80800008] 0x3, [0x80800010] 0x0, [0x80800018] 0x0',
    right: 'open',
    because: NO_SNAPSHOT,
  },
  {
    on: both,
    cases: ['area'],
    answers: 'NOT_SUPPORTED, [0x80800000] 0x5a, [0x80800ff8] 0x5a',
    right: 'open',
    because: NO_SNAPSHOT,
  },
  {
    on: both,
    cases: [
      'area-withdraw',
      'area-last-page',
      'area-unaligned',
      'area-high-address',
      'area-outside',
      'area-behind-ram',
      'area-reserved-flag',
      'area-withdraw-with-flag',
    ],
    answers: 'NOT_SUPPORTED',
    right: 'open',
    because: NO_SNAPSHOT,
  },
  {
    on: both,
    cases: ['events-firmware'],
    answers: 'SUCCESS, [0x80800004] 0x0',
    right: 'specification',
    because:
      '§11.15: the output says whether the event is supported. OpenSBI looks a firmware event up among those of the hardware (sbi_pmu.c), though it counts it.',
  },
  {
    on: both,
    cases: ['events-outside', 'events-over-the-end'],
    answers: 'hangs',
    right: 'specification',
    because: NOT_CHECKED,
  },
  {
    on: both,
    cases: ['events-wrapping'],
    answers: 'hangs',
    right: 'specification',
    because: '§11.15: the size of the list wraps to 0, which OpenSBI does not notice before it walks the list.',
  },
];

/** Neither looks at the encoding of an index before it says that there is no such event. */
const encoding: Difference = {
  on: ['kvm', ...both],
  cases: ['events-reserved-type', 'events-reserved-bits'],
  answers: 'SUCCESS',
  right: 'specification',
  because:
    '§11.15: INVALID_PARAM for an index that is not built as the specification says. Linux and OpenSBI write that it is not supported.',
};

export const PMU_DIFFERENCES: readonly Difference[] = [...kvm, ...vmm, ...opensbi, encoding];
