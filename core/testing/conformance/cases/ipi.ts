/** Cases of inter-processor interrupts. [SBI 3.0 §7] */
import { casesOf } from '../define.ts';
import { ABSENT, ALL_ONES, FAR_ABSENT, OTHER, SELF } from '../layout.ts';
import { awaited, clearBits, csr, interrupts, onOther, otherCsr, setBits, startOther, stopOther } from '../steps.ts';
import type { Difference } from '../types.ts';

const IRQ_S_SOFT = 1;
const SSI = 1n << BigInt(IRQ_S_SOFT);
const SIE = 1n << 1n;
const bit = (hart: bigint) => 1n << hart;

const NO_IOCTL =
  '§7.1 has FAILED for requests that cannot be carried out: Linux has no ioctl by which user space could raise the software interrupt of a vcpu.';

const quiet = clearBits('sip', SSI);
const bothQuiet = [startOther, onOther(quiet), quiet];
const own = csr('sip', SSI, SSI);
const ownNot = csr('sip', 0n, SSI);
const others = otherCsr('sip', SSI, SSI);
const othersNot = otherCsr('sip', 0n, SSI);

const send = (id: string, hart_mask: bigint, hart_mask_base = 0n) => ({
  id,
  function: 'send_ipi' as const,
  section: '7.1',
  with: { hart_mask, hart_mask_base },
  after: [quiet],
});
const refused = { class: 'invalid hart', expects: { error: 'INVALID_PARAM' } } as const;

export const ipi = casesOf('IPI', {
  cases: [
    {
      ...send('self', bit(SELF)),
      class: 'valid',
      before: bothQuiet,
      expects: { error: 'SUCCESS' },
      sees: [awaited(own, SSI), othersNot],
    },
    {
      ...send('other', bit(OTHER)),
      class: 'valid',
      before: bothQuiet,
      expects: { error: 'SUCCESS' },
      sees: [awaited(others, SSI), ownNot],
    },
    {
      ...send('other-by-base', 1n, OTHER),
      class: 'valid',
      before: bothQuiet,
      expects: { error: 'SUCCESS' },
      sees: [awaited(others, SSI), ownNot],
    },
    {
      ...send('both', bit(SELF) | bit(OTHER)),
      class: 'valid',
      before: bothQuiet,
      expects: { error: 'SUCCESS' },
      sees: [awaited(own, SSI), awaited(others, SSI)],
    },
    {
      ...send('all-ignores-mask', bit(ABSENT), ALL_ONES),
      class: 'valid',
      section: '3.1',
      before: bothQuiet,
      expects: { error: 'SUCCESS' },
      sees: [awaited(own, SSI), awaited(others, SSI)],
    },
    {
      ...send('nobody', 0n),
      class: 'valid',
      before: bothQuiet,
      expects: { error: 'SUCCESS' },
      sees: [ownNot, othersNot],
    },
    {
      ...send('interrupts', bit(SELF)),
      class: 'valid',
      before: [quiet, setBits('sie', SSI), setBits('sstatus', SIE)],
      expects: { error: 'SUCCESS' },
      sees: [awaited(interrupts(IRQ_S_SOFT, 1n), 1n)],
      after: [clearBits('sie', SSI), clearBits('sstatus', SIE), quiet],
    },
    { ...send('absent', bit(ABSENT)), ...refused },
    { ...send('absent-last-of-mask', 1n << 63n), ...refused },
    { ...send('absent-among-present', bit(SELF) | bit(ABSENT)), ...refused },
    { ...send('absent-by-base', 1n, ABSENT), ...refused },
    { ...send('absent-far-base', 1n, FAR_ABSENT), ...refused },
    {
      // The base is no hart [§3.1], but no hart is made of it and an empty mask [§7.1].
      ...send('nobody-from-absent-base', 0n, FAR_ABSENT),
      class: 'invalid base',
      expects: { error: ['INVALID_PARAM', 'SUCCESS'] },
    },
    {
      // A stopped hart may count as one that is not available.
      ...send('stopped', bit(OTHER)),
      class: 'invalid state',
      before: [stopOther],
      expects: { error: ['INVALID_PARAM', 'SUCCESS'] },
    },
  ],
  differences: [
    {
      on: ['opensbi-1.6'],
      cases: ['absent', 'absent-last-of-mask', 'absent-among-present', 'absent-by-base', 'absent-far-base'],
      answers: 'SUCCESS',
      right: 'specification',
      because: '§7.1: INVALID_PARAM when a hartid is not valid. OpenSBI 1.6 leaves such harts out; 1.9 refuses them.',
    },
    ...(
      [
        [['self'], 'FAILED, sip 0x0, sip of the other hart 0x0'],
        [['other', 'other-by-base'], 'FAILED, sip of the other hart 0x0, sip 0x0'],
        [['both', 'all-ignores-mask'], 'FAILED, sip 0x0, sip of the other hart 0x0'],
        [['interrupts'], 'FAILED, interrupts 1 0x0'],
        [['stopped'], 'FAILED'],
      ] as const
    ).map(
      ([cases, answers]): Difference => ({ on: ['vmm-userspace'], cases, answers, right: 'open', because: NO_IOCTL }),
    ),
  ],
});
