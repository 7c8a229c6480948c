/**
 * Cases of the event that a counter makes when it overflows. The specification names it and says no more; what is
 * judged is what holds for every event. Linux's handler stops the counters first, and so does this one: OpenSBI leaves the
 * interrupt pending until they are stopped. [SBI 3.0 §11, §17.1]
 */
import { PMU } from '../../../../sbi/spec/pmu.ts';
import { SSE_EVENTS } from '../../../../sbi/spec/sse.ts';
import { call, clearBits, csr, memory, onOther, pass, setBits, startOther, stopOther, waitFor } from '../../steps.ts';
import type { CaseOf, Observation, Step } from '../../types.ts';
import {
  COMPLETE,
  ENABLED,
  enabled,
  event,
  gone,
  HART,
  KEPT_A0,
  masked,
  noRecord,
  PENDING,
  RECORD,
  REGISTERED,
  RUNS,
  ran,
  record,
  registered,
  SIE,
  state,
  unmasked,
} from './steps.ts';

const OVERFLOW = BigInt(SSE_EVENTS.LOCAL_PMU_OVERFLOW);
const HANDLER = 'sse_overflow';
const LCOF = 1n << 13n;
const CYCLES = 1n;
/** All hardware counters of every target: hardware takes one of those from 3 on, KVM the one of cycles. */
const HARDWARE = 0x7_fffdn;
const { counter_config_matching: match, counter_start: start, counter_stop: stop } = PMU.functions;
const CLEAR_VALUE = BigInt(match.args[2].values.CLEAR_VALUE);
const SET_INIT_VALUE = BigInt(start.args[2].values.SET_INIT_VALUE);
const RESET = BigInt(stop.args[2].values.RESET);
const PERIOD = 2000n;
/** Ticks of 100 ns in which the counter overflows on every target. */
const AWHILE = 20_000n;

/** Keeps all registers but a6 and a7. */
export const overflowRoutines = `
        .balign 4
${HANDLER}:
        li      a7, ${RECORD}
        sd      a6, ${HART}(a7)
        ld      a6, ${RUNS}(a7)
        addi    a6, a6, 1
        sd      a6, ${RUNS}(a7)
        sd      a0, ${KEPT_A0}(a7)
        sd      a1, ${KEPT_A0 + 8n}(a7)
        sd      a2, ${KEPT_A0 + 16n}(a7)
        ${call('PMU', 'counter_stop', 0n, HARDWARE, RESET)}
        li      a7, ${RECORD}
        ld      a0, ${KEPT_A0}(a7)
        ld      a1, ${KEPT_A0 + 8n}(a7)
        ld      a2, ${KEPT_A0 + 16n}(a7)
        ${COMPLETE}
`;

const stopped: Step = call('PMU', 'counter_stop', 0n, HARDWARE, RESET);
/** A counter that overflows soon runs from here on. */
const counting: Step = `${call('PMU', 'counter_config_matching', 0n, HARDWARE, CLEAR_VALUE, CYCLES, 0n)}
mv t6, a1
${call('PMU', 'counter_start', 0n, 1n, SET_INIT_VALUE, -PERIOD).replace('li a0, 0x0', 'mv a0, t6')}`;
const overflown: Step = `${counting}\n${waitFor(memory(RECORD + RUNS, 1n), 1n)}`;
const passed: Step = `${counting}\n${pass(AWHILE)}`;
const after = (step: Step, one: Observation): Observation => ({ ...one, read: `${step}\n${one.read}` });
const noInterrupt = csr('sip', 0n, LCOF);
const tidied = [masked, gone(OVERFLOW), stopped, clearBits('sip', LCOF)];

export const overflow: readonly CaseOf<'SSE'>[] = [
  {
    id: 'enable-overflow',
    function: 'enable',
    class: 'valid',
    section: '17.11',
    with: { event_id: OVERFLOW },
    before: [registered(OVERFLOW, HANDLER), unmasked, noRecord, clearBits('sstatus', SIE), setBits('sie', LCOF)],
    expects: { error: 'SUCCESS' },
    sees: [after(overflown, ran(1n)), record(HART, 'a6', 0n), noInterrupt, state(OVERFLOW, ENABLED)],
    after: [...tidied, clearBits('sie', LCOF)],
  },
  {
    id: 'disable-overflow',
    function: 'disable',
    class: 'valid',
    section: '17.12',
    with: { event_id: OVERFLOW },
    before: [enabled(OVERFLOW, HANDLER), unmasked, noRecord],
    expects: { error: 'SUCCESS' },
    sees: [after(passed, ran(0n)), state(OVERFLOW, REGISTERED)],
    after: tidied,
  },
  {
    id: 'unmask-overflow',
    function: 'hart_unmask',
    class: 'valid',
    section: '17.15',
    before: [enabled(OVERFLOW, HANDLER), noRecord, counting, waitFor(state(OVERFLOW, 0n), ENABLED | PENDING)],
    expects: { error: 'SUCCESS' },
    sees: [ran(1n), state(OVERFLOW, ENABLED)],
    after: tidied,
  },
  {
    id: 'mask-overflow-of-other',
    function: 'hart_mask',
    class: 'valid',
    section: '17.2',
    // A local event is each hart's own: that of the other one is not enabled.
    before: [startOther, enabled(OVERFLOW, HANDLER), unmasked, noRecord, onOther(passed, stopped)],
    expects: { error: 'SUCCESS' },
    sees: [ran(0n), state(OVERFLOW, ENABLED)],
    after: [...tidied, onOther(clearBits('sip', LCOF)), stopOther],
  },
  {
    id: 'register-overflow-again',
    function: 'register',
    class: 'invalid state',
    section: '17.9',
    with: { event_id: OVERFLOW, handler_entry_pc: HANDLER },
    before: [enabled(OVERFLOW, HANDLER)],
    expects: { error: 'INVALID_STATE' },
    after: [event('disable', OVERFLOW), event('unregister', OVERFLOW)],
  },
];
