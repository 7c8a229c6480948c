/** Rows, filters and keyboard of the trace table. Pure. */
import { SBI_NAMES, type SbiName } from '../../../core/sbi/types.ts';
import type { CallEvent } from '../../../core/trace/events.ts';
import { argumentsOfCall, errorOfCall, nameOfCall, valueOfCall } from '../../state/call-words.ts';
import { failed } from '../../state/trace-filter.ts';
import { duration } from '../../ui/format.ts';

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
    time: traceTime(call.time),
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
export function traceTime(ns: number): string {
  return `${(ns / 1_000_000).toFixed(3)} ms`;
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

/** Extensions in the filter: those that were called, or all before anything was. */
export function extensionChoices(called: Readonly<Record<string, unknown>>): readonly SbiName[] {
  const present = SBI_NAMES.filter((name) => name in called);
  return present.length === 0 ? SBI_NAMES : present;
}
