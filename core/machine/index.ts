/** The composed machine: entry point for the worker and the command line. */
export * from './api.ts';
export { extensionsOf, type GuestResult, prepareGuest } from './guest.ts';
export { fromInputLog, type InputEvent, toInputLog } from './input.ts';
export { createMachine } from './machine.ts';
export { ENGINES, type EngineName } from './platform.ts';
export { type ProbeResult, probe } from './probe.ts';
