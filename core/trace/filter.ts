/** Which events a reader wants to see: pure functions over events. */
import { errorText } from '../sbi/codec.ts';
import type { Answerer, CallEvent, TraceEvent } from './events.ts';
import { countKey } from './recorder.ts';

/** Each part that is given must hold; an empty list lets nothing through. */
export interface TraceFilter {
  readonly kinds?: readonly TraceEvent['kind'][];
  /** Extension names, or ids in hex for unknown ones. */
  readonly extensions?: readonly string[];
  readonly by?: readonly Answerer[];
  readonly harts?: readonly number[];
  /** `failed`: a call whose error is not SUCCESS. Or the name of one error. */
  readonly error?: string;
}

export function matches(event: TraceEvent, filter: TraceFilter): boolean {
  if (filter.kinds !== undefined && !filter.kinds.includes(event.kind)) return false;
  return event.kind === 'call' ? callMatches(event, filter) : !asksAboutCalls(filter);
}

function callMatches(call: CallEvent, filter: TraceFilter): boolean {
  if (filter.extensions !== undefined && !filter.extensions.includes(countKey(call))) return false;
  if (filter.by !== undefined && !filter.by.includes(call.by)) return false;
  if (filter.harts !== undefined && !filter.harts.includes(call.hart)) return false;
  return filter.error === undefined || errorMatches(call, filter.error);
}

/** Legacy calls that give a value in a0 have no error; a negative one is taken as such. [SBI 3.0 §5] */
function errorMatches(call: CallEvent, wanted: string): boolean {
  if (call.error === null || call.by === 'guest') return false;
  const name = errorText(call.error);
  if (wanted !== 'failed') return name === wanted;
  return BigInt.asIntN(64, call.error) < 0n;
}

function asksAboutCalls(filter: TraceFilter): boolean {
  return [filter.extensions, filter.by, filter.harts, filter.error].some((part) => part !== undefined);
}

export function filterTrace(events: readonly TraceEvent[], filter: TraceFilter): readonly TraceEvent[] {
  return events.filter((event) => matches(event, filter));
}
