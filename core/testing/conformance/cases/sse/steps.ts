/** What the cases of software events do and look at: events, handlers, and steps. */
import { SSE_ATTRIBUTES, SSE_EVENTS, type SseAttribute } from '../../../../sbi/spec/sse.ts';
import { BUFFER, SELF } from '../../layout.ts';
import { call, memory, store } from '../../steps.ts';
import type { Allowed, Observation, Operand, Step } from '../../types.ts';

export const LOCAL = BigInt(SSE_EVENTS.LOCAL_SOFTWARE);
export const GLOBAL = BigInt(SSE_EVENTS.GLOBAL_SOFTWARE);
/** A standard event that has no source on any target. */
export const UNSUPPORTED = BigInt(SSE_EVENTS.LOCAL_LOW_PRIO_RAS);
export const RESERVED_LOCAL = 0x2n;
export const RESERVED_GLOBAL = 0x8001n;
/** An event of the platform that no target has. */
export const OF_PLATFORM = 0x4001n;
export const UPPER_BITS = 1n << 32n;
export const [UNUSED, REGISTERED, ENABLED, RUNNING, PENDING] = [0n, 1n, 2n, 3n, 4n];
export const ONESHOT = 1n;
export const ARG = 0x1122_3344_5566_7788n;
export const SPP = 1n << 8n;
export const SIE = 1n << 1n;

/** Attributes on their way. */
export const VALUES = BUFFER;
export const PROBE = BUFFER + 0x100n;
/** What handlers leave: how often one ran, a6, a7, sstatus; how often another had run after it was injected by one. */
export const RECORD = BUFFER + 0x400n;
export const [RUNS, HART, ARGUMENT, STATUS, NESTED, KEPT_A0, KEPT_A1] = [0n, 8n, 16n, 24n, 32n, 40n, 48n];

export const LABELS = { handler: 'sse_handler', nesting: 'sse_nesting', escape: 'sse_escape' } as const;
export const COMPLETE = 'li a6, 6\nli a7, 0x535345\necall';
/** A handler may use a6 and a7, and keeps everything else. */
export const routines = `
        .balign 4
sse_handler:
        csrw    stval, a6
        li      a6, ${RECORD}
        sd      a7, ${ARGUMENT}(a6)
        csrr    a7, stval
        sd      a7, ${HART}(a6)
        csrr    a7, sstatus
        sd      a7, ${STATUS}(a6)
        ld      a7, ${RUNS}(a6)
        addi    a7, a7, 1
        sd      a7, ${RUNS}(a6)
        ${COMPLETE}
# Injects the global event.
        .balign 4
sse_nesting:
        li      a6, ${RECORD}
        sd      a0, ${KEPT_A0}(a6)
        sd      a1, ${KEPT_A1}(a6)
        li      a0, ${GLOBAL}
        li      a1, 0
        li      a6, 7
        li      a7, 0x535345
        ecall
        li      a6, ${RECORD}
        ld      a7, ${RUNS}(a6)
        sd      a7, ${NESTED}(a6)
        ld      a0, ${KEPT_A0}(a6)
        ld      a1, ${KEPT_A1}(a6)
        ${COMPLETE}
# Goes back without a word, so that what follows is done while the event is RUNNING.
        .balign 4
sse_escape:
        csrr    t0, sepc
        jr      t0
`;

export const event = (fn: Parameters<typeof call<'SSE'>>[1], ...args: readonly Operand[]): Step =>
  call('SSE', fn, ...args);
export const written = (id: bigint, name: SseAttribute, value: bigint): Step =>
  `${store(VALUES, value)}\n${event('write_attrs', id, BigInt(SSE_ATTRIBUTES[name]), 1n, VALUES, 0n)}`;
export const registered = (id: bigint, handler: string = LABELS.handler): Step => event('register', id, handler, ARG);
export const enabled = (id: bigint, handler: string = LABELS.handler): Step =>
  `${registered(id, handler)}\n${event('enable', id)}`;
export const gone = (id: bigint): Step => `${event('disable', id)}\n${event('unregister', id)}`;
export const unmasked = event('hart_unmask');
export const masked = event('hart_mask');
export const noRecord: Step = [RUNS, HART, ARGUMENT, STATUS, NESTED].map((at) => store(RECORD + at, 0n)).join('\n');
/** From here on the event is RUNNING, until `left`. */
export const entered = (id: bigint): readonly Step[] => [
  enabled(id, LABELS.escape),
  unmasked,
  event('inject', id, SELF),
];
export const left: Step = `la t0, 71f\ncsrw sepc, t0\n${COMPLETE}\n71:`;

export const attribute = (id: bigint, name: SseAttribute, is: Allowed, mask?: bigint): Observation => {
  const only = mask === undefined ? '' : `\nandi t0, t0, ${mask}`;
  const read = event('read_attrs', id, BigInt(SSE_ATTRIBUTES[name]), 1n, PROBE, 0n);
  return { name, read: `${read}\n${memory(PROBE, 0n).read}${only}\nbeqz a0, 74f\nmv t0, a0\n74:`, is };
};
/** State and pending; the other bits of STATUS have cases of their own. */
export const state = (id: bigint, is: bigint): Observation => ({ ...attribute(id, 'STATUS', is, 7n), name: 'state' });
export const record = (at: bigint, name: string, is: bigint): Observation => ({ ...memory(RECORD + at, is), name });
export const ran = (times: bigint): Observation => record(RUNS, 'runs', times);

export const LOCALLY = { event_id: LOCAL } as const;
