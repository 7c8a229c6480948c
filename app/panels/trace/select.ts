/** Rows, filters and keyboard of the trace table. Pure. */
import { SBI_NAMES, type SbiName } from '../../../core/sbi/types.ts';
import type { CallEvent } from '../../../core/trace/events.ts';
import { argumentsOfCall, errorOfCall, nameOfCall, valueOfCall } from '../../state/call-words.ts';
import type { FilteredEvents } from '../../state/event-ring.ts';
import { failed } from '../../state/trace-filter.ts';
import { duration, grouped } from '../../ui/format.ts';

export interface TraceRow {
  readonly time: string;
  readonly name: string;
  readonly args: string;
  readonly error: string;
  readonly value: string;
  readonly cost: string;
  readonly failed: boolean;
}

export function traceRow(call: CallEvent): TraceRow {
  return {
    time: milliseconds(call.time),
    name: nameOfCall(call),
    args: argumentsOfCall(call)
      .map(({ name, text }) => `${name}=${text}`)
      .join(', '),
    error: errorOfCall(call),
    value: valueOfCall(call),
    cost: call.cost === 0 ? '–' : duration(call.cost),
    failed: failed(call),
  };
}

/** Milliseconds with three decimals, so that the column aligns. */
export function milliseconds(ns: number): string {
  return (ns / 1_000_000).toFixed(3);
}

export function traceTime(ns: number): string {
  return `${milliseconds(ns)} ms`;
}

/** Row that a key leads to, or null when it does not move. `page` is the number of rows in view. */
export function rowTarget(key: string, row: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const clamp = (target: number): number => Math.max(0, Math.min(count - 1, target));
  switch (key) {
    case 'ArrowDown':
      return clamp(row + 1);
    case 'ArrowUp':
      return row < 0 ? count - 1 : clamp(row - 1);
    case 'PageDown':
      return clamp(row + page);
    case 'PageUp':
      return clamp(row - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** Row of the call with this running number, or -1. Calls are ordered by it. */
export function rowOfSeq(rows: Pick<FilteredEvents<CallEvent>, 'length' | 'at'>, seq: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows.at(middle)?.seq ?? Number.NEGATIVE_INFINITY;
    if (found === seq) return middle;
    if (found < seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Extensions in the filter: those that were called, or all before anything was. */
export function extensionChoices(called: Readonly<Record<string, unknown>>): readonly SbiName[] {
  const present = SBI_NAMES.filter((name) => name in called);
  return present.length === 0 ? SBI_NAMES : present;
}

/** How many calls the table has: of those kept when it is narrowed, of those made when not all were kept. */
export function shownWords(shown: number, kept: number, made: number, everything: boolean): string {
  const newest = kept < made ? 'newest ' : '';
  if (everything) return newest === '' ? grouped(shown) : `newest ${grouped(shown)} of ${grouped(made)}`;
  return `${grouped(shown)} of ${newest}${grouped(kept)}`;
}
