/** Cases of the legacy calls. [SBI 3.0 §5] */
import { casesOf } from '../define.ts';
import { ABSENT, ALL_ONES, BUFFER, OTHER, OUTSIDE, SELF } from '../layout.ts';
import {
  awaited,
  call,
  clearBits,
  csr,
  drained,
  either,
  negative,
  onOther,
  otherCsr,
  positive,
  setBits,
  startOther,
  store,
  untilTyped,
  waitFor,
} from '../steps.ts';
import type { CaseOf, Expectation, Step } from '../types.ts';

const STI = 1n << 5n;
const SSI = 1n << 1n;
const Z = 0x5an;
const PAGE = 0x1000n;
const FAR = 0x7fff_ffff_ffff_ffffn;
const NO_IOCTL =
  'Linux has no ioctl by which user space could interrupt or fence another vcpu, so this VMM says FAILED.';
const LOAD_ACCESS_FAULT = 5n;

const SUCCESS: Expectation = { a0: 0n };
/** The text has no error for harts that are not there, only for what is implementation specific. */
const SUCCESS_OR_ERROR: Expectation = { a0: either(0n, negative) };
const quiet = clearBits('sip', SSI);
const mask = (...harts: readonly bigint[]): Step =>
  store(
    BUFFER,
    harts.reduce((bits, hart) => bits | (1n << hart), 0n),
  );
const noTimer = [call('V01', 'set_timer', ALL_ONES)];
const due: readonly Step[] = [call('V01', 'set_timer', 0n), waitFor(csr('sip', STI, STI), STI)];
const nothingTyped: Step = drained(`${call('V01', 'console_getchar')}\nslti t0, a0, 0\nxori t0, t0, 1`);

/** The calls that take a pointer to a mask of harts. */
const MASKED = [
  { name: 'send_ipi', section: '5.5', more: {} },
  { name: 'remote_fence_i', section: '5.6', more: {} },
  { name: 'remote_sfence_vma', section: '5.7', more: { start: BUFFER, size: PAGE } },
  { name: 'remote_sfence_vma_asid', section: '5.8', more: { start: BUFFER, size: PAGE, asid: 1n } },
] as const;

const idOf = (name: string) => name.replaceAll('_', '-');

function maskedCases({ name, section, more }: (typeof MASKED)[number]): readonly CaseOf<'V01'>[] {
  const named = (what: string, pointer: bigint, before: readonly Step[], expects: Expectation) =>
    ({
      id: `${idOf(name)}-${what}`,
      function: name,
      section,
      class: 'valid',
      before: [startOther, ...before],
      with: { hart_mask: pointer, ...more },
      expects,
      after: [quiet],
    }) as CaseOf<'V01'>;
  return [
    named('self', BUFFER, [mask(SELF)], SUCCESS),
    named('other', BUFFER, [mask(OTHER)], SUCCESS),
    named('both', BUFFER, [mask(SELF, OTHER)], SUCCESS),
    named('nobody', BUFFER, [mask()], SUCCESS),
    { ...named('ignores-a6', BUFFER, [mask(SELF)], SUCCESS), a6: 0x77n },
    { ...named('absent', BUFFER, [mask(ABSENT)], SUCCESS_OR_ERROR), class: 'invalid hart' },
    {
      ...named('mask-outside', OUTSIDE, [], { traps: LOAD_ACCESS_FAULT }),
      class: 'invalid address',
      section: '5',
    },
  ];
}

export const v01 = casesOf('V01', {
  cases: [
    {
      id: 'set-timer-past',
      function: 'set_timer',
      class: 'valid',
      section: '5.1',
      with: { stime_value: 0n },
      expects: SUCCESS,
      sees: [awaited(csr('sip', STI, STI), STI)],
      after: noTimer,
    },
    {
      id: 'set-timer-future-clears',
      function: 'set_timer',
      class: 'valid',
      section: '5.1',
      before: due,
      with: { stime_value: FAR },
      expects: SUCCESS,
      sees: [csr('sip', 0n, STI)],
      after: noTimer,
    },
    {
      id: 'set-timer-never-clears',
      function: 'set_timer',
      class: 'valid',
      section: '5.1',
      before: due,
      with: { stime_value: ALL_ONES },
      a6: ALL_ONES,
      expects: SUCCESS,
      sees: [csr('sip', 0n, STI)],
    },
    {
      id: 'putchar',
      function: 'console_putchar',
      class: 'valid',
      section: '5.2',
      with: { ch: Z },
      expects: SUCCESS,
      console: 'Z',
    },
    {
      id: 'putchar-upper-bits',
      function: 'console_putchar',
      class: 'reserved',
      section: '5.2',
      with: { ch: 0x1234_5678_9abc_de00n | Z },
      expects: SUCCESS,
      console: 'Z',
    },
    {
      id: 'getchar',
      function: 'console_getchar',
      class: 'valid',
      section: '5.3',
      before: [untilTyped],
      expects: { a0: Z },
    },
    {
      id: 'getchar-when-nothing-is-typed',
      function: 'console_getchar',
      class: 'valid',
      section: '5.3',
      before: [nothingTyped],
      expects: { a0: ALL_ONES },
    },
    {
      id: 'clear-ipi-when-none-is-pending',
      function: 'clear_ipi',
      class: 'valid',
      section: '5.4',
      before: [quiet],
      expects: SUCCESS,
      sees: [csr('sip', 0n, SSI)],
    },
    {
      id: 'clear-ipi',
      function: 'clear_ipi',
      class: 'valid',
      section: '5.4',
      before: [setBits('sip', SSI)],
      expects: { a0: positive },
      sees: [csr('sip', 0n, SSI)],
    },
    ...MASKED.flatMap(maskedCases),
    {
      id: 'send-ipi-raises-own',
      function: 'send_ipi',
      class: 'valid',
      section: '5.5',
      before: [quiet, mask(SELF)],
      with: { hart_mask: BUFFER },
      expects: SUCCESS,
      sees: [awaited(csr('sip', SSI, SSI), SSI)],
      after: [quiet],
    },
    {
      id: 'send-ipi-raises-other',
      function: 'send_ipi',
      class: 'valid',
      section: '5.5',
      before: [startOther, onOther(quiet), quiet, mask(OTHER)],
      with: { hart_mask: BUFFER },
      expects: SUCCESS,
      sees: [awaited(otherCsr('sip', SSI, SSI), SSI), csr('sip', 0n, SSI)],
    },
    {
      id: 'shutdown',
      function: 'shutdown',
      class: 'valid',
      section: '5.9',
      expects: { ends: 'shutdown' },
    },
  ],
  differences: [
    {
      on: ['kvm', 'opensbi-1.6', 'opensbi-1.9'],
      cases: ['clear-ipi'],
      answers: 'a0 0, sip 0x0',
      right: 'specification',
      because:
        '§5.4: a positive value if an IPI had been pending. Linux (vcpu_sbi_v01.c) and OpenSBI clear it and never say that there was one.',
    },
    {
      on: ['kvm'],
      cases: MASKED.map(({ name }) => `${idOf(name)}-mask-outside`),
      answers: 'exception 21, stval 0x200000000',
      right: 'specification',
      because:
        '§5: page and access faults are redirected to the supervisor. Linux (vcpu_sbi_v01.c) redirects what it met itself, which is a load guest-page fault, and a guest without the hypervisor extension knows no such cause.',
    },
    {
      on: ['vmm-userspace'],
      cases: MASKED.flatMap(({ name }) =>
        ['self', 'other', 'both', 'ignores-a6'].map((what) => `${idOf(name)}-${what}`),
      ),
      answers: 'a0 -1',
      right: 'open',
      because: `§5.5 to §5.8 allow an implementation specific error. ${NO_IOCTL}`,
    },
    {
      on: ['vmm-userspace'],
      cases: ['send-ipi-raises-own'],
      answers: 'a0 -1, sip 0x0',
      right: 'open',
      because: `§5.5 allows an implementation specific error. ${NO_IOCTL}`,
    },
    {
      on: ['vmm-userspace'],
      cases: ['send-ipi-raises-other'],
      answers: 'a0 -1, sip of the other hart 0x0, sip 0x0',
      right: 'open',
      because: `§5.5 allows an implementation specific error. ${NO_IOCTL}`,
    },
  ],
});
