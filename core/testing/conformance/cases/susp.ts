/** Cases of system suspend. [SBI 3.0 §13] */
import { SBI } from '../../../sbi/spec/index.ts';
import { casesOf } from '../define.ts';
import { ALL_ONES, LABELS, OUTSIDE, RAM_END } from '../layout.ts';
import { call, clearBits, setBits, startOther, stopOther } from '../steps.ts';

const { SUSPEND_TO_RAM } = SBI.SUSP.functions.system_suspend.args[0].values;
const OPAQUE = 0x1122_3344_5566_7788n;
const STI = 1n << 5n;
const UPPER_BITS = 1n << 32n;

/** The timer is what wakes a system that has nothing else; what was typed may do so earlier. */
const timerSoon = [setBits('sie', STI), 'rdtime a0\naddi a0, a0, 1000\nli a6, 0\nli a7, 0x54494d45\necall'];

const suspend = (id: string, type: bigint, resume: string | bigint = LABELS.resume) => ({
  id,
  function: 'system_suspend' as const,
  section: '13.1',
  before: [stopOther, ...timerSoon],
  with: { sleep_type: type, resume_addr: resume, opaque: OPAQUE },
  after: [clearBits('sie', STI), call('TIME', 'set_timer', ALL_ONES)],
});

export const susp = casesOf('SUSP', {
  cases: [
    { ...suspend('suspend', BigInt(SUSPEND_TO_RAM)), class: 'valid', expects: { resumes: OPAQUE } },
    {
      ...suspend('type-upper-bits', UPPER_BITS | BigInt(SUSPEND_TO_RAM)),
      class: 'reserved',
      section: '3',
      notOn: ['opensbi-1.9'],
      expects: { resumes: OPAQUE },
    },
    { ...suspend('type-reserved-first', 1n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('type-reserved-last', 0x7fff_ffffn), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('type-platform-first', 0x8000_0000n), class: 'invalid type', expects: { error: 'INVALID_PARAM' } },
    { ...suspend('type-platform-last', 0xffff_ffffn), class: 'invalid type', expects: { error: 'INVALID_PARAM' } },
    {
      ...suspend('other-started', BigInt(SUSPEND_TO_RAM)),
      class: 'invalid state',
      before: [startOther],
      expects: { error: 'DENIED' },
    },
    {
      ...suspend('outside', BigInt(SUSPEND_TO_RAM), OUTSIDE),
      class: 'invalid address',
      alone: true,
      expects: { error: 'INVALID_ADDRESS' },
    },
    {
      ...suspend('behind-ram', BigInt(SUSPEND_TO_RAM), RAM_END),
      class: 'invalid address',
      notOn: ['opensbi-1.9'],
      expects: { error: 'INVALID_ADDRESS' },
    },
    {
      ...suspend('all-ones-address', BigInt(SUSPEND_TO_RAM), ALL_ONES),
      class: 'invalid address',
      notOn: ['opensbi-1.9'],
      expects: { error: 'INVALID_ADDRESS' },
    },
  ],
  differences: [
    {
      on: ['opensbi-1.9'],
      cases: ['outside'],
      answers: 'hangs',
      right: 'specification',
      because:
        '§13.1: INVALID_ADDRESS for what is no valid physical address. OpenSBI checks it against its domains, which cover all addresses, and the hart goes on where nothing is.',
    },
  ],
  unreachable: {
    system_suspend: { NOT_SUPPORTED: 'The one type that targets implement depends on nothing that is missing.' },
  },
});
