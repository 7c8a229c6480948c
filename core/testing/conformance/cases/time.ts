/** Cases of the timer extension. [SBI 3.0 §6] */
import { casesOf } from '../define.ts';
import { ALL_ONES } from '../layout.ts';
import { awaited, call, clearBits, csr, interrupts, pass, setBits, waitFor } from '../steps.ts';
import type { Step } from '../types.ts';

const IRQ_S_TIMER = 5;
const STI = 1n << BigInt(IRQ_S_TIMER);
const SIE = 1n << 1n;
/** Far ahead, and yet a time. */
const FAR = 0x7fff_ffff_ffff_ffffn;
/** Ticks in which a timer that is due would have come. */
const A_WHILE = 5000n;

const pending = csr('sip', STI, STI);
const notPending = csr('sip', 0n, STI);
const due: readonly Step[] = [call('TIME', 'set_timer', 0n), waitFor(pending, STI)];
const setTimer = (id: string, stime_value: bigint) => ({
  id,
  function: 'set_timer' as const,
  class: 'valid' as const,
  section: '6.1',
  with: { stime_value },
  expects: { error: 'SUCCESS' as const },
  after: [clearBits('sie', STI), clearBits('sstatus', SIE), call('TIME', 'set_timer', ALL_ONES)],
});

export const time = casesOf('TIME', {
  cases: [
    { ...setTimer('past', 0n), sees: [awaited(pending, STI)] },
    { ...setTimer('future-clears', FAR), before: due, sees: [notPending] },
    { ...setTimer('never-clears', ALL_ONES), before: due, sees: [notPending] },
    { ...setTimer('future-clears-unmasked', FAR), before: [...due, setBits('sie', STI)], sees: [notPending] },
    {
      ...setTimer('future-does-not-come', FAR),
      sees: [{ ...notPending, read: `${pass(A_WHILE)}\n${notPending.read}` }],
    },
    {
      ...setTimer('past-interrupts', 0n),
      before: [setBits('sie', STI), setBits('sstatus', SIE)],
      sees: [awaited(interrupts(IRQ_S_TIMER, 1n), 1n)],
    },
    {
      ...setTimer('far-does-not-interrupt', FAR),
      before: [setBits('sie', STI), setBits('sstatus', SIE)],
      sees: [{ ...interrupts(IRQ_S_TIMER, 0n), read: `${pass(A_WHILE)}\n${interrupts(IRQ_S_TIMER, 0n).read}` }],
    },
  ],
});
