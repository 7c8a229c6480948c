/** What can be observed of a run: recording, counting, filtering and the stored forms. */
export * from './events.ts';
export { filterTrace, matches, type TraceFilter } from './filter.ts';
export { fromJsonLines, goldenLine, jsonHead, jsonLine, TRACE_VERSION, toGolden, toJsonLines } from './format.ts';
export { countKey, type TraceListener, TraceRecorder } from './recorder.ts';
export { TRACE_CAPACITY, TraceRing, type Unnumbered } from './ring.ts';
export * from './views.ts';
