/** What the store knows of the trace: counters and what the user looks at. The events are in the rings. */
import type { TraceFormat } from '../../core/trace/formats.ts';
import { EVERYTHING, type TraceFilter } from './trace-filter.ts';

/** Which ioctls the log shows. */
export interface IoctlFilter {
  /** KVM_RUN drowns the rest where it is not wanted. */
  readonly withRuns: boolean;
  /** Lower-case or not: words that must all occur in the row. */
  readonly text: string;
  /** Whether the log takes the focus once it is shown. */
  readonly focus: boolean;
}

export interface TraceSlice {
  /** Grows when the rings changed, at most 30 times a second. */
  readonly version: number;
  /** Calls and ioctls received, dropped ones not counted. */
  readonly calls: number;
  readonly ioctls: number;
  readonly dropped: number;
  readonly filter: TraceFilter;
  readonly ioctlFilter: IoctlFilter;
  /** Running number of the selected call. */
  readonly selected: number | null;
  /** Whether the newest row stays in view. */
  readonly follow: boolean;
  /** The form in which it is saved. */
  readonly format: TraceFormat;
}

export const traceSlice: TraceSlice = {
  version: 0,
  calls: 0,
  ioctls: 0,
  dropped: 0,
  filter: EVERYTHING,
  ioctlFilter: { withRuns: true, text: '', focus: false },
  selected: null,
  follow: true,
  format: 'json',
};
