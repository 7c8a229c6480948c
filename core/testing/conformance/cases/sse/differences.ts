/** Where OpenSBI serves software events otherwise than the specification has it. */
import type { Difference } from '../../types.ts';

const NO_EXIT =
  '§17.1 names the event and lets a platform lack it. KVM tells an overflow to the guest alone, so that a VMM without the exit of the accelerator has no source for it.';
const NO_INTERRUPT =
  '§17.1: the event is that of an overflow. QEMU 10.0 marks it in mhpmevent and scountovf and raises no interrupt, so that no firmware hears of it; on QEMU 7.2 the same OpenSBI starts the handler.';

/** The event of a counter that overflows. */
const overflow: readonly Difference[] = [
  {
    on: ['vmm-userspace'],
    cases: ['enable-overflow'],
    answers: 'NOT_SUPPORTED, runs 0x0, a6 0x0, sip 0x0, state 0xfffffffffffffffe',
    right: 'open',
    because: NO_EXIT,
  },
  {
    on: ['vmm-userspace'],
    cases: ['disable-overflow'],
    answers: 'NOT_SUPPORTED, runs 0x0, state 0xfffffffffffffffe',
    right: 'open',
    because: NO_EXIT,
  },
  {
    on: ['vmm-userspace'],
    cases: ['unmask-overflow', 'mask-overflow-of-other'],
    answers: 'SUCCESS, runs 0x0, state 0xfffffffffffffffe',
    right: 'open',
    because: NO_EXIT,
  },
  {
    on: ['vmm-userspace'],
    cases: ['register-overflow-again'],
    answers: 'NOT_SUPPORTED',
    right: 'open',
    because: NO_EXIT,
  },
  {
    on: ['opensbi-1.6', 'opensbi-1.9'],
    cases: ['enable-overflow'],
    answers: 'SUCCESS, runs 0x0, a6 0x0, sip 0x0, state 0x2',
    right: 'open',
    because: NO_INTERRUPT,
  },
  {
    on: ['opensbi-1.6', 'opensbi-1.9'],
    cases: ['unmask-overflow'],
    answers: 'SUCCESS, runs 0x0, state 0x2',
    right: 'open',
    because: NO_INTERRUPT,
  },
];

export const differences: readonly Difference[] = [
  ...overflow,
  {
    on: ['opensbi-1.6', 'opensbi-1.9'],
    cases: ['write-interrupted-of-other-hart'],
    answers: 'INVALID_PARAM',
    right: 'open',
    because:
      '§17.4 lets only the hart that executes the handler write, and §17.8 has no error that names this: INVALID_STATE is for the state rules of that table, INVALID_PARAM for values that are not legal.',
  },
  {
    on: ['opensbi-1.6', 'opensbi-1.9'],
    cases: ['inject-unused'],
    answers: 'INVALID_STATE',
    right: 'specification',
    because:
      '§17.14 has no such error, and by §17.4 the source sets the pending flag, whatever the state: the event is then taken once it is enabled.',
  },
  {
    on: ['opensbi-1.6', 'opensbi-1.9'],
    cases: ['inject-global-ignores-hart'],
    answers: 'INVALID_PARAM, runs 0x0, a6 0x0',
    right: 'specification',
    because: '§17.14: for global events hart_id is ignored. OpenSBI checks it before it looks at the event.',
  },
  {
    on: ['opensbi-1.6', 'opensbi-1.9'],
    cases: ['read-outside', 'read-over-the-end', 'write-outside'],
    answers: 'hangs',
    right: 'specification',
    because:
      '§3.2 wants the range to be checked for accessible addresses. OpenSBI checks it against its domains, which cover all addresses, and meets its own fault while it holds the lock of the event.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['read-status-after-handler'],
    answers: 'SUCCESS, [0x80800100] 0xfffffffffffffffa',
    right: 'specification',
    because: '§17.4: bits 4 and up of STATUS are zero. OpenSBI sets all bits but one where it means to clear one.',
  },
  {
    on: ['opensbi-1.6'],
    cases: [
      'read-unsupported',
      'write-unsupported',
      'register-unsupported',
      'unregister-unsupported',
      'enable-unsupported',
      'disable-unsupported',
      'inject-unsupported',
    ],
    answers: 'INVALID_PARAM',
    right: 'specification',
    because: '§17.7 to §17.14: a valid event that the platform lacks is NOT_SUPPORTED. This is of a later draft.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['write-status', 'write-entry-pc', 'write-local-hart'],
    answers: 'BAD_RANGE',
    right: 'specification',
    because: '§17.8: a read-only attribute is DENIED. In the drafts of the time it was BAD_RANGE.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['unmask-again'],
    answers: 'ALREADY_STOPPED',
    right: 'specification',
    because: '§17.15: ALREADY_STARTED. OpenSBI 1.6 has the errors of mask and unmask exchanged.',
  },
  {
    on: ['opensbi-1.6'],
    cases: ['mask-at-first'],
    answers: 'ALREADY_STARTED',
    right: 'specification',
    because: '§17.16: ALREADY_STOPPED. OpenSBI 1.6 has the errors of mask and unmask exchanged.',
  },
];
