/** Cases of system reset. [SBI 3.0 §10] */
import { SBI } from '../../../sbi/spec/index.ts';
import { casesOf } from '../define.ts';

const [TYPE, REASON] = SBI.SRST.functions.system_reset.args;
const { SHUTDOWN, COLD_REBOOT, WARM_REBOOT } = TYPE.values;
const { NONE, SYSTEM_FAILURE } = REASON.values;
const UPPER_BITS = 1n << 32n;

const reset = (id: string, type: number | bigint, reason: number | bigint = NONE) => ({
  id,
  function: 'system_reset' as const,
  section: '10.1',
  with: { reset_type: BigInt(type), reset_reason: BigInt(reason) },
});
const refused = { alone: true, expects: { error: 'INVALID_PARAM' } } as const;

export const srst = casesOf('SRST', {
  cases: [
    { ...reset('shutdown', SHUTDOWN), class: 'valid', expects: { ends: 'shutdown' } },
    { ...reset('cold-reboot', COLD_REBOOT), class: 'valid', expects: { ends: 'reset' } },
    { ...reset('warm-reboot', WARM_REBOOT), class: 'valid', expects: { ends: 'reset' } },
    { ...reset('shutdown-after-failure', SHUTDOWN, SYSTEM_FAILURE), class: 'valid', expects: { ends: 'shutdown' } },
    { ...reset('reboot-after-failure', COLD_REBOOT, SYSTEM_FAILURE), class: 'valid', expects: { ends: 'reset' } },
    {
      ...reset('type-upper-bits', UPPER_BITS | BigInt(SHUTDOWN)),
      class: 'reserved',
      section: '3',
      expects: { ends: 'shutdown' },
    },
    {
      ...reset('reason-upper-bits', SHUTDOWN, UPPER_BITS),
      class: 'reserved',
      section: '3',
      expects: { ends: 'shutdown' },
    },
    { ...reset('type-reserved-first', 3), class: 'reserved', ...refused },
    { ...reset('type-reserved-last', 0xefff_ffff), class: 'reserved', ...refused },
    { ...reset('type-platform-specific', 0xf000_0000), class: 'invalid type', ...refused },
    { ...reset('reason-reserved-first', SHUTDOWN, 2), class: 'reserved', ...refused },
    { ...reset('reason-reserved-last', SHUTDOWN, 0xdfff_ffff), class: 'reserved', ...refused },
    {
      ...reset('reason-implementation-specific', SHUTDOWN, 0xe000_0000),
      class: 'invalid reason',
      // The table of errors names reserved and platform-specific reasons, and not these.
      expects: [{ ends: 'shutdown' }, { error: 'INVALID_PARAM' }],
    },
    { ...reset('reason-platform-specific', SHUTDOWN, 0xf000_0000), class: 'invalid reason', ...refused },
  ],
  differences: [
    {
      on: ['kvm'],
      cases: ['type-reserved-first', 'type-reserved-last', 'type-platform-specific'],
      answers: 'NOT_SUPPORTED',
      right: 'specification',
      because:
        '§10.1: INVALID_PARAM for reserved and unimplemented types. Linux answers NOT_SUPPORTED to every type that it does not know, as recorded.',
    },
    {
      on: ['kvm'],
      cases: ['reason-reserved-first', 'reason-reserved-last', 'reason-platform-specific'],
      answers: 'the machine ends: shutdown',
      right: 'specification',
      because:
        '§10.1: INVALID_PARAM for reserved and unimplemented reasons. Linux hands any reason to user space and does not look at it, as recorded.',
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['type-upper-bits', 'reason-upper-bits'],
      answers: 'INVALID_PARAM',
      right: 'specification',
      because:
        '§3: where data is 32 bits wide, higher privilege software uses only 32 bits of the register. OpenSBI compares the whole register.',
    },
  ],
  unreachable: {
    system_reset: { NOT_SUPPORTED: 'Every target can do each type that it implements.' },
  },
});
