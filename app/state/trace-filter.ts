/** Which calls the trace shows. Pure. */
import type { SbiError, SbiName } from '../../core/sbi/types.ts';
import type { Answerer, CallEvent } from '../../core/trace/events.ts';

/** Success, any error, or one error by name. */
export type Outcome = 'all' | 'success' | 'error' | Exclude<SbiError, 'SUCCESS'>;

export interface TraceFilter {
  readonly extension: SbiName | 'all';
  readonly by: Answerer | 'all';
  readonly hart: number | 'all';
  readonly outcome: Outcome;
  /** Lower-case words that must all occur in the text of the call. */
  readonly text: string;
}

export const EVERYTHING: TraceFilter = { extension: 'all', by: 'all', hart: 'all', outcome: 'all', text: '' };

/** What the filter looks at beyond the event itself; both come from the SBI tables. */
export interface CallReader {
  extensionOf(call: CallEvent): SbiName | null;
  errorOf(call: CallEvent): string;
  textOf(call: CallEvent): string;
}

export function isEverything(filter: TraceFilter): boolean {
  return (Object.keys(EVERYTHING) as (keyof TraceFilter)[]).every((key) => filter[key] === EVERYTHING[key]);
}

/** A call that answered a guest's CSR write, or that never returned, counts as success. */
export function failed(call: CallEvent): boolean {
  return call.by === 'none' || (call.error !== null && call.by !== 'guest' && call.error !== 0n);
}

export function accepts(filter: TraceFilter, reader: CallReader): (call: CallEvent) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (call) => {
    if (filter.by !== 'all' && call.by !== filter.by) return false;
    if (filter.hart !== 'all' && call.hart !== filter.hart) return false;
    if (!hasOutcome(filter.outcome, reader, call)) return false;
    if (filter.extension !== 'all' && reader.extensionOf(call) !== filter.extension) return false;
    if (words.length === 0) return true;
    const text = reader.textOf(call).toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function hasOutcome(outcome: Outcome, reader: CallReader, call: CallEvent): boolean {
  switch (outcome) {
    case 'all':
      return true;
    case 'success':
      return !failed(call);
    case 'error':
      return failed(call);
    default:
      return reader.errorOf(call) === outcome;
  }
}
