/** Cases of hart state management. [SBI 3.0 §9] */
import { SBI } from '../../../sbi/spec/index.ts';
import { casesOf } from '../define.ts';
import { ABSENT, ALL_ONES, FAR_ABSENT, LABELS, OTHER, OUTSIDE, RAM_END, SELF } from '../layout.ts';
import {
  answer,
  beginOnOther,
  call,
  clearBits,
  csr,
  otherBecomes,
  otherStartedWith,
  pass,
  setBits,
  startOther,
  stopOther,
} from '../steps.ts';
import type { Observation, Step } from '../types.ts';

const { STARTED, STOPPED, SUSPENDED } = SBI.HSM.functions.hart_get_status.returnValues;
const { RETENTIVE, NON_RETENTIVE } = SBI.HSM.functions.hart_suspend.args[0].values;
const OPAQUE = 0x1122_3344_5566_7788n;
const STI = 1n << 5n;
const SSI = 1n << 1n;
const UPPER_BITS = 1n << 32n;

/** The timer comes soon, and wakes the hart without being taken. */
const timerSoon: readonly Step[] = [
  setBits('sie', STI),
  'rdtime a0\naddi a0, a0, 1000\nli a6, 0\nli a7, 0x54494d45\necall',
];
const timerNever: readonly Step[] = [clearBits('sie', STI), call('TIME', 'set_timer', ALL_ONES)];
const interruptOther: Step = call('IPI', 'send_ipi', 1n << OTHER, 0n);

const suspend = (id: string, type: bigint, resume: string | bigint = LABELS.resume) => ({
  id,
  function: 'hart_suspend' as const,
  section: '9.4',
  before: timerSoon,
  with: { suspend_type: type, resume_addr: resume, opaque: OPAQUE },
  after: timerNever,
});
/** The state of the other hart once it had the time to leave it. */
function otherStays(state: bigint): Observation {
  const now = answer('HSM', 'hart_get_status', state, OTHER);
  return { ...now, read: `${pass('SETTLE')}\n${now.read}` };
}

const start = (id: string, hartid: bigint, start_addr: string | bigint = LABELS.worker) => ({
  id,
  function: 'hart_start' as const,
  section: '9.1',
  with: { hartid, start_addr, opaque: OPAQUE },
});
const status = (id: string, hartid: bigint) => ({
  id,
  function: 'hart_get_status' as const,
  section: '9.3',
  with: { hartid },
});

export const hsm = casesOf('HSM', {
  cases: [
    {
      ...start('start', OTHER),
      class: 'valid',
      before: [stopOther],
      expects: { error: 'SUCCESS' },
      sees: otherStartedWith(OTHER, OPAQUE),
    },
    { ...start('start-self', SELF), class: 'invalid state', expects: { error: 'ALREADY_AVAILABLE' } },
    {
      ...start('start-started', OTHER),
      class: 'invalid state',
      before: [startOther],
      expects: { error: 'ALREADY_AVAILABLE' },
    },
    { ...start('start-absent', ABSENT), class: 'invalid hart', expects: { error: 'INVALID_PARAM' } },
    { ...start('start-far-absent', FAR_ABSENT), class: 'invalid hart', expects: { error: 'INVALID_PARAM' } },
    { ...start('start-all-ones', ALL_ONES), class: 'invalid hart', expects: { error: 'INVALID_PARAM' } },
    {
      ...start('start-upper-bits', OTHER | UPPER_BITS),
      class: 'invalid hart',
      before: [stopOther],
      expects: { error: 'INVALID_PARAM' },
      after: [startOther, stopOther],
    },
    {
      ...start('start-outside', OTHER, OUTSIDE),
      class: 'invalid address',
      alone: true,
      before: [stopOther],
      expects: { error: 'INVALID_ADDRESS' },
      sees: [otherStays(BigInt(STOPPED))],
    },
    {
      ...start('start-behind-ram', OTHER, RAM_END),
      class: 'invalid address',
      alone: true,
      before: [stopOther],
      expects: { error: 'INVALID_ADDRESS' },
      sees: [otherStays(BigInt(STOPPED))],
    },
    {
      ...start('start-all-ones-address', OTHER, ALL_ONES),
      class: 'invalid address',
      alone: true,
      before: [stopOther],
      expects: { error: 'INVALID_ADDRESS' },
      sees: [otherStays(BigInt(STOPPED))],
    },
    {
      id: 'stop',
      function: 'hart_stop',
      class: 'valid',
      section: '9.2',
      before: [startOther, 'la t0, worker_ready\nsd zero, 0(t0)'],
      by: 'other',
      expects: { returns: 'never' },
      sees: [otherBecomes(BigInt(STOPPED))],
    },
    { ...status('status-self', SELF), class: 'valid', expects: { error: 'SUCCESS', value: BigInt(STARTED) } },
    {
      ...status('status-started', OTHER),
      class: 'valid',
      before: [startOther],
      expects: { error: 'SUCCESS', value: BigInt(STARTED) },
    },
    {
      ...status('status-stopped', OTHER),
      class: 'valid',
      before: [stopOther],
      expects: { error: 'SUCCESS', value: BigInt(STOPPED) },
    },
    {
      ...status('status-suspended', OTHER),
      class: 'valid',
      before: [
        startOther,
        beginOnOther(
          setBits('sie', SSI),
          call('HSM', 'hart_suspend', BigInt(RETENTIVE), 0n, 0n),
          clearBits('sie', SSI),
        ),
        otherBecomes(BigInt(SUSPENDED)).read,
      ],
      expects: { error: 'SUCCESS', value: BigInt(SUSPENDED) },
      after: [interruptOther, otherBecomes(BigInt(STARTED)).read, stopOther],
    },
    { ...status('status-absent', ABSENT), class: 'invalid hart', expects: { error: 'INVALID_PARAM' } },
    { ...status('status-all-ones', ALL_ONES), class: 'invalid hart', expects: { error: 'INVALID_PARAM' } },
    {
      ...suspend('suspend-retentive', BigInt(RETENTIVE)),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [csr('sip', STI, STI)],
    },
    {
      ...suspend('suspend-retentive-ignores-address', BigInt(RETENTIVE), OUTSIDE),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [csr('sip', STI, STI)],
    },
    {
      ...suspend('suspend-upper-bits', BigInt(RETENTIVE) | UPPER_BITS),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS' },
    },
    { ...suspend('suspend-non-retentive', BigInt(NON_RETENTIVE)), class: 'valid', expects: { resumes: OPAQUE } },
    { ...suspend('suspend-reserved-first', 0x1n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('suspend-reserved-last', 0x0fff_ffffn), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('suspend-reserved-lossy', 0x8000_0001n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('suspend-reserved-lossy-last', 0x8fff_ffffn), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('suspend-platform', 0x1000_0000n), class: 'invalid type', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('suspend-platform-lossy', 0x9000_0000n), class: 'invalid type', expects: { error: 'INVALID_PARAM' } },
    {
      ...suspend('suspend-outside', BigInt(NON_RETENTIVE), OUTSIDE),
      class: 'invalid address',
      mayHang: true,
      expects: { error: 'INVALID_ADDRESS' },
    },
  ],
  differences: [
    {
      on: ['kvm', 'opensbi-1.6', 'opensbi-1.9'],
      cases: ['start-upper-bits'],
      answers: 'SUCCESS',
      right: 'specification',
      because:
        '§9.1: hartid is an unsigned long, and no hart has this one. Linux looks a vcpu up by an int, OpenSBI by a u32: both drop the upper half and start hart 1.',
    },
    {
      on: ['kvm', 'opensbi-1.6', 'opensbi-1.9'],
      cases: ['start-outside', 'start-behind-ram', 'start-all-ones-address'],
      answers: 'SUCCESS, HSM hart_get_status 0x0',
      right: 'specification',
      because:
        '§9.1: INVALID_ADDRESS for what is no valid physical address. Linux does not look at the address at all, and OpenSBI checks it against its domains, which cover all addresses; the hart then starts with a fault.',
    },
    {
      on: ['kvm'],
      cases: ['suspend-non-retentive', 'suspend-outside'],
      answers: 'NOT_SUPPORTED',
      right: 'open',
      because:
        '§9.4 does not say that every platform has the default non-retentive type. Linux KVM has none and says NOT_SUPPORTED before it looks at the address, as recorded.',
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['suspend-platform', 'suspend-platform-lossy'],
      answers: 'NOT_SUPPORTED',
      right: 'specification',
      because:
        '§9.4: INVALID_PARAM for a type that is platform-specific and unimplemented. Up to SBI 2.0 the text gave NOT_SUPPORTED for valid types that are not implemented, which OpenSBI keeps.',
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['suspend-outside'],
      answers: 'hangs',
      right: 'specification',
      because:
        '§9.4: INVALID_ADDRESS for what is no valid physical address. OpenSBI checks it against its domains, which cover all addresses, and the hart goes on where nothing is.',
    },
  ],
  unreachable: {
    hart_suspend: { NOT_SUPPORTED: 'No target implements a type and lacks what it depends on.' },
  },
});
