/** Software events as plain data, and back. */
import { hex } from '../../../base/bits.ts';
import * as plain from '../../../schema/plain.ts';
import type { SoftwareEvent } from './event.ts';

const EVENT = plain.record({
  id: plain.hex64,
  state: plain.oneOf('UNUSED', 'REGISTERED', 'ENABLED', 'RUNNING'),
  pending: plain.flag,
  priority: plain.upTo(0xffff_ffff),
  oneShot: plain.flag,
  preferredHart: plain.count,
  /** Null unless the state is RUNNING. */
  runningOn: plain.nullable(plain.count),
  handler: plain.record({ pc: plain.hex64, arg: plain.hex64 }),
  interrupted: plain.record({ sepc: plain.hex64, flags: plain.hex64, a6: plain.hex64, a7: plain.hex64 }),
});

export const SSE_SHAPE = plain.record({
  /** By hart id. */
  harts: plain.listOf(plain.record({ masked: plain.flag, local: plain.listOf(EVENT) })),
  global: plain.listOf(EVENT),
  /** Harts that have not taken notice of a signal yet; `time` in virtual ns. */
  signals: plain.listOf(plain.record({ hart: plain.count, time: plain.amount })),
});

type Of<S> = S extends plain.Shape<infer T> ? T : never;
export type EventSnapshot = Of<typeof EVENT>;
export type SseSnapshot = Of<typeof SSE_SHAPE>;

export function saveEvent(event: SoftwareEvent): EventSnapshot {
  const { id, state, pending, priority, oneShot, preferredHart, runningOn, handler, interrupted } = event;
  return {
    id: hex(id),
    state,
    pending,
    priority,
    oneShot,
    preferredHart,
    runningOn,
    handler: { pc: hex(handler.pc), arg: hex(handler.arg) },
    interrupted: {
      sepc: hex(interrupted.sepc),
      flags: hex(interrupted.flags),
      a6: hex(interrupted.a6),
      a7: hex(interrupted.a7),
    },
  };
}

/** Into the event of the same id in a VM of so many harts. Throws PlainError for what it cannot be. */
export function loadEvent(event: SoftwareEvent, saved: EventSnapshot, harts: number): void {
  const { id, state, pending, priority, oneShot, preferredHart, runningOn, handler, interrupted } = saved;
  if (id !== hex(event.id)) throw new plain.PlainError('id', `${id} where event ${hex(event.id)} is`);
  if ((state === 'RUNNING') !== (runningOn !== null)) {
    throw new plain.PlainError('runningOn', `does not agree with the state ${state}`);
  }
  for (const [place, hart] of Object.entries({ preferredHart, runningOn })) {
    const isPossible = hart === null || (event.isGlobal ? hart < harts : hart === event.preferredHart);
    if (!isPossible) throw new plain.PlainError(place, `hart ${hart} cannot have this event`);
  }
  Object.assign(event, { state, pending, priority, oneShot, preferredHart, runningOn });
  event.handler = { pc: BigInt(handler.pc), arg: BigInt(handler.arg) };
  event.interrupted = {
    sepc: BigInt(interrupted.sepc),
    flags: BigInt(interrupted.flags),
    a6: BigInt(interrupted.a6),
    a7: BigInt(interrupted.a7),
  };
}
