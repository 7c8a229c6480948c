/** Where targets answer cases of debug triggers otherwise, and why. [SBI 3.0 §19] */
import type { Difference } from '../types.ts';

const OPENSBI = ['opensbi-1.6', 'opensbi-1.9'] as const;
const USERSPACE = ['vmm-userspace'] as const;

/** One entry for each answer that the same reason leads to. */
const each = (
  { on, right, because }: Pick<Difference, 'on' | 'right' | 'because'>,
  answers: Readonly<Record<string, readonly string[]>>,
): readonly Difference[] =>
  Object.entries(answers).map(([text, cases]) => ({ on, right, because, answers: text, cases }));

const NO_IOCTL =
  'num_triggers never fails (§19.1), so that a VMM whose KVM has no ioctl for triggers can say 0, and Linux has none: trig_max is 0 here. Then every index and count is out of range (§19.3 to §19.5), no trigger of a set is mapped (§19.6 to §19.8), and the shared memory has 0 bytes (§19.2).';

export const differences: readonly Difference[] = [
  ...each(
    { on: USERSPACE, right: 'open', because: NO_IOCTL },
    {
      'SUCCESS 0x0': ['num-all', 'num-watchpoints'],
      SUCCESS: ['shmem-over-end'],
      'BAD_RANGE, [0x80800000] 0xff, [0x80800008] 0x6000000000000012, [0x80800010] 0x80801000, [0x80800018] 0x0': [
        'read',
      ],
      'BAD_RANGE, [0x80800000] 0xff, [0x80800008] 0x6000000000000012': ['read-disabled'],
      'BAD_RANGE, [0x80800008] 0x6000000000000012': ['read-hit'],
      BAD_RANGE: [
        ...['read-nothing', 'install-dmode', 'install-machine', 'install-no-type', 'install-disabled'],
        ...['install-other-type', 'install-open-chain', 'install-reserved-bit', 'install-data', 'install-full'],
        ...['update-index-beyond', 'update-free', 'update-type', 'update-chain', 'update-machine', 'update-data'],
      ],
      'BAD_RANGE, [0x80800000] 0xff, a store stops at 0x0': ['install'],
      'BAD_RANGE, a store stops at 0x0': ['install-none'],
      'BAD_RANGE, a store stops at 0x0, [0x80800010] 0x80801100': ['update'],
      'INVALID_PARAM, a store stops at 0x0': ['uninstall', 'enable', 'disable'],
      'SUCCESS, a store stops at 0x0': ['uninstall-none'],
    },
  ),
  {
    on: OPENSBI,
    cases: ['num-machine'],
    answers: 'SUCCESS 0x2',
    right: 'specification',
    because:
      '§19 asks for trig_tdata1.m to be 0 always, so no trigger can support this configuration. OpenSBI looks at the type alone.',
  },
  {
    on: OPENSBI,
    cases: ['shmem-another'],
    answers: 'ALREADY_AVAILABLE',
    right: 'specification',
    because:
      '§19.2 sets the shared memory and does not ask for it to be withdrawn before; ALREADY_AVAILABLE is not among the errors of the function.',
  },
  {
    on: OPENSBI,
    cases: ['shmem-flags', 'shmem-upper-flags'],
    answers: 'SUCCESS',
    right: 'specification',
    because: '§19.2: flags must be zero, else INVALID_PARAM. OpenSBI does not hand the argument on.',
  },
  {
    on: OPENSBI,
    cases: ['shmem-outside', 'shmem-over-end'],
    answers: 'SUCCESS',
    right: 'specification',
    because:
      '§3.2: INVALID_ADDRESS for a range with addresses that cannot be accessed. OpenSBI checks the first address against its domains, which cover all of them.',
  },
  {
    on: OPENSBI,
    cases: ['read-base-beyond', 'read-count-beyond'],
    answers: 'INVALID_PARAM',
    right: 'specification',
    because: '§19.3 gives BAD_RANGE for this, and has no INVALID_PARAM.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['install'],
    answers: 'SUCCESS, [0x80800000] 0xff, a store stops at 0x80801000',
    right: 'specification',
    because: '§19.4: trig_idx is written into the first word of the entry. OpenSBI does so from a later version on.',
  },
  {
    on: OPENSBI,
    cases: ['install-many'],
    answers: 'FAILED',
    right: 'specification',
    because:
      '§19.4: BAD_RANGE when trig_count is not below trig_max. OpenSBI goes through the entries until one fails.',
  },
  {
    on: OPENSBI,
    cases: ['install-dmode', 'install-machine', 'install-no-type', 'install-disabled'],
    answers: 'FAILED',
    right: 'specification',
    because:
      '§19.4: INVALID_PARAM for a configuration word with an invalid value. OpenSBI says FAILED for all of them.',
  },
  {
    on: OPENSBI,
    cases: ['install-open-chain'],
    answers: 'SUCCESS',
    right: 'specification',
    because: '§19.4: the last configuration must not have chain set. OpenSBI does not look at it.',
  },
  {
    on: OPENSBI,
    cases: ['install-reserved-bit', 'install-data'],
    answers: 'SUCCESS',
    right: 'specification',
    because:
      '§19.4: INVALID_PARAM for an invalid value, and NOT_SUPPORTED for optional bits that the registers do not implement. OpenSBI writes the registers and does not look at what they kept: a trigger that compares data becomes one that compares addresses.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['update'],
    answers: 'SUCCESS, a store stops at 0x80801000, [0x80800010] 0x80801000',
    right: 'specification',
    because:
      '§19.5 takes a count in a0 and the indexes from the entries. This version takes a base and a mask, as a draft had it, and so none here.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['update-many', 'update-index-beyond', 'update-free'],
    answers: 'SUCCESS',
    right: 'specification',
    because:
      '§19.5: errors for each of them. This version takes a base and a mask, as a draft had it, and so none here.',
  },
  {
    on: OPENSBI,
    cases: ['update-type', 'update-chain', 'update-machine', 'update-data'],
    answers: 'SUCCESS',
    right: 'specification',
    because:
      '§19.5: type and chain have to be those that were installed, and the configuration has to be valid and implemented. OpenSBI looks at none of this.',
  },
  {
    on: OPENSBI,
    cases: [
      ...['uninstall-beyond', 'uninstall-mask-beyond', 'enable-free', 'enable-beyond', 'enable-mask-beyond'],
      ...['disable-free', 'disable-beyond', 'disable-mask-beyond'],
    ],
    answers: 'SUCCESS',
    right: 'specification',
    because:
      '§19.6 to §19.8: INVALID_PARAM when a trigger of the set is not mapped or its index is not below trig_max. OpenSBI leaves indexes beyond the last out, and enables and disables what is not mapped without a word.',
  },
];
