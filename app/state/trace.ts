/** What the store knows of the trace: counters and what the user looks at. The events are in the rings. */
import type { TraceFormat } from '../../core/trace/formats.ts';
import { EVERYTHING, type TraceFilter } from './trace-filter.ts';

export interface TraceSlice {
  /** Grows when the rings changed, at most 30 times a second. */
  readonly version: number;
  /** Calls and ioctls received, dropped ones not counted. */
  readonly calls: number;
  readonly ioctls: number;
  readonly dropped: number;
  readonly filter: TraceFilter;
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
  selected: null,
  follow: true,
  format: 'json',
};
